import assert from "node:assert/strict";
import test from "node:test";
import { heldPartOf, heldTo, heldToGiven, PARTS } from "../../../frontend/js/classroom/parts.js";

const DOC = {
  version: 2,
  problem: {
    kind: "network",
    dataset: { kind: "moons", n: 80 },
    hidden: [8],
    activation: "tanh",
    cost: "bce",
  },
  runs: [
    {
      optimizer: { kind: "gd", learning_rate: 0.1 },
      batch_size: null,
      start: null,
      init_seed: null,
      schedule: null,
    },
    {
      optimizer: { kind: "adam", learning_rate: 0.05, beta1: 0.9 },
      batch_size: 16,
      start: null,
      init_seed: null,
    },
  ],
  start: { kind: "init" },
  seed: 0,
  steps: 300,
  edits: [],
  view: { plane: null, grid: { resolution: 101 }, stage: "3d" },
};
const [GD, ADAM] = DOC.runs;
/** @param {number} run @param {any} more */
const withRun = (run, more) => ({
  ...DOC,
  runs: DOC.runs.map((one, k) => (k === run ? { ...one, ...more } : one)),
});

/** One change of each part, and nothing else of it. */
const CHANGED = {
  problem: { ...DOC, problem: { ...DOC.problem, dataset: { kind: "circles" } } },
  network: { ...DOC, problem: { ...DOC.problem, hidden: [3, 3] } },
  start: { ...DOC, seed: 7 },
  runs: { ...DOC, runs: [GD] },
  optimizer: withRun(0, { optimizer: { kind: "momentum" } }),
  rate: withRun(1, { optimizer: { ...ADAM.optimizer, learning_rate: 0.5 } }),
  batch: withRun(1, { batch_size: 1 }),
  details: withRun(1, { optimizer: { ...ADAM.optimizer, beta1: 0.5 } }),
  weights: { ...DOC, edits: [{ step: 3, run: 0, set: { 4: 1 } }] },
  steps: { ...DOC, steps: 20 },
  plane: { ...DOC, view: { ...DOC.view, plane: { kind: "random" } } },
};

test("there is a change of every part", () => {
  assert.deepEqual(
    Object.keys(CHANGED),
    PARTS.map(({ name }) => name),
  );
});

for (const [name, changed] of Object.entries(CHANGED)) {
  test(`${name}, held, is put back; with all else held it may change`, () => {
    const { doc, kept } = heldTo(changed, DOC, { [name]: "fixed" });
    assert.deepEqual(doc, DOC);
    assert.deepEqual(kept, [name]);
    assert.deepEqual(heldTo(changed, DOC, { [name]: "hidden" }).doc, DOC);
    const others = Object.fromEntries(Object.keys(CHANGED).map((part) => [part, "fixed"]));
    delete others[name];
    const free = heldTo(changed, DOC, others);
    assert.deepEqual(free.doc, changed);
    assert.deepEqual(free.kept, []);
  });
}

test("what is held comes back, and what is free goes through", () => {
  const both = { ...CHANGED.rate, steps: 20 };
  const { doc, kept } = heldTo(both, DOC, { rate: "fixed" });
  assert.deepEqual(doc, { ...DOC, steps: 20 });
  assert.deepEqual(kept, ["rate"]);
});

test("another rule begins at its own rate, and one more run is like those that are there", () => {
  const other = { optimizer: { kind: "momentum", learning_rate: 0.02 } };
  assert.deepEqual(heldTo(withRun(0, other), DOC, { rate: "fixed" }).doc, withRun(0, other));
  const copied = { ...DOC, runs: [...DOC.runs, { ...GD }] };
  assert.deepEqual(heldTo(copied, DOC, { rate: "fixed", batch: "fixed", optimizer: "fixed" }).doc, copied);
  const swept = { ...DOC, runs: [...DOC.runs, { ...GD, optimizer: { kind: "gd", learning_rate: 9 } }] };
  const { doc } = heldTo(swept, DOC, { rate: "fixed", optimizer: "fixed" });
  assert.equal(doc.runs[2].optimizer.learning_rate, 0.1);
});

test("an edit on the way must not touch what is held, and those of before stay", () => {
  assert.equal(heldPartOf({ set: { 1: 2 } }, { weights: "hidden" }), "weights");
  assert.equal(heldPartOf({ optimizer: { kind: "gd" } }, { rate: "fixed" }), "rate");
  assert.equal(heldPartOf({ optimizer: { kind: "gd" } }, { weights: "fixed" }), null);
  const before = { ...DOC, edits: [{ step: 1, run: 0, set: { 0: 1 } }] };
  const changed = { ...before, edits: [...before.edits, { step: 2, run: 0, optimizer: { kind: "gd" } }] };
  assert.deepEqual(heldTo(changed, before, { weights: "fixed", optimizer: "fixed" }).doc, before);
});

test("by any way that it was come to, a run is like one that was given, or of another rule", () => {
  const holds = /** @type {const} */ ({ rate: "fixed", optimizer: "fixed", batch: "fixed" });
  for (const runs of [[ADAM, ADAM], [ADAM, GD], [ADAM], [GD, ADAM, GD]])
    assert.deepEqual(heldToGiven({ ...DOC, runs }, DOC, holds), { doc: { ...DOC, runs }, kept: [] });
  assert.deepEqual(heldToGiven({ ...DOC, runs: [ADAM, GD] }, DOC, { ...holds, runs: "fixed" }).kept, [
    "optimizer",
    "batch",
  ]);
  const back = withRun(0, { optimizer: { kind: "gd", learning_rate: 0.3 } });
  assert.deepEqual(heldToGiven(back, DOC, { rate: "fixed" }), { doc: DOC, kept: ["rate"] });
});

test("a run that goes takes no edit of another’s with it", () => {
  const edit = { step: 1, run: 1, optimizer: { kind: "adam" } };
  const changed = { ...DOC, runs: [ADAM], edits: [{ ...edit, run: 0 }] };
  const before = { ...DOC, edits: [edit] };
  assert.deepEqual(heldTo(changed, before, { rate: "fixed" }), { doc: changed, kept: [] });
});
