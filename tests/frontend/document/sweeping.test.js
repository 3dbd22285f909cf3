import assert from "node:assert/strict";
import { test } from "node:test";
import { knobsOf, placesOf, saidOfValue, valuesOf } from "../../../frontend/js/document/sweeping.js";

const RATE = {
  name: "learning_rate",
  label: "rate η",
  help: "",
  type: "number",
  default: 0.1,
  low: 1e-9,
  high: 1e4,
  typical: [1e-4, 10],
};
const CATALOG = /** @type {any} */ ({
  optimizers: [
    { kind: "gd", label: "Gradient descent", fields: [RATE] },
    { kind: "adam", label: "Adam", fields: [RATE] },
  ],
  problems: [
    {
      kind: "network",
      fields: [
        { name: "output", type: "choice" },
        { name: "l2", label: "L2 penalty", type: "number", low: 0, high: 10, typical: [1e-5, 1] },
        {
          name: "activation",
          label: "activation",
          type: "choice",
          choices: [
            { value: "tanh", label: "Tanh" },
            { value: "relu", label: "ReLU" },
          ],
        },
      ],
    },
    { kind: "formula", fields: [{ name: "name", type: "choice" }] },
  ],
  datasets: [
    {
      kind: "moons",
      fields: [
        { name: "noise", label: "noise", type: "number", low: 0, high: 1 },
        { name: "standardize", type: "boolean" },
      ],
    },
  ],
  run: [
    { name: "batch_size", label: "batch size", type: "optional_integer", low: 1, high: 10_000 },
    {
      name: "gradient_noise",
      label: "gradient noise",
      type: "number",
      low: 0,
      high: 1000,
      typical: [1e-3, 100],
    },
  ],
  experiment: [
    { name: "steps", label: "steps", type: "integer" },
    { name: "seed", label: "seed", type: "integer", low: 0, high: 2 ** 32 },
  ],
  limits: { max_width: 256 },
});
const DOC = {
  problem: {
    kind: "network",
    dataset: { kind: "moons", noise: 0.2 },
    hidden: [8, 4],
    l2: 0,
    activation: "tanh",
  },
  runs: [{ optimizer: { kind: "gd", learning_rate: 0.05 }, batch_size: 16 }],
  seed: 3,
};
const field = (/** @type {Record<string, any>} */ more) =>
  /** @type {any} */ ({ name: "x", type: "number", ...more });

test("whatever is one value of the experiment can be swept", () => {
  const knobs = knobsOf(CATALOG, DOC, 0);
  assert.deepEqual(
    knobs.map(({ path, used }) => [path, used]),
    [
      ["run.optimizer.learning_rate", 0.05],
      ["run.optimizer.kind", "gd"],
      ["run.batch_size", 16],
      ["problem.l2", 0],
      ["problem.activation", "tanh"],
      ["problem.hidden.0", 8],
      ["problem.hidden.1", 4],
      ["problem.dataset.noise", 0.2],
      ["seed", 3],
    ],
  );
  const formula = knobsOf(
    CATALOG,
    {
      ...DOC,
      problem: { kind: "formula", name: "bowl" },
      runs: [{ optimizer: { kind: "gd" }, gradient_noise: 0 }],
    },
    0,
  );
  assert.deepEqual(
    formula.map(({ path }) => path),
    ["run.optimizer.learning_rate", "run.optimizer.kind", "run.gradient_noise", "seed"],
  );
});

test("a setting that every layer has its own of is swept layer by layer", () => {
  const own = knobsOf(CATALOG, { ...DOC, problem: { ...DOC.problem, activation: ["tanh", "relu"] } }, 0);
  assert.deepEqual(
    own.filter(({ path }) => path.includes("activation")).map(({ path, used }) => [path, used]),
    [
      ["problem.activation.0", "tanh"],
      ["problem.activation.1", "relu"],
    ],
  );
});

test("values go around the one in use, within the bounds", () => {
  const rates = valuesOf({ path: "", label: "", used: 0.05, field: field({ low: 1e-9, high: 1 }) }, 0);
  assert.deepEqual(rates, [0.0005, 0.0015, 0.005, 0.015, 0.05, 0.15, 0.5]);
});

test("a share near one is varied by what it lacks", () => {
  const shares = /** @type {number[]} */ (
    valuesOf({ path: "", label: "", used: 0.9, field: field({ low: 0, high: 0.999999 }) }, 0)
  );
  assert.ok(shares.includes(0.9) && shares.includes(0.99) && shares.includes(0.999) && shares.includes(0));
});

test("from nothing, the range worth a slider is gone through, and nothing stays among it", () => {
  const penalties = valuesOf(
    { path: "", label: "", used: 0, field: field({ low: 0, high: 10, typical: [1e-5, 1] }) },
    0,
  );
  assert.equal(penalties.length, 8);
  assert.deepEqual([penalties[0], penalties[1], penalties[7]], [0, 1e-5, 1]);
  assert.deepEqual(
    valuesOf({ path: "", label: "", used: 0, field: field({ low: 0, high: 0.6 }) }, 0),
    [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6],
  );
});

test("batches go up to all examples; seeds follow one another; widths double", () => {
  assert.deepEqual(
    valuesOf({ path: "", label: "", used: 20, field: field({ type: "optional_integer" }) }, 200),
    [1, 4, 16, 20, 64, null],
  );
  assert.deepEqual(
    valuesOf({ path: "", label: "", used: 3, field: field({ name: "seed", type: "integer", low: 0 }) }, 0),
    [3, 4, 5, 6, 7, 8, 9, 10],
  );
  assert.deepEqual(
    valuesOf({ path: "", label: "", used: 8, field: field({ type: "integer", low: 1, high: 40 }) }, 0),
    [1, 2, 4, 8, 16, 32],
  );
});

test("values are said in the page's words", () => {
  assert.equal(saidOfValue(field({}), null), "all");
  assert.equal(saidOfValue(field({}), 0.05), "0.05");
  assert.equal(saidOfValue(field({ choices: [{ value: "relu", label: "ReLU" }] }), "relu"), "ReLU");
});

test("values far apart lie by their logarithm, others side by side", () => {
  assert.equal(placesOf([0.01, 1])(0.01), -2);
  assert.equal(placesOf([0, 1, 100])(100), 2);
  assert.equal(placesOf(["tanh", "relu"])("relu"), 1);
  assert.equal(placesOf([1, 16, null])(null), 2);
});
