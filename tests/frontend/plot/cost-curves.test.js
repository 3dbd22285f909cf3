import assert from "node:assert/strict";
import test from "node:test";
import {
  axisEnd,
  axisTitle,
  costLayout,
  costTraces,
  entryAfter,
  suitLog,
  thinned,
} from "../../../frontend/js/plot/cost-curves.js";
import { runOf } from "../page-state.js";

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

test("curves suit a log axis where they go above zero and not below", () => {
  const suits = (...costs) =>
    suitLog(costTraces([runOf("GD", [0, 0]), runOf("Adam", costs)], { lifted: null }));
  assert.deepEqual([suits(1, 0, 0.5), suits(1, -0.25, 0.5), suits(0, 0)], [true, false, false]);
});

/** One run whose steps took one, three and two gradients of ten examples each. */
function searched() {
  const run = runOf("L-BFGS", [4, 2, 1, 0.5]);
  run.evaluations.set([0, 1, 4, 6]);
  run.examples.set([0, 10, 40, 60]);
  return run;
}

test("costs are compared by what each run has spent", () => {
  const runs = [runOf("GD", [4, 3]), searched()];
  assert.deepEqual(costTraces(runs, { lifted: null })[1].x, [0, 1, 2, 3]);
  assert.deepEqual(costTraces(runs, { lifted: null, by: "examples" })[1].x, [0, 10, 40, 60]);
  assert.equal(axisEnd(runs, "steps", 300), 300);
  assert.equal(axisEnd(runs, "evaluations", 300), 6);
});

test("a place on the axis is the last entry that had not spent more", () => {
  assert.deepEqual(
    [0, 0.9, 1, 3.9, 4, 100].map((amount) => entryAfter(searched(), "evaluations", amount)),
    [0, 0, 1, 1, 2, 3],
  );
});

test("the cost on the test set is dotted beside its run, in the run's colour", () => {
  const run = runOf("Adam", [4, 2]);
  run.tested = true;
  run.testCost.set([5, 3]);
  const [train, tested] = costTraces([run], { lifted: null });
  assert.deepEqual(
    [tested.y, tested.line.color, tested.line.dash, tested.meta.run],
    [[5, 3], train.line.color, "dot", 0],
  );
});

test("numbers on the log axis are few, round and inside", () => {
  const traces = costTraces([runOf("GD", [0.13, 0.004])], { lifted: null });
  const { yaxis } = costLayout({ log: true, end: 300, traces, colors: { text: "", line: "", panel: "" } });
  assert.deepEqual(yaxis.ticktext, ["0.005", "0.01", "0.02", "0.05", "0.1"]);
  assert.ok(yaxis.range[0] < Math.log10(0.004) && yaxis.range[1] > Math.log10(0.13));
});

test("of recorded runs the axis counts checkpoints, and says so", () => {
  const recorded = { recorded: { sha256: "" } };
  assert.equal(axisTitle("steps", [{}, { recorded: null }]), "step");
  assert.equal(axisTitle("steps", [recorded]), "checkpoint");
  assert.equal(axisTitle("steps", [recorded, {}]), "step; of recorded runs, checkpoint");
  assert.equal(axisTitle("evaluations", [recorded]), "gradients computed");
  const hovered = costTraces([runOf("run.zip", [2, 1]), runOf("Adam", [2, 1])], {
    lifted: null,
    specs: [recorded, {}],
  });
  assert.deepEqual(
    hovered.map(({ hovertemplate }) => hovertemplate.split(":")[0]),
    ["checkpoint %{x}", "step %{x}"],
  );
});
