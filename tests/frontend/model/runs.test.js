import assert from "node:assert/strict";
import test from "node:test";
import { appendSteps, emptyRun, entryAt, firstEntries } from "../../../frontend/js/model/runs.js";

const frame = (first, cost) => ({
  kind: "steps",
  meta: { run: 0, first, count: cost.length },
  arrays: {
    path: { data: Float32Array.from(cost.flatMap((value) => [value, -value])), shape: [cost.length, 2] },
    cost: { data: Float64Array.from(cost), shape: [cost.length] },
  },
});

test("frames append, and grow the arrays past their first capacity", () => {
  const run = emptyRun({ label: "GD", kind: "gd" }, 0);
  appendSteps(run, frame(0, [1, 2]));
  appendSteps(
    run,
    frame(
      2,
      Array.from({ length: 2000 }, (_, k) => k),
    ),
  );
  assert.equal(run.count, 2002);
  assert.deepEqual([run.cost[1], run.cost[2001], run.a[1], run.b[1]], [2, 1999, 2, -2]);
});

test("a frame that goes back replaces what followed", () => {
  const run = emptyRun({ label: "GD", kind: "gd" }, 0);
  appendSteps(run, frame(0, [1, 2, 3, 4]));
  appendSteps(run, frame(2, [7]));
  assert.equal(run.count, 3);
  assert.equal(run.cost[2], 7);
});

test("a frame that leaves a gap is refused", () => {
  assert.throws(
    () => appendSteps(emptyRun({ label: "GD", kind: "gd" }, 0), frame(3, [1])),
    /begin at step 0 or before, got 3/,
  );
});

test("the first entries are a copy", () => {
  const run = emptyRun({ label: "GD", kind: "gd" }, 0);
  appendSteps(run, frame(0, [1, 2, 3]));
  const kept = firstEntries(run, 2);
  appendSteps(kept, frame(2, [9]));
  assert.deepEqual([run.cost[2], kept.cost[2], kept.count], [3, 9, 3]);
});

test("a run that ended early stays at its last entry", () => {
  const run = emptyRun({ label: "GD", kind: "gd" }, 0);
  assert.equal(entryAt(run, 5), -1);
  appendSteps(run, frame(0, [1, 2, 3]));
  assert.deepEqual([entryAt(run, 1), entryAt(run, 50)], [1, 2]);
});
