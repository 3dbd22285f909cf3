import assert from "node:assert/strict";
import { test } from "node:test";
import { sizeAfter } from "../../../frontend/js/layout/sizes.js";

const KNOBS = { name: "knobs", label: "", along: "x", sign: 1, ends: [220, 480] };
const VIEWS = { ...KNOBS, name: "views", sign: -1 };
const CHART = { ...KNOBS, name: "cost", along: "y", sign: -1 };

/** @param {string} key @param {any} sized @param {boolean} [shiftKey] */
const after = (key, sized, shiftKey = false) => sizeAfter({ key, shiftKey }, 300, sized);

test("an edge moves with the arrow that points its way", () => {
  assert.equal(after("ArrowRight", KNOBS), 316);
  assert.equal(after("ArrowRight", VIEWS), 284);
  assert.equal(after("ArrowUp", CHART), 316);
  assert.equal(after("ArrowLeft", KNOBS, true), 236);
});

test("the other arrows are the page’s own, Home and End are the ends, Enter is its own size", () => {
  assert.equal(after("ArrowUp", KNOBS), undefined);
  assert.equal(after("ArrowLeft", CHART), undefined);
  assert.deepEqual([after("Home", KNOBS), after("End", KNOBS)], [220, 480]);
  assert.equal(after("Enter", KNOBS), null);
});
