/** What a student does is kept on the machine: each change once, a slider on its way as one. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { readAssignment } from "../../../frontend/js/classroom/assignment.js";
import { createRecord } from "../../../frontend/js/classroom/record.js";
import { packedSubmission, readSubmission } from "../../../frontend/js/classroom/submission.js";

const EXPERIMENT = { version: 2, runs: [{ optimizer: { kind: "gd", learning_rate: 0.1 } }] };
const GIVEN = readAssignment({
  version: 1,
  title: "Down",
  task: "",
  questions: [
    { kind: "goal", text: "Get below 0.5.", below: 0.5, steps: null },
    { kind: "number", text: "λ?", answer: 2, tolerance: 0 },
  ],
  experiment: { ...EXPERIMENT, view: { stage: "contour" } },
});
const OPENED = /** @type {any} */ ({ link: "#assignment=a", given: GIVEN });

/** A page with its state, its clock and its memory. */
function page() {
  const kept = new Map();
  let now = 0;
  globalThis.localStorage = /** @type {any} */ ({
    getItem: (/** @type {string} */ key) => kept.get(key) ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ value) => kept.set(key, value),
  });
  globalThis.performance = /** @type {any} */ ({ now: () => now });
  let hear = (/** @type {any} */ _) => {};
  let state = { phase: "ready", minimal: EXPERIMENT, runs: [{ cost: [1, 0.9] }] };
  const store = {
    get: () => state,
    watch(/** @type {any} */ _, /** @type {any} */ listener) {
      hear = listener;
      listener(state);
      return () => {};
    },
  };
  return {
    kept,
    begin: () => createRecord(OPENED, /** @type {any} */ (store), () => {}),
    /** @param {any} minimal @param {number} later @param {number[]} [cost] */
    show(minimal, later, cost = [1, 0.9]) {
      now += later;
      state = { ...state, minimal, runs: [{ cost }] };
      hear(state);
    },
  };
}
const withRate = (/** @type {number} */ learning_rate) => ({
  ...EXPERIMENT,
  runs: [{ optimizer: { kind: "gd", learning_rate } }],
});

test("a slider on its way is one change, and how it is looked at is none", () => {
  const { begin, show } = page();
  const record = begin();
  assert.equal(record.get().count, 0);
  show({ ...EXPERIMENT, view: { stage: "3d" } }, 5000);
  assert.equal(record.get().count, 0);
  for (const rate of [0.2, 0.3, 0.4]) show(withRate(rate), 100);
  assert.deepEqual([record.get().count, record.get().moves], [1, [withRate(0.4)]]);
  show({ ...withRate(0.4), steps: 50 }, 100);
  show(withRate(0.5), 5000);
  assert.equal(record.get().count, 3);
  assert.deepEqual(record.get().moves.at(-1), withRate(0.5));
});

test("a goal is met by the experiment on show, and stays met", () => {
  const { begin, show } = page();
  const record = begin();
  show(withRate(0.5), 5000, [1, 0.6, 0.3]);
  show(withRate(0.1), 5000);
  const [reached] = /** @type {any[]} */ (record.get().answers);
  assert.deepEqual([reached.run, reached.step, reached.cost], [0, 2, 0.3]);
  assert.deepEqual(reached.changes, [[["runs", 0, "optimizer", "learning_rate"], 0.5]]);
});

test("what was done is there when the page is opened again, and a spoilt memory is left", () => {
  const { begin, show, kept } = page();
  const record = begin();
  record.sign("Ada");
  record.answer(1, "2");
  show(withRate(0.5), 5000);
  show(EXPERIMENT, 5000);
  const again = begin().get();
  assert.deepEqual(again, record.get());
  assert.deepEqual(readSubmission(packedSubmission(again)), again);
  kept.set([...kept.keys()][0], "{");
  assert.deepEqual(begin().get(), {
    assignment: GIVEN,
    name: "",
    answers: [null, null],
    moves: [],
    count: 0,
  });
});
