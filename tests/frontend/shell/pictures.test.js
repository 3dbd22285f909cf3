import assert from "node:assert/strict";
import test from "node:test";

import { pictureItems } from "../../../frontend/js/shell/pictures.js";

test("every picture of the menu asks for its own size, and the last ones ask which", () => {
  /** @type {string[]} */
  const asked = [];
  const actions = /** @type {any} */ ({ savePicture: (/** @type {string} */ size) => asked.push(size) });
  const dialogs = new EventTarget();
  dialogs.addEventListener("dialog-asked", (event) => asked.push(/** @type {CustomEvent} */ (event).detail));
  Object.assign(globalThis, { document: dialogs });
  for (const item of pictureItems(actions)) item.choose();
  assert.deepEqual(asked, ["screen", "print", "picture", "print", "animation"]);
});
