import assert from "node:assert/strict";
import test from "node:test";
import { changeOf, OPENED, openingOf } from "../../../frontend/js/document/change-words.js";

const RATE = { name: "learning_rate", label: "learning rate" };
const CATALOG = /** @type {any} */ ({
  optimizers: [
    { kind: "gd", label: "Gradient descent", fields: [RATE] },
    { kind: "adam", label: "Adam", fields: [RATE] },
  ],
  problems: [{ kind: "network", label: "Network", fields: [{ name: "activation", label: "activation" }] }],
  datasets: [
    { kind: "moons", label: "Moons", fields: [{ name: "noise", label: "noise" }] },
    { kind: "xor", label: "XOR", fields: [] },
  ],
  run: [{ name: "batch_size", label: "batch size" }],
  experiment: [{ name: "steps", label: "steps" }],
  experiments: [],
  defaults: {},
});

const DOC = /** @type {any} */ ({
  problem: { kind: "network", dataset: { kind: "moons", noise: 0.1 }, hidden: [8, 8], activation: "tanh" },
  runs: [
    { optimizer: { kind: "adam", learning_rate: 0.05 }, batch_size: 16, label: null },
    { optimizer: { kind: "gd", learning_rate: 0.5 }, batch_size: null, label: "slow" },
  ],
  start: { kind: "init" },
  steps: 200,
  seed: 0,
  edits: [],
  view: { plane: null, grid: { resolution: 101, extent: "fit" }, tab: "cost", run: 0 },
});

/** @param {Record<string, any>} patch */
const said = (patch) => changeOf(DOC, { ...DOC, ...patch }, CATALOG)?.words ?? null;
/** @param {number} index @param {Record<string, any>} patch */
const run = (index, patch) => ({
  runs: DOC.runs.map((/** @type {any} */ each, /** @type {number} */ k) =>
    k === index ? { ...each, ...patch } : each,
  ),
});

test("how a document is drawn, and what the service fills in, is nothing that was done", () => {
  assert.equal(said({ view: { ...DOC.view, tab: "network", run: 1, camera: { eye: { x: 1 } } } }), null);
  assert.equal(said(run(0, { clip: null, optimizer: { ...DOC.runs[0].optimizer, beta1: 0.9 } })), null);
});

test("a knob of a run says whose it is, and from where it was turned to where", () => {
  const rate = { optimizer: { kind: "adam", learning_rate: 0.1 } };
  assert.deepEqual(changeOf(DOC, { ...DOC, ...run(0, rate) }, CATALOG), {
    of: "runs.0.optimizer.learning_rate",
    words: "learning rate of Adam, 0.05 to 0.1",
  });
  const named = { optimizer: { kind: "gd", learning_rate: 0.1 }, label: "fast" };
  assert.equal(said(run(1, named)), "learning rate of slow, 0.5 to 0.1");
  assert.equal(said(run(1, { label: "fast" })), "label of slow, slow to fast");
  assert.equal(said(run(1, { batch_size: 4 })), "batch size of slow, none to 4");
  assert.equal(said(run(0, { optimizer: { kind: "gd" } })), "Gradient descent in place of Adam");
});

test("runs come and go by name", () => {
  assert.equal(said({ runs: [...DOC.runs, { optimizer: { kind: "gd" } }] }), "adding Gradient descent");
  assert.equal(said({ runs: [DOC.runs[1]] }), "removing Adam");
  assert.equal(said({ runs: [DOC.runs[0]] }), "removing slow");
});

test("starts, steps, planes, data and edits are said for what they are", () => {
  assert.equal(said({ start: { kind: "lift", at: [0.5, -1.25] } }), "starting at (0.5, −1.25)");
  assert.equal(said({ steps: 400 }), "steps, 200 to 400");
  assert.equal(said({ view: { ...DOC.view, plane: { kind: "random" } } }), "another plane");
  assert.equal(said({ problem: { ...DOC.problem, dataset: { kind: "xor" } } }), "XOR");
  assert.equal(
    said({ problem: { ...DOC.problem, dataset: { kind: "moons", noise: 0.3 } } }),
    "noise, 0.1 to 0.3",
  );
  assert.equal(said({ problem: { ...DOC.problem, hidden: [8, 4] } }), "hidden, 8–8 to 8–4");
  assert.equal(said({ problem: { ...DOC.problem, activation: "relu" } }), "activation, tanh to relu");
  assert.equal(said({ edits: [{ step: 12, run: 0, set: { 3: 1 } }] }), "a weight at step 12");
});

test("several parts at once are another experiment, and an opening is one whatever differs", () => {
  assert.equal(said({ steps: 10, seed: 3 }), "opening another experiment");
  const curated = { ...CATALOG, experiments: [{ id: "moons", title: "Moons", point: "", experiment: DOC }] };
  assert.deepEqual(openingOf(DOC, curated), { of: OPENED, words: "opening “Moons”" });
});
