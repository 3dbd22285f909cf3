/** A window over the page, with a title and a way to close it. */

import { h } from "../ui/dom.js";
import { icon } from "../ui/icons.js";

/** @param {string} title @param {...Node} content */
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
