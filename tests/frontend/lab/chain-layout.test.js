import assert from "node:assert/strict";
import test from "node:test";
import {
  chainOf,
  layoutOf,
  leastWidth,
  MOST_UNITS,
  nearestExample,
  shadeOf,
  strokeOf,
  unitSaid,
  weightName,
  widthsOf,
} from "../../../frontend/js/lab/chain-layout.js";
import { inflate } from "../../../frontend/js/wire/inflate.js";

const array = (/** @type {number[]} */ data, /** @type {number[]} */ shape) => ({
  data: Float64Array.from(data),
  shape,
});

/** 2 → 1 → 1 with round numbers. */
const frame = {
  kind: "study",
  meta: {
    passed: {
      example: 3,
      loss: 0.5,
      layers: [
        { name: "layer 1", activation: "tanh", formula: "", function: "tanh" },
        { name: "layer 2", activation: "linear", formula: "", function: "z" },
      ],
    },
    cost: 0.25,
    examples: 10,
  },
  arrays: inflate({
    "passed.x": array([1, -2], [2]),
    "passed.y": array([0], [1]),
    "passed.residual": array([0.5], [1]),
    "passed.layers.0.z": array([4], [1]),
    "passed.layers.0.a": array([0.5], [1]),
    "passed.layers.1.z": array([1], [1]),
    "passed.layers.1.a": array([1], [1]),
    "network.0.weights": array([2, -1], [1, 2]),
    "network.0.biases": array([0], [1]),
    "network.1.weights": array([2], [1, 1]),
    "network.1.biases": array([0], [1]),
    "places.0.weights": array([0, 1], [1, 2]),
    "places.0.biases": array([2], [1]),
    "places.1.weights": array([3], [1, 1]),
    "places.1.biases": array([4], [1]),
  }),
};

test("a chain is read layer by layer", () => {
  const chain = chainOf(frame, { run: 0, step: 0 });
  assert.deepEqual(widthsOf(chain), [2, 1, 1]);
  assert.equal(chain.example, 3);
  assert.deepEqual(Array.from(chain.layers[0].places), [0, 1]);
});

test("a unit's value is spelt out in its numbers", () => {
  const said = unitSaid(chainOf(frame, { run: 0, step: 0 }), 0, 0);
  assert.equal(said.z, "z = 2 · 1 + (−1) · (−2) + 0 = 4");
  assert.equal(said.a, "a = σ(z) = 0.5");
});

test("a layout holds every unit inside its box, and counts those left out", () => {
  const box = { width: 600, height: 400 };
  const layout = layoutOf([2, 30, 8, 1], box);
  assert.equal(layout.units.filter(({ column }) => column === 1).length, MOST_UNITS);
  assert.deepEqual(
    layout.rest.map(({ more }) => more),
    [30 - MOST_UNITS],
  );
  for (const { x, y } of layout.units) {
    assert.ok(x - layout.tile / 2 >= 0 && x + layout.tile / 2 <= box.width);
    assert.ok(y - layout.tile / 2 >= 0 && y + layout.tile / 2 <= box.height);
  }
  assert.equal(layout.weights.length, 2 * MOST_UNITS + MOST_UNITS * 8 + 8);
  assert.equal(layout.columns.length, 5);
});

test("the last layer of a deep chain stands clear of the cost, and of a short one all columns are as far apart", () => {
  const widths = [2, ...Array(12).fill(4), 1];
  const { columns, tile } = layoutOf(widths, { width: leastWidth(widths), height: 200 });
  assert.ok(columns[14] - 37 >= columns[13] + tile / 2);
  const short = layoutOf([2, 4, 1], { width: 600, height: 200 }).columns;
  assert.deepEqual(short, [75, 225, 375, 525]);
});

test("units of a layer do not overlap", () => {
  const layout = layoutOf([2, 12, 1], { width: 500, height: 360 });
  const column = layout.units.filter((unit) => unit.column === 1).map(({ y }) => y);
  for (let k = 1; k < column.length; k += 1) assert.ok(column[k] - column[k - 1] >= layout.tile);
});

test("a stroke grows with its weight, whatever the sign", () => {
  assert.equal(strokeOf(-2, 2), strokeOf(2, 2));
  assert.ok(strokeOf(1, 2) < strokeOf(2, 2));
  assert.ok(strokeOf(0, 0) > 0);
});

test("responses are shaded about their own middle", () => {
  assert.deepEqual(Array.from(shadeOf([-2, 0, 1], "tanh")), [0, 0.5, 0.75]);
  assert.deepEqual(Array.from(shadeOf([0.25], "sigmoid")), [0.25]);
});

test("weights are named as formulas have it", () => {
  assert.equal(weightName(1, 2, 0), "w²₃₁");
  assert.equal(weightName(0, 11, 0), "w¹₁₂,₁");
});

test("the nearest example is found in pixels", () => {
  const near = nearestExample([0, 0, 1, 1, 2, 0], (x, y) => [10 * x, 10 * y], [11, 8]);
  assert.equal(near.example, 1);
  assert.ok(Math.abs(near.distance - Math.sqrt(5)) < 1e-12);
});
