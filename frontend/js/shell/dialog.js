/** The dialog of a file that was brought: it takes the place of the one before. */

import { createDialog } from "../ui/overlays.js";

/** Over the page now. @type {HTMLDialogElement|null} */
let shown = null;

/** @param {string} title @param {Node} body */
export function openDialog(title, body) {
  const dialog = createDialog(title, body);
  dialog.addEventListener("close", () => dialog.remove());
  shown?.close();
  shown = dialog;
  document.getElementById("dialogs")?.append(dialog);
  dialog.showModal();
  return dialog;
}
