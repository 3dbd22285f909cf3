import assert from "node:assert/strict";
import test from "node:test";
import { beginningOf } from "../../../frontend/js/plot/drawn-points.js";
import { inflate } from "../../../frontend/js/wire/inflate.js";

const array = (data, shape) => ({ data: Float64Array.from(data), shape });
const window = [
  [0, 1],
  [0, 10],
];
const state = (exact, dataset) => ({
  doc: { problem: { kind: "network", dataset } },
  inspection: { meta: { outputs: { kind: "classes", window, exact } }, arrays: {} },
  data: {
    meta: { data: { class_names: ["0", "1"] } },
    arrays: inflate({
      "data.points": array([0.5, 2], [1, 2]),
      "data.targets": array([1], [1]),
      "data.test_points": array([1, 4], [1, 2]),
      "data.test_targets": array([0], [1]),
    }),
  },
});

test("drawing begins with all examples on show, those of the test set too, and room around them", () => {
  const [points, room] = beginningOf(state(true, { kind: "moons" }));
  const places = [
    [0.5, 2],
    [1, 4],
  ];
  assert.deepEqual(points, { x: places, y: [1, 0], inputs: 2, task: "classes" });
  assert.ok(room[0][0] < 0 && room[1][1] > 10);
});

test("a slice through more inputs is no plane to draw on: it begins empty", () => {
  assert.deepEqual(beginningOf(state(false, { kind: "iris" }))[0].x, []);
});

test("points that were drawn before stay as they are", () => {
  const dataset = { kind: "inline", x: [[0.123456, 2]], y: [[1]], task: "classes" };
  assert.deepEqual(beginningOf(state(true, dataset))[0].x, dataset.x);
});
