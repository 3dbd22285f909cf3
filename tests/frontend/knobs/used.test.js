/** What an experiment sets beyond the few knobs is said in a word each. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { usedBeyond } from "../../../frontend/js/knobs/used.js";

/** @param {string} name @param {string} label @param {Record<string, any>} [more] */
const field = (name, label, more = {}) => ({ name, label, help: "", type: "number", default: 0, ...more });
const catalog = /** @type {any} */ ({
  problems: [
    {
      kind: "network",
      fields: [
        field("hidden", "hidden layers"),
        field("init", "initial weights", { choices: [{ value: "he", label: "He" }] }),
        field("l2", "L2 penalty"),
      ],
    },
    { kind: "formula", fields: [field("expression", "f(x, y)")] },
  ],
  datasets: [{ kind: "moons", fields: [field("noise", "noise σ"), field("standardize", "standardise")] }],
  optimizers: [{ kind: "momentum", fields: [field("learning_rate", "η"), field("momentum", "momentum μ")] }],
  schedules: [{ kind: "cosine", label: "Cosine" }],
  starts: [{ kind: "point", label: "A point" }],
  planes: [
    { kind: "pca", label: "PCA of the paths" },
    { kind: "axes", label: "Two parameters" },
  ],
  run: [
    field("gradient_noise", "gradient noise"),
    field("label", "label"),
    field("batch_size", "batch size"),
  ],
  experiment: [field("steps", "steps"), field("seed", "seed")],
  view: [field("height", "height", { choices: [{ value: "log", label: "Logarithmic" }] })],
});

/** @param {Record<string, any>} minimal */
const words = (minimal) => usedBeyond({ catalog, minimal }).map((used) => used.words);

test("what the few knobs show, and how it is looked at, is not said again", () => {
  const run = { optimizer: { kind: "momentum", learning_rate: 0.1 }, batch_size: 4, label: "one" };
  assert.deepEqual(words({ problem: { kind: "network", dataset: { kind: "moons" } }, runs: [run] }), []);
  assert.deepEqual(words({ view: { tab: "cost", stage: "both", camera: {} } }), []);
  assert.deepEqual(words({ problem: { kind: "formula", expression: "x" } }), []);
});

test("all else that is set is named with its value, by the labels of the knobs", () => {
  const problem = { hidden: [16, 16], init: "he", dataset: { kind: "moons", noise: 0.3, standardize: true } };
  assert.deepEqual(words({ problem, seed: 5, steps: 90, view: { height: "log", plane: { kind: "axes" } } }), [
    "noise σ 0.3",
    "standardise",
    "hidden layers 16, 16",
    "initial weights: He",
    "seed 5",
    "steps 90",
    "plane: Two parameters",
    "height: Logarithmic",
  ]);
  assert.deepEqual(words({ start: { kind: "point", at: [1, 2] }, edits: [{}] }), [
    "start: A point",
    "changes on the way",
  ]);
});

test("of several runs each names its own, with the place of the knob", () => {
  const runs = [
    { optimizer: { kind: "momentum", momentum: 0.5 } },
    { schedule: { kind: "cosine" }, clip: { norm: 1 }, gradient_noise: 3 },
  ];
  assert.deepEqual(words({ runs }), [
    "momentum μ 0.5 (run 1)",
    "gradient noise 3 (run 2)",
    "schedule: Cosine (run 2)",
    "clipping (run 2)",
  ]);
  assert.equal(usedBeyond({ catalog, minimal: { runs } })[0].path, "runs[0].optimizer.momentum");
});
