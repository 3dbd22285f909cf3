import assert from "node:assert/strict";
import { test } from "node:test";
import { actOf, KEYS_ALONE } from "../../../frontend/js/shell/keys.js";
import { nextSpeed, SPEEDS } from "../../../frontend/js/shell/speeds.js";

const press = (key, more = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...more,
});

/** What a key asks for, as [action, ...arguments]. */
function asked(key, more = {}, state = {}) {
  const asks = [];
  const actions = new Proxy(
    {},
    {
      get:
        (_, name) =>
        (...values) =>
          asks.push([name, ...values]),
    },
  );
  // Who shows the help hears of it from the document.
  globalThis.document = { dispatchEvent: ({ detail }) => asks.push(["ask", detail]) };
  const store = {
    get: () => ({ steps: 300, speed: 1, theme: "dark", playing: false, filled: false, ...state }),
    set: (patch) => asks.push(["set", patch]),
  };
  actOf(press(key, more))?.({
    actions,
    store,
    event: press(key, more),
  });
  return asks;
}

test("keys play, step, leap and seek", () => {
  assert.deepEqual(asked(" "), [["toggle"]]);
  assert.deepEqual(asked("ArrowLeft"), [["stepBy", -1]]);
  assert.deepEqual(asked("ArrowRight", { shiftKey: true }), [["stepBy", 10]]);
  assert.deepEqual(asked("End"), [["seek", 300]]);
  assert.deepEqual(asked("r"), [["seek", 0], ["toggle"]]);
  assert.deepEqual(asked("r", {}, { playing: true }), [["seek", 0]]);
  assert.deepEqual(asked("2"), [["change", ["view", "stage"], "contour"]]);
  assert.deepEqual(asked("T"), [["setTheme", "light"]]);
  assert.deepEqual(asked("f"), [["set", { filled: true }]]);
  assert.deepEqual(asked("f", {}, { filled: true }), [["set", { filled: false }]]);
  assert.deepEqual(asked("p", {}, { presenting: false }), [["set", { presenting: true }]]);
  assert.deepEqual(asked("?", { shiftKey: true }), [["ask", "help"]]);
});

test("the browser keeps its own shortcuts", () => {
  assert.equal(actOf(press("r", { ctrlKey: true })), null);
  assert.equal(actOf(press("ArrowLeft", { altKey: true })), null);
  assert.equal(actOf(press("t", { metaKey: true })), null);
  assert.equal(actOf(press("constructor")), null);
});

test("with Control what was done is undone and redone, and the view printed", () => {
  assert.deepEqual(asked("z", { ctrlKey: true }), [["undo"]]);
  assert.deepEqual(asked("Z", { metaKey: true, shiftKey: true }), [["redo"]]);
  assert.deepEqual(asked("y", { ctrlKey: true }), [["redo"]]);
  assert.deepEqual(asked("p", { metaKey: true }), [["ask", "print"]]);
  assert.deepEqual(asked("P", { ctrlKey: true, shiftKey: true }), []);
});

test("a recording alone leaves to the browser what it has nothing for", () => {
  for (const key of ["z", "y", "p"]) assert.equal(actOf(press(key, { ctrlKey: true }), KEYS_ALONE), null);
  for (const key of ["f", "p", "?"]) assert.equal(actOf(press(key), KEYS_ALONE), null);
  assert.ok(actOf(press(" "), KEYS_ALONE));
});

test("speed goes up and down the list and stops at its ends", () => {
  assert.deepEqual(asked("+"), [["setSpeed", 2]]);
  assert.deepEqual(asked("-"), [["setSpeed", 0.5]]);
  assert.equal(nextSpeed(SPEEDS.at(-1), 1), SPEEDS.at(-1));
  assert.equal(nextSpeed(SPEEDS[0], -1), SPEEDS[0]);
  assert.equal(nextSpeed(3, -1), 2);
});
