import assert from "node:assert/strict";
import test from "node:test";

import { wrapped } from "../../../frontend/js/pictures/sheet.js";

/** @type {any} Letters of one pixel. */
const context = { measureText: (/** @type {string} */ text) => ({ width: text.length }) };

test("words stay whole where they fit, and a longer one goes on in the next line", () => {
  assert.deepEqual(wrapped(context, "a cost of 3", 6), ["a cost", "of 3"]);
  assert.deepEqual(wrapped(context, "of WWWWWWWW 3", 4), ["of", "WWWW", "WWWW", "3"]);
});
