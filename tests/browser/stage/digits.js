// How far the heights that the graphics card has are from those of the trace, in shares of their range.
(() => {
  const graph = document.querySelector(".pane-3d .stage-graph");
  const { traces, dataScale } = graph._fullLayout.scene._scene;
  const { _field, objectOffset } = traces.surface.surface;
  const heights = graph.data.find(({ uid }) => uid === "surface").z;
  const all = heights.flatMap((row) => Array.from(row));
  const range = Math.max(...all) - Math.min(...all);
  const off = heights.flatMap((row, j) =>
    // plotly frames its grid with one more row and column on every side.
    Array.from(row, (z, i) => Math.abs((_field[2].get(i + 1, j + 1) + objectOffset[2]) / dataScale[2] - z)),
  );
  return Math.max(...off) / range;
})();
