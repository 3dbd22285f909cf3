/** The menu of experiments is searched by any words of it. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { searchExperiments, sourceExperiment } from "../../../frontend/js/document/experiments.js";

const ENTRIES = [
  { title: "Newton meets a saddle", point: "It goes where the slope vanishes.", group: "Rules of descent" },
  { title: "Cure: ReLU with He’s start", point: "The first layer learns.", group: "Many layers" },
  { title: "Digits", point: "2,410 weights learn to read.", group: "Real data" },
];

/** @param {string} query */
const found = (query) => searchExperiments(ENTRIES, query).map(({ title }) => title.split(" ")[0]);

test("without a word all are there, in their order", () => {
  assert.deepEqual(found("  "), ["Newton", "Cure:", "Digits"]);
});

test("every word is looked for in title, line and group, wherever it stands", () => {
  assert.deepEqual(found("sadd newt"), ["Newton"]);
  assert.deepEqual(found("real read"), ["Digits"]);
  assert.deepEqual(found("learn"), ["Cure:", "Digits"]);
  assert.deepEqual(found("saddle digits"), []);
});

test("large letters, apostrophes and accents are found as they are typed", () => {
  assert.deepEqual(found("HE'S"), ["Cure:"]);
  assert.deepEqual(found("rélu"), ["Cure:"]);
});

test("what is changed is told by the entry that it was made of, until its problem is another", () => {
  const problem = { kind: "formula", formula: "ravine" };
  const run = { optimizer: { kind: "gd", learning_rate: 0.1 } };
  const curated = { problem, start: { kind: "point", at: [1, 2] }, runs: [run, run] };
  const catalog = /** @type {any} */ ({
    experiments: [{ id: "ravine", title: "Ravine", experiment: curated }],
    defaults: {},
    optimizers: [],
    problems: [],
    datasets: [],
  });
  /** @param {any} opened @param {any} doc */
  const source = (opened, doc) => sourceExperiment(catalog, opened, doc)?.id ?? null;
  const fewer = { ...curated, runs: [run] };
  assert.equal(source(curated, { ...curated, start: { kind: "point", at: [0, 0] } }), "ravine");
  assert.equal(source(fewer, { ...fewer, runs: [{ optimizer: { kind: "adam" } }] }), "ravine");
  assert.equal(source(fewer, { ...fewer, problem: { kind: "chain" } }), null);
  assert.equal(source({ ...fewer, start: { kind: "point", at: [0, 0] } }, fewer), null);
});
