import assert from "node:assert/strict";
import test from "node:test";
import { costTraces, thinned } from "../../frontend/js/curves.js";
import { runOf } from "./page-state.js";

test("a short curve is drawn whole", () => {
  assert.deepEqual(thinned([3, 2, 1], 3), [0, 1, 2]);
});

test("a long curve keeps its ends, its order and its highest spike", () => {
  const values = Array.from({ length: 10_000 }, (_, k) => 1 / (1 + k));
  values[6321] = 50;
  const kept = thinned(values, values.length);
  assert.ok(kept.length <= 1000, `kept ${kept.length}`);
  assert.ok(kept.includes(6321) && kept.includes(0) && kept.includes(9_999));
  assert.ok(kept.every((index, k) => k === 0 || index > kept[k - 1]));
});

test("a cost of zero is a gap on a log axis and a zero on a linear one", () => {
  const runs = [runOf("GD", [1, 0, 0.5])];
  assert.deepEqual(costTraces(runs, { log: true, lifted: null })[0].y, [1, null, 0.5]);
  assert.deepEqual(costTraces(runs, { log: false, lifted: null })[0].y, [1, 0, 0.5]);
});
