/** The menu of experiments is searched by any words of it. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { searchExperiments } from "../../../frontend/js/document/experiments.js";

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
