import assert from "node:assert/strict";
import { test } from "node:test";
import { contourSize } from "../../../frontend/js/plot/figure.js";
import { arrangementOf } from "../../../frontend/js/stage/arrangement.js";

const SQUARE = /** @type {const} */ ([
  [0, 1],
  [0, 1],
]);
const WIDE = /** @type {const} */ ([
  [0, 3],
  [0, 1],
]);

test("beside each other where the stage is wide, one above the other where it is tall", () => {
  assert.deepEqual(arrangementOf(SQUARE, 1400, 700), { column: false, share: 0.5 });
  assert.equal(arrangementOf(SQUARE, 390, 600).column, true);
});

test("a wide map has the stage’s whole width where half of it would leave it small", () => {
  const { column, share } = arrangementOf(WIDE, 800, 620);
  assert.equal(column, true);
  const above = contourSize(WIDE, 800, share * 620);
  const beside = contourSize(WIDE, 400, 620);
  assert.ok(above.width * above.height > beside.width * beside.height);
});

test("a stage that is not laid out yet is halved", () => {
  assert.deepEqual(arrangementOf(SQUARE, 0, 0), { column: false, share: 0.5 });
});
