import assert from "node:assert/strict";
import test from "node:test";
import {
  barsOf,
  billRows,
  bytesSaid,
  closeUp,
  gaugeOf,
  memoryOf,
  rulesOf,
  scattered,
  squared,
  stepFacts,
  timeSaid,
} from "../../../frontend/js/model/step-breakdown.js";

test("a rule is told in symbols and in numbers", () => {
  const rules = rulesOf({
    lines: [
      { symbol: "v", arrow: "←", text: "μ v + g", numbers: "0.9 · 1 + 2 = 2.9" },
      { symbol: "p", arrow: "=", text: "H⁻¹ g", numbers: "" },
    ],
  });
  assert.deepEqual(rules, [
    { symbols: "v ← μ v + g", numbers: "v ← 0.9 · 1 + 2 = 2.9" },
    { symbols: "p = H⁻¹ g", numbers: "" },
  ]);
});

test("memory is told for what has a symbol and a value", () => {
  const before = [
    { name: "second_moment", symbol: "v", label: "averaged square", value: 1 },
    { name: "changes", symbol: "", label: "changes", value: null },
  ];
  const after = [
    { name: "second_moment", symbol: "v", label: "averaged square", value: 2 },
    { name: "changes", symbol: "", label: "changes", value: null },
  ];
  assert.deepEqual(memoryOf({ before, after }), [["v (averaged square)", "1 → 2"]]);
});

test("a step's length and change are told, rates where there are any", () => {
  const meta = { theta: 1, moved: -0.5, learning_rate: 0.1, factor: 1, change: -0.25 };
  const step = { data: [3, 4], shape: [2] };
  const facts = Object.fromEntries(
    stepFacts({ kind: "study", meta, arrays: { step, rates: { data: [0.1, 0.2], shape: [2] } } }, 1),
  );
  assert.equal(facts["effective rate here"], "0.2");
  assert.equal(facts["effective rates, all"], "0.1 to 0.2");
  assert.equal(facts["length of the step"], "5.00");
  assert.ok(
    !("effective rate here" in Object.fromEntries(stepFacts({ kind: "study", meta, arrays: { step } }, 1))),
  );
});

test("rules are ranked by what they do to the cost", () => {
  const bars = barsOf({
    own: "gd",
    steps: [
      { kind: "newton", label: "Newton", change: 8 },
      { kind: "gd", label: "Gradient descent", change: -1 },
      { kind: "adam", label: "Adam", change: -2 },
    ],
  });
  assert.deepEqual(
    bars.map(({ kind, share }) => [kind, share]),
    [
      ["adam", -1],
      ["gd", -0.5],
      ["newton", 1],
    ],
  );
  assert.ok(bars[1].own);
});

test("a close-up holds its arrows, and is not wider than the surface", () => {
  const extent = /** @type {import("../../../frontend/js/document/types.js").Extent} */ ([
    [-1, 1],
    [-1, 1],
  ]);
  const [[a0, a1], [b0, b1]] = closeUp([0.5, 0], [[0.1, 0.05]], extent, 0.5);
  assert.ok(a0 < 0.4 && a1 > 0.6 && b1 > 0.05);
  assert.ok(Math.abs((b1 - b0) / (a1 - a0) - 0.5) < 1e-12);
  const [[low, high]] = closeUp([0, 0], [[100, 0]], extent, 0.5);
  assert.deepEqual([low, high], [-1, 1]);
});

test("a surface is squared about its middle", () => {
  assert.deepEqual(
    squared([
      [0, 4],
      [0, 2],
    ]),
    [
      [0, 4],
      [-1, 3],
    ],
  );
});

test("a gauge ends at twice the bound, or beyond the rate", () => {
  assert.deepEqual(gaugeOf({ bound: 1, learning_rate: 0.5 }), { bound: 0.5, rate: 0.25, over: false });
  assert.equal(gaugeOf({ bound: 1, learning_rate: 10 })?.over, true);
  assert.equal(gaugeOf({ bound: null, learning_rate: 10 }), null);
});

test("bytes and times have their units", () => {
  assert.deepEqual([88, 88_200, 8e12, 8e18].map(bytesSaid), ["88 B", "88.2 kB", "8 TB", "8 EB"]);
  assert.deepEqual([5e-6, 0.02, 3, 7200, 31_557_600].map(timeSaid), [
    "5 µs",
    "20 ms",
    "3 s",
    "2 h",
    "1 years",
  ]);
});

test("a bill has a row for each number of weights", () => {
  const column = (/** @type {number[]} */ data) => ({ data, shape: [data.length] });
  const arrays = {
    parameters: column([10, 1e6]),
    bytes: column([800, 8e12]),
    operations: column([333, 3.3e17]),
    hessian_seconds: column([1e-3, 1]),
    solve_seconds: column([1e-3, 1]),
  };
  assert.deepEqual(billRows({ kind: "study", meta: {}, arrays })[0], [
    "10 (here, measured)",
    "800 B",
    "333",
    "2 ms",
  ]);
});

test("scattered points are kept apart by gaps", () => {
  const { x, y } = scattered([1, 2, 3, 4]);
  assert.deepEqual(Array.from(x), [1, NaN, 3, NaN]);
  assert.deepEqual(Array.from(y), [2, NaN, 4, NaN]);
});
