import assert from "node:assert/strict";
import test from "node:test";
import { fitting } from "../../../frontend/js/document/changes.js";
import {
  areFeaturesOffered,
  featureLabel,
  mayHaveFeatures,
  ownInputs,
  withFeature,
  withFittingFeatures,
} from "../../../frontend/js/document/features.js";

const catalog = /** @type {any} */ ({
  features: ["x1^2", "x2^2", "sin x1"].map((kind) => ({ kind, label: kind })),
  datasets: [
    { kind: "moons", inputs: 2 },
    { kind: "iris", inputs: 4 },
  ],
});
const moons = { kind: "network", dataset: { kind: "moons" } };

test("data of two inputs may have features, in a network", () => {
  assert.ok(mayHaveFeatures(catalog, moons));
  assert.ok(!mayHaveFeatures(catalog, { kind: "linear", dataset: { kind: "moons" } }));
  assert.ok(!mayHaveFeatures(catalog, { kind: "network", dataset: { kind: "iris" } }));
  assert.equal(ownInputs(catalog, { kind: "inline", x: [[1, 2, 3]] }), 3);
  assert.equal(ownInputs(catalog, { kind: "table", inputs: ["age", "height"] }), 2);
  assert.equal(ownInputs(catalog, { kind: "table", inputs: null }), null);
});

test("columns of words, which become more inputs, may have none", () => {
  const doc = /** @type {any} */ ({
    problem: { kind: "network", dataset: { kind: "table", inputs: ["a", "b"] } },
  });
  const offered = (/** @type {number|undefined} */ ownInputs) =>
    areFeaturesOffered({ catalog, doc, problem: ownInputs ? /** @type {any} */ ({ ownInputs }) : null });
  assert.deepEqual([undefined, 2, 4].map(offered), [true, true, false]);
});

test("features stand in the catalogue's order, whichever is chosen first", () => {
  const one = withFeature(moons, catalog, "sin x1", true);
  const two = withFeature(one, catalog, "x1^2", true);
  assert.deepEqual(two.features, ["x1^2", "sin x1"]);
  assert.deepEqual(withFeature(two, catalog, "sin x1", false).features, ["x1^2"]);
});

test("other data lose features that they cannot have, and keep those that they can", () => {
  const problem = { ...moons, features: ["x1^2"] };
  assert.equal(withFittingFeatures(problem, catalog), problem);
  assert.deepEqual(withFittingFeatures({ ...problem, dataset: { kind: "iris" } }, catalog).features, []);
});

test("weights given as numbers are left behind where the inputs are others", () => {
  const doc = /** @type {any} */ ({
    problem: { ...moons, hidden: [3] },
    runs: [],
    start: { kind: "theta", values: [1] },
    view: {},
  });
  const changed = { ...doc, problem: withFeature(doc.problem, catalog, "x1^2", true) };
  assert.deepEqual(fitting(changed, doc).start, { kind: "init" });
  assert.equal(fitting({ ...doc, steps: 5 }, doc).start, doc.start);
});

test("features of a table’s two inputs are called by its columns, as the service calls them", () => {
  const called = (inputs) => (label) => featureLabel(label, { kind: "table", inputs });
  const labels = ["x₁²", "x₂²", "x₁x₂", "sin x₁", "sin x₂"];
  assert.deepEqual(labels.map(called(["hours", "test score x₁"])), [
    "hours²",
    "(test score x₁)²",
    "hours · (test score x₁)",
    "sin hours",
    "sin (test score x₁)",
  ]);
  assert.deepEqual(labels.map(called(["a", "b", "c"])), labels);
  assert.deepEqual(labels.map(called(null)), labels);
  assert.equal(featureLabel("x₁x₂", { kind: "moons" }), "x₁x₂");
});
