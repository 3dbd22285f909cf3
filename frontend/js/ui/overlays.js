/** What lies over the page: dialogs, and what is not in the browser's own top layer, of which Escape closes the newest. */

import { h } from "./dom.js";
import { icon } from "./icons.js";

/** @type {{element: Element, close: () => void}[]} The newest last. */
const open = [];

/**
 * Says whether an overlay is open; told again, it keeps its place.
 * @param {Element} element
 * @param {boolean} isOpen
 * @param {() => void} close
 */
export function noteOverlay(element, isOpen, close) {
  const at = open.findIndex((overlay) => overlay.element === element);
  if (isOpen && at < 0) open.push({ element, close });
  else if (!isOpen && at >= 0) open.splice(at, 1);
}

/** Closes the newest overlay. */
export const closeTopmost = () => open.at(-1)?.close();

/** A dialog with a title and a way to close it. @param {string} title @param {...Node} content */
export function createDialog(title, ...content) {
  const close = h(
    "button",
    { class: "icon-button", "aria-label": "Close", on: { click: () => dialog.close() } },
    icon("close"),
  );
  const head = h("div", { class: "dialog__head" }, h("h2", { class: "dialog__title" }, title), close);
  const dialog = h(
    "dialog",
    { class: "dialog", "aria-label": title },
    head,
    h("div", { class: "dialog__body" }, ...content),
  );
  // A press on the backdrop reaches the dialog itself, one inside it reaches something in it.
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  return dialog;
}
