/** A trained model that was brought: the data that it fits, and the experiment that shows it. */

import assert from "node:assert/strict";
import test from "node:test";
import {
  costsFor,
  dataFitting,
  firstModelChoice,
  modelExperiment,
  modelSaid,
  ON_SHOW,
  outputsFor,
} from "../../../frontend/js/document/models.js";

const CATALOG = /** @type {any} */ ({
  datasets: [
    { kind: "plane", label: "Plane", inputs: 2, outputs: 1, classes: null },
    { kind: "moons", label: "Two moons", inputs: 2, outputs: 1, classes: 2 },
    { kind: "iris", label: "Iris", inputs: 4, outputs: 1, classes: 3 },
  ],
});
const RUN = {
  sha256: "ab".repeat(32),
  name: "run.zip",
  widths: [2, 8, 1],
  activations: ["tanh"],
  output: null,
  checkpoints: 21,
  steps: /** @type {[number, number]} */ ([0, 200]),
  parameters: 33,
  notes: [],
};
const NOTHING = /** @type {any} */ ({ doc: null, problem: null });

test("only data sets with as many inputs and outputs fit", () => {
  assert.deepEqual(
    dataFitting(RUN, NOTHING, CATALOG).map(({ kind }) => kind),
    ["plane", "moons"],
  );
  const three = { ...RUN, widths: [4, 5, 3] };
  assert.deepEqual(
    dataFitting(three, NOTHING, CATALOG).map(({ kind }) => kind),
    ["iris"],
  );
});

test("the data on show come first where its network has the same inputs and outputs", () => {
  const dataset = { kind: "table", name: "students.csv" };
  const doc = { problem: { kind: "network", dataset, hidden: [4], cost: "bce" } };
  const problem = { layers: [{ size: 12 }, { size: 5 }] };
  const [own] = dataFitting(RUN, /** @type {any} */ ({ doc, problem }), CATALOG);
  assert.deepEqual([own.kind, own.label, own.classes], [ON_SHOW, "students.csv (on show)", 2]);
  const wider = { layers: [{ size: 16 }, { size: 5 }] };
  const [first] = dataFitting(RUN, /** @type {any} */ ({ doc, problem: wider }), CATALOG);
  assert.equal(first.kind, "plane");
});

test("outputs and costs are those that the last layer can have on the data", () => {
  const [plane, moons] = dataFitting(RUN, NOTHING, CATALOG);
  assert.deepEqual(outputsFor(RUN, plane), ["linear", "sigmoid"]);
  assert.deepEqual(costsFor("sigmoid", moons), ["bce", "mse", "huber"]);
  assert.deepEqual(costsFor("sigmoid", plane), ["mse", "huber"]);
});

test("a run is shown beside a computed one from its first checkpoint", () => {
  const [, moons] = dataFitting(RUN, NOTHING, CATALOG);
  const doc = /** @type {any} */ (modelExperiment(RUN, firstModelChoice(RUN, moons), {}));
  assert.deepEqual(doc.problem, {
    kind: "network",
    dataset: { kind: "moons" },
    hidden: [8],
    activation: "tanh",
    output: "sigmoid",
    cost: "bce",
  });
  assert.deepEqual(doc.runs[0], { recorded: { sha256: RUN.sha256, name: "run.zip" } });
  assert.equal(doc.runs.length, 2);
  assert.equal(doc.steps, 20);
  assert.deepEqual(doc.start, { kind: "stored", sha256: RUN.sha256, entry: 0 });
});

test("one model is descended on from", () => {
  const model = { ...RUN, checkpoints: 1 };
  const [plane] = dataFitting(model, NOTHING, CATALOG);
  const doc = modelExperiment(model, firstModelChoice(model, plane), {});
  assert.equal(doc.runs.length, 1);
  assert.equal(doc.runs[0].recorded, undefined);
  assert.equal(modelSaid(model), "One network 2 → 8 → 1 with 33 parameters");
});
