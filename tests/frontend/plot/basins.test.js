import assert from "node:assert/strict";
import test from "node:test";
import { basinScale, basinSurface, basinsOf, colorIn } from "../../../frontend/js/plot/basins.js";
import { heightsOf } from "../../../frontend/js/plot/heights.js";
import { runOf, sliceState } from "../page-state.js";
import { surfaceOf } from "../sampled-surface.js";

const array = (values, shape = [values.length]) => ({ data: Float64Array.from(values), shape });
/** Four tiles over [−1, 1]²: two minima, one reached late, and nowhere. */
const minima = {
  kind: "study",
  meta: { of: "minima", optimizer: 0, against: null, steps: 9 },
  arrays: {
    a: array([-1, 1]),
    b: array([-1, 1]),
    label: array([0, 1, -1, 1], [2, 2]),
    arrival: array([0, 9, -1, 0], [2, 2]),
  },
};
const costs = {
  kind: "study",
  meta: { of: "costs", optimizer: 0, against: null, steps: 30 },
  arrays: { a: array([-1, 1]), b: array([-1, 1]), cost: array([0.01, 0.1, 1, Infinity], [2, 2]) },
};
const state = (basins, more = {}) =>
  sliceState({
    runs: [],
    problem: { exact: true },
    doc: { view: { overlays: { basins: "minima" } } },
    found: { basins },
    live: null,
    ...more,
  });
/** The cost a + 2b + 4 on a grid of three by three. */
const surface = surfaceOf((a, b) => a + 2 * b + 4, { columns: 3, rows: 3 });
const drawn = (basins, height) => basinSurface(surface, heightsOf(surface.height[height]), basins);

test("basins are shown where they are wanted, and are made once", () => {
  assert.equal(basinsOf(state(minima)), basinsOf(state(minima)));
  assert.equal(basinsOf(state(minima, { live: {} })), null);
  assert.equal(basinsOf(state(minima, { doc: { view: {} } })), null);
  assert.equal(basinsOf(state(null)), null);
});

test("each tile has its minimum's colour, darker the later, and grey for none", () => {
  const { colors } = basinsOf(state(minima));
  assert.deepEqual(colors, ["#b3a767", "#383755", "#6b7078", "#5e5598"]);
  const box = { low: [-1, -1, 0], high: [1, 1, 1], size: [1, 1, 1] };
  assert.equal(colorIn(basinsOf(state(minima)), box, [0.2, 0.9]), "#6b7078");
});

test("a minimum that a run ends in has the run's colour, and no other has it", () => {
  const run = {
    ...runOf("Adam", [1, 2]),
    color: "#56b4e9",
    a: Float64Array.of(0, -0.7),
    b: Float64Array.of(0, -0.6),
  };
  assert.deepEqual(basinsOf(state(minima, { runs: [run] })).own, ["#56b4e9", "#ddcc77"]);
  assert.deepEqual(basinsOf(state(minima, { runs: [{ ...run, status: "diverged" }] })).own, [
    "#ddcc77",
    "#6f63b6",
  ]);
});

test("in 3D the surface keeps its heights and changes colour only at the tiles' edges", () => {
  const { x, y, z, surfacecolor, cmin, cmax } = drawn(basinsOf(state(minima)), "linear");
  assert.deepEqual(
    [...x],
    [-1, -0.002, 0.002, 1],
    "the sample on the edge gives way to one at each side of it",
  );
  y.forEach((b, row) =>
    x.forEach((a, column) => assert.ok(Math.abs(z[row][column] - (a + 2 * b + 4)) < 1e-6)),
  );
  assert.deepEqual([cmin, cmax], [0, 3]);
  assert.deepEqual(
    surfacecolor.map((row) => [...row].map(Math.floor)),
    [
      [0, 0, 1, 1],
      [0, 0, 1, 1],
      [2, 2, 1, 1],
      [2, 2, 1, 1],
    ],
  );
  assert.ok(surfacecolor[0][3] > surfacecolor[3][3], "later is darker");
});

test("on a log axis heights between samples lie on the surface as it is drawn", () => {
  const { x, z } = drawn(basinsOf(state(minima)), "log");
  const place = (Math.log10(1) * (0 - x[1]) + Math.log10(2) * (x[1] + 1)) / 1;
  assert.ok(Math.abs(Math.log10(z[0][1]) - place) < 1e-6);
});

test("its colour scale ascends from end to end, a stretch for each minimum", () => {
  for (const frame of [minima, costs]) {
    const { colorscale } = drawn(basinsOf(state(frame)), "linear");
    assert.deepEqual([colorscale[0][0], colorscale.at(-1)[0]], [0, 1]);
    colorscale.slice(1).forEach(([at], k) => assert.ok(at > colorscale[k][0]));
  }
});

test("the scale says it where no start arrives anywhere", () => {
  const none = { ...minima, arrays: { ...minima.arrays, label: array([-1, -1, -1, -1], [2, 2]) } };
  const lost = { ...costs, arrays: { ...costs.arrays, cost: array([NaN, NaN, NaN, NaN], [2, 2]) } };
  assert.equal(basinScale(basinsOf(state(none))).words, "no start comes to a minimum");
  assert.equal(basinScale(basinsOf(state(lost))).words, "every start diverges");
});

test("the scale under the picture says what the colours stand for", () => {
  assert.equal(
    basinScale(basinsOf(state(minima))).words,
    "the minimum reached, darker the later; grey: none",
  );
  const said = basinScale(basinsOf(state(costs, { problem: { exact: false } })));
  assert.deepEqual([said.low, said.high, said.words], ["0.01", "1", "cost after 30 steps from there, log"]);
});
