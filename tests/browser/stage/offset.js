// The largest distance in pixels between where WebGL draws a point and where camera.js says it is drawn.
(async () => {
  const { cameraOf, projector, toScene } = await import("./js/plot/camera.js");
  const scene = document.querySelector(".pane-3d .stage-graph")._fullLayout.scene._scene;
  const { model, view, projection } = scene.glplot.cameraParams;
  const { xaxis, yaxis, zaxis, aspectratio } = scene.fullSceneLayout;
  const { clientWidth: width, clientHeight: height } = document.querySelector(".pane-3d");
  const ends = [xaxis, yaxis, zaxis].map(({ range }) => range);
  const box = {
    low: ends.map(([low]) => low),
    high: ends.map(([, high]) => high),
    size: [aspectratio.x, aspectratio.y, aspectratio.z],
  };
  const times = (matrix, vector) => [0, 1, 2, 3].map((i) => vector.reduce((sum, part, j) => sum + matrix[4 * j + i] * part, 0));
  const { project } = projector(cameraOf(view, 1), width, height);
  const offsets = Array.from({ length: 50 }, (_, k) => {
    const point = ends.map(([low, high], axis) => low + (high - low) * (0.5 + 0.5 * Math.sin(k * (axis + 1.3))));
    const scaled = point.map((part, axis) => part * scene.dataScale[axis]);
    const [x, y, , w] = times(projection, times(view, times(model, [...scaled, 1])));
    const [left, top] = project(toScene(box, ...point));
    return Math.hypot(left - ((x / w + 1) / 2) * width, top - ((1 - y / w) / 2) * height);
  });
  return Math.max(...offsets);
})();
