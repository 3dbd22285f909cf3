import assert from "node:assert/strict";
import { test } from "node:test";
import { boxOf } from "../../../frontend/js/plot/camera.js";
import {
  CONFIG,
  contourLayout,
  contourSize,
  contourTrace,
  drawnRows,
  pathTraces,
  sceneLayout,
  surfaceTrace,
} from "../../../frontend/js/plot/figure.js";
import { heightsOf } from "../../../frontend/js/plot/heights.js";
import { trackOf } from "../../../frontend/js/plot/track.js";
import { bowl, surfaceOf, walk } from "../sampled-surface.js";

const surface = surfaceOf((a, b) => 0.01 + bowl(a, b), { columns: 5, rows: 3 });
const log = heightsOf(surface.height.log);
const linear = heightsOf(surface.height.linear);
const camera = { eye: [1, 1, 1], center: [0, 0, -0.1] };
const sides = /** @type {[[number, number], [number, number]]} */ ([
  [-1, 1],
  [-1, 1],
]);
const tracesOf = (runs) =>
  pathTraces(
    runs,
    runs.map((run) => trackOf(run, boxOf(sides, linear), linear)),
  );

test("the surface's rows are those of b, its heights the costs themselves", () => {
  const { x, y, z } = surfaceTrace(surface, linear);
  assert.equal(z.length, 3);
  z.forEach((row, j) =>
    row.forEach((cost, i) => assert.ok(Math.abs(cost - (0.01 + bowl(x[i], y[j]))) < 1e-6)),
  );
});

test("a log axis is the axis' affair: costs stay costs, only colours are logarithms", () => {
  const trace = surfaceTrace(surface, log);
  assert.ok(Math.abs(trace.z[1][2] - 0.01) < 1e-8);
  assert.ok(Math.abs(trace.surfacecolor[1][2] + 2) < 1e-6);
  assert.deepEqual([trace.cmin, trace.cmax], [log.low, log.high]);
  assert.equal(
    sceneLayout(
      boxOf(
        [
          [-1, 1],
          [-1, 1],
        ],
        log,
      ),
      log,
      camera,
      { width: 1, height: 1 },
    ).scene.zaxis.type,
    "log",
  );
});

test("surface and paths share one axis, which the surface does not leave", () => {
  const wild = surfaceOf((a) => (a > 0.5 ? Infinity : a < -0.5 ? NaN : 1), { columns: 5, rows: 3 });
  const rows = drawnRows(wild, [0, 2]);
  assert.deepEqual([...rows[0]], [NaN, 1, 1, 1, 2]);
  const layout = sceneLayout(
    boxOf(
      [
        [-1, 1],
        [-1, 1],
      ],
      linear,
    ),
    linear,
    camera,
    { width: 800, height: 600 },
  );
  assert.deepEqual(layout.scene.zaxis.range, [linear.low, linear.high]);
  assert.deepEqual(layout.scene.camera, {
    eye: { x: 1, y: 1, z: 1 },
    center: { x: 0, y: 0, z: -0.1 },
    up: { x: 0, y: 0, z: 1 },
  });
});

test("a path is drawn at its true cost, as far as it has arrived, in its run's colour", () => {
  const run = walk(
    [
      [0.5, 0, 0.26],
      [0.25, 0, 0.07],
      [0, 0, 0.01],
    ],
    { projectedCost: new Float64Array(512).fill(9), color: "#123456" },
  );
  const [trace] = tracesOf([run]);
  assert.deepEqual(
    [[...trace.x], [...trace.y], [...trace.z]],
    [
      [0.5, 0.25, 0],
      [0, 0, 0],
      [0.26, 0.07, 0.01],
    ],
  );
  assert.equal(trace.line.color, "#123456");
});

test("a path of a thousand entries is drawn whole, a longer one through those that can be told apart", () => {
  const standing = (/** @type {number} */ count) => {
    const a = Float64Array.from({ length: count }, (_, k) => (k < count - 2 ? 0.5 : 0.25));
    return { ...walk([]), a, b: new Float64Array(count), cost: new Float64Array(count).fill(0.26), count };
  };
  assert.equal(tracesOf([standing(1000)])[0].x.length, 1000);
  const [{ x, y, z }] = tracesOf([standing(1001)]);
  assert.deepEqual([[...x], y.length, z.length], [[0.5, 0.25, 0.25], 3, 3]);
});

test("contour lines are the service's, to the axis' end, closer from above where it says so", () => {
  const axis = { ...surface.height.linear, scene_lines: [0, 0.2], map_lines: [0, 0.05] };
  const drawn = heightsOf(axis);
  const { start, end, size } = surfaceTrace(surface, drawn).contours.z;
  assert.deepEqual([start, end, size], [0, drawn.high, 0.2]);
  assert.equal(contourTrace(surface, drawn).contours.size, 0.05);
});

test("the map's colours and lines are those of the 3D surface", () => {
  const trace = contourTrace(surface, log);
  assert.ok(Math.abs(trace.z[1][2] + 2) < 1e-6);
  assert.deepEqual([trace.zmin, trace.zmax], [log.low, log.high]);
  assert.deepEqual(trace.colorscale, surfaceTrace(surface, log).colorscale);
});

test("the map has one scale for both directions, in any pane", () => {
  for (const [width, height] of [
    [804, 600],
    [390, 700],
    [200, 180],
  ]) {
    const size = contourSize(
      [
        [-2, 6],
        [0, 4],
      ],
      width,
      height,
    );
    const { l, r, t, b } = size.margin;
    const [across, down] = [(size.width - l - r) / 8, (size.height - t - b) / 4];
    assert.ok(Math.abs(across - down) < 0.3, `${across} and ${down} pixels a unit`);
    assert.ok(size.width <= width && size.height <= height);
  }
});

test("a title that is longer than its plot loses its share, then its end", () => {
  const { text } = contourLayout(
    [
      [0, 1],
      [0, 1],
    ],
    ["curvature 0.304 (3 %)", "from point 1 to point 2 (41 %)"],
    contourSize(
      [
        [0, 1],
        [0, 1],
      ],
      160,
      160,
    ),
    { text: "#000", line: "#ccc" },
  ).xaxis.title;
  assert.equal(text, "curvature 0.304");
  const tall = contourLayout(
    [
      [0, 1],
      [0, 1],
    ],
    ["a", "from point 1 to point 2 (41 %)"],
    contourSize(
      [
        [0, 1],
        [0, 1],
      ],
      150,
      150,
    ),
    { text: "#000", line: "#ccc" },
  ).yaxis.title;
  assert.match(tall.text, /^from point 1.*…$/);
});

test("a learner's words reach no title as markup", () => {
  const layout = contourLayout(
    [
      [0, 1],
      [0, 1],
    ],
    ["<a href=x>w</a>", "b"],
    contourSize(
      [
        [0, 1],
        [0, 1],
      ],
      500,
      500,
    ),
    { text: "#000", line: "#ccc" },
  );
  assert.equal(layout.xaxis.title.text, "&lt;a href=x>w&lt;/a>");
  assert.equal(tracesOf([walk([[0, 0, 1]], { label: "<b>" })])[0].name, "&lt;b>");
});

test("nothing can be sent to anybody's cloud", () => {
  assert.equal(CONFIG.showSendToCloud, false);
  assert.equal(CONFIG.plotlyServerURL, "");
});
