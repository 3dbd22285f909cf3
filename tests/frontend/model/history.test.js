import assert from "node:assert/strict";
import test from "node:test";
import {
  amend,
  MOST_ENTRIES,
  NOTHING_DONE,
  present,
  push,
  redo,
  redoable,
  undo,
  undoable,
} from "../../../frontend/js/model/history.js";

/** @param {number} seed */
const doc = (seed) => /** @type {any} */ ({ seed });
const begun = push(NOTHING_DONE, doc(0), "");
/** @param {import("../../../frontend/js/document/types.js").History} history */
const seeds = ({ entries }) => entries.map(({ document }) => document.seed);

test("what the page began with cannot be undone", () => {
  assert.equal(present(NOTHING_DONE), null);
  assert.equal(undoable(begun), null);
  assert.equal(redoable(begun), null);
  assert.equal(undo(begun), begun);
  assert.equal(redo(begun), begun);
});

test("what was done is undone and done again, in its own words", () => {
  const done = push(push(begun, doc(1), "one"), doc(2), "two");
  assert.deepEqual([undoable(done), redoable(done)], ["two", null]);
  const back = undo(done);
  assert.deepEqual([present(back)?.document.seed, undoable(back), redoable(back)], [1, "one", "two"]);
  const first = undo(undo(back));
  assert.deepEqual([present(first)?.document.seed, undoable(first), redoable(first)], [0, null, "one"]);
  assert.deepEqual(redo(redo(first)), done);
  assert.deepEqual(seeds(done), [0, 1, 2]);
});

test("what is done after undoing takes the place of what was undone", () => {
  const other = push(undo(push(begun, doc(1), "one")), doc(3), "three");
  assert.deepEqual(seeds(other), [0, 3]);
  assert.equal(redoable(other), null);
});

test("one go on the same is one entry, and neither another go nor another thing is", () => {
  let history = push(begun, doc(1), "rate 1", { of: "rate", again: true });
  history = push(history, doc(2), "rate 2", { of: "rate", again: true });
  assert.deepEqual(seeds(history), [0, 2]);
  assert.equal(undoable(history), "rate 2");
  assert.deepEqual(seeds(push(history, doc(3), "rate 3", { of: "rate" })), [0, 2, 3]);
  assert.deepEqual(seeds(push(history, doc(3), "batch 3", { of: "batch", again: true })), [0, 2, 3]);
  assert.deepEqual(seeds(push(begun, doc(3), "a", { again: true })), [0, 3]);
});

test("what is looked at otherwise is no entry of its own", () => {
  const done = push(begun, doc(1), "one");
  const back = amend(undo(done), doc(9));
  assert.deepEqual(seeds(back), [9, 1]);
  assert.equal(redoable(back), "one");
  assert.deepEqual(seeds(done), [0, 1]);
});

test("the oldest are forgotten, and counted", () => {
  let history = begun;
  for (let k = 1; k <= MOST_ENTRIES + 4; k += 1) history = push(history, doc(k), String(k));
  assert.equal(history.entries.length, MOST_ENTRIES);
  assert.deepEqual([seeds(history)[0], present(history)?.document.seed], [5, MOST_ENTRIES + 4]);
  assert.equal(history.forgotten, 5);
});
