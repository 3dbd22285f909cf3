// What scene.js reaches for inside plotly's 3D scene, each as a fact.
(() => {
  const { traces, glplot } = document.querySelector(".pane-3d .stage-graph")._fullLayout.scene._scene;
  const { surface } = traces;
  return {
    "single traces can be updated": ["surface", "run-0", "run-1"].every((uid) => typeof traces[uid].update === "function"),
    "the grid is drawn as it is": surface.refineData === false && surface.surface._vertexCount === 6 * 100 * 100,
    "contour lines are blended": Object.hasOwn(surface.surface, "draw"),
    "the light can be placed": Array.isArray(surface.surface.lightPosition) && glplot.cameraParams.projection.length === 16,
    "translucent surfaces are lifted": Object.hasOwn(surface.surface, "drawTransparent"),
    "nothing is drawn for picking": glplot.objects.every((object) => object.pickSlots === 0),
    "the frame's view matrix is known": glplot.cameraParams.view.length === 16,
  };
})();
