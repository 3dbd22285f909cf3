import assert from "node:assert/strict";
import { test } from "node:test";
import { createFollower, momentAt, READ_MS } from "../../../frontend/js/model/moments.js";

const KINDS = { edge: 1, minimum: 7, ahead: 12, noise: 19 };

/** @param {keyof typeof KINDS} kind @param {[number, number, number]} span */
const moment = (kind, [from, news, to]) =>
  /** @type {import("../../../frontend/js/model/moments.js").Moment} */ ({
    runs: [0],
    label: "Adam",
    from,
    news,
    to,
    kind,
    rank: KINDS[kind],
    words: `Adam ${kind}.`,
    numbers: {},
    look: { tab: "cost", overlays: {}, term: "" },
  });

const RESTS = moment("minimum", [10, 20, 100]);
const AHEAD = moment("ahead", [40, 52, 52]);
const NOISE = moment("noise", [45, 60, 60]);
const ALL = [RESTS, AHEAD, NOISE];

test("of what is new the most important is said, and what still holds where nothing is new", () => {
  const said = (/** @type {number} */ step) => momentAt(ALL, step)?.kind ?? null;
  assert.deepEqual([5, 10, 30, 45, 55, 70, 101].map(said), [
    null,
    "minimum",
    "minimum",
    "ahead",
    "noise",
    "minimum",
    null,
  ]);
});

test("of two alike the later one is said", () => {
  const again = moment("ahead", [48, 60, 60]);
  assert.equal(momentAt([AHEAD, again], 50), again);
  assert.equal(momentAt([again, AHEAD], 50), again);
});

test("at rest the line is in step with the cursor, whichever way it goes", () => {
  const follow = createFollower();
  const at = (/** @type {number} */ step) => follow({ moments: ALL, step, playing: false }, 0);
  assert.equal(at(45), AHEAD);
  assert.equal(at(12), RESTS);
  assert.equal(at(55), NOISE);
  assert.equal(at(5), null);
});

test("while it plays a sentence stays until it can be read", () => {
  const follow = createFollower();
  const at = (/** @type {number} */ step, /** @type {number} */ ms) =>
    follow({ moments: [NOISE, RESTS], step, playing: true }, ms);
  assert.equal(at(50, 1000), NOISE);
  assert.equal(at(61, 1000 + READ_MS - 1), NOISE);
  assert.equal(at(62, 1000 + READ_MS), RESTS);
});

test("a more important one comes sooner, and a leap back at once", () => {
  const edge = moment("edge", [50, 60, 60]);
  const follow = createFollower();
  const at = (/** @type {number} */ step, /** @type {number} */ ms) =>
    follow({ moments: [AHEAD, edge], step, playing: true }, ms);
  assert.equal(at(45, 0), AHEAD);
  assert.equal(at(50, 600), AHEAD);
  assert.equal(at(51, 1300), edge);
  assert.equal(at(44, 1310), AHEAD);
});

test("what is not among the moments any more is not said", () => {
  const follow = createFollower();
  assert.equal(follow({ moments: ALL, step: 45, playing: true }, 0), AHEAD);
  assert.equal(follow({ moments: [], step: 46, playing: true }, 10), null);
});
