/** The first moves: when each is done, and what is said then, in the numbers of the runs. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { divergedSaid, MOVES, saddleSaid } from "../../../frontend/js/guide/moves.js";

const [START, RATE, RIDGE] = MOVES;
const PLANE = {
  extent: [
    [-2, 2],
    [-2, 2],
  ],
};

/** @param {[number, number][]} path @param {number[]} cost @returns {any} */
const run = (path, cost) => ({
  a: path.map(([a]) => a),
  b: path.map(([, b]) => b),
  cost,
  count: path.length,
});

test("starting elsewhere is done once the document names another start", () => {
  const before = /** @type {any} */ ({ start: { kind: "init" } });
  assert.equal(START.done(/** @type {any} */ ({ doc: before }), before), false);
  const doc = { start: { kind: "lift", at: [0, 0] } };
  assert.equal(START.done(/** @type {any} */ ({ doc }), before), true);
  assert.match(START.answer(/** @type {any} */ ({ runs: [{}, {}, {}] }), null), /^All 3 runs start where/);
  assert.match(START.answer(/** @type {any} */ ({ runs: [{}] }), null), /^The run starts where/);
});

test("the bound is named where the rate is above it, and nowhere else", () => {
  const diverged = { count: 12 };
  const known = { bound: 0.08, learning_rate: 0.12, text: "2 / λ", sharpness: 25 };
  assert.equal(
    RATE.done(/** @type {any} */ ({ runs: [{ status: "finished" }] }), /** @type {any} */ (null)),
    false,
  );
  assert.match(
    divergedSaid(/** @type {any} */ (diverged), known),
    /step 11: 0\.12 is past the mark on the slider, the bound 2 \/ λ = 0\.08/,
  );
  for (const other of [null, { ...known, bound: null }, { ...known, learning_rate: 0.07 }])
    assert.equal(divergedSaid(/** @type {any} */ (diverged), other), "Diverged at step 11.");
});

test("a start is on the ridge when it is near to the ring, by the window's own measure", () => {
  /** @param {[number, number]} at */
  const done = (at) =>
    RIDGE.done(
      /** @type {any} */ ({
        doc: { start: { kind: "point", at } },
        runs: [{ count: 2 }],
        plane: PLANE,
        phase: "ready",
      }),
      /** @type {any} */ (null),
    );
  assert.equal(done([-1.2, 1.2]), true);
  assert.equal(done([-1.1, 1.3]), true);
  assert.equal(done([-0.8, 1.2]), false);
  assert.equal(done([1.2, 1.2]), false);
});

test("the saddle is named by the step that was nearest to it, left or not", () => {
  const left = run(
    [
      [-1, 1],
      [-0.3, 0.3],
      [0.01, 0],
      [0.6, 0.6],
    ],
    [4, 0.5, 0.23, 0.05],
  );
  assert.equal(
    saddleSaid(left),
    "The ridge led it to the saddle: nearest at step 2, at cost 0.23. It slipped off sideways, down to 0.05.",
  );
  const stayed = run(
    [
      [-1, 1],
      [-0.3, 0.3],
      [-0.01, 0.01],
    ],
    [4, 0.5, 0.23],
  );
  assert.match(saddleSaid(stayed), /It is still there after 2 steps\.$/);
});
