/** A dialog with a title, what it asks, and how its rows of questions stand. */

import { h } from "../ui/dom.js";
import { icon } from "../ui/icons.js";

/**
 * @param {string} title
 * @param {string} className
 * @param {...Node} content
 */
export function createFrame(title, className, ...content) {
  const close = h(
    "button",
    { class: "icon-button", "aria-label": "Close", on: { click: () => dialog.close() } },
    icon("close"),
  );
  const dialog = h(
    "dialog",
    { class: `dialog ${className}`, "aria-label": title },
    h("div", { class: "dialog__head" }, h("h2", { class: "dialog__title" }, title), close),
    h("div", { class: "dialog__body" }, ...content),
  );
  // A press on the backdrop reaches the dialog itself, one inside it reaches something in it.
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  return dialog;
}

/** A question with what answers it. @param {string} label @param {HTMLElement} control @param {string} [note] */
export function row(label, control, note) {
  const input = control.matches("input, select") ? control : null;
  const words = h(input ? "label" : "span", { class: "asked__label", for: input?.id }, label);
  return h(
    "div",
    { class: "asked" },
    words,
    control,
    note ? h("span", { class: "asked__note" }, note) : null,
  );
}

/**
 * @param {string} id
 * @param {(value: number) => void} emit   Of what was typed, any number or none.
 */
export function numberInput(id, emit) {
  const input = h("input", {
    class: "text asked__number",
    id,
    type: "number",
    inputmode: "decimal",
    step: "any",
  });
  input.addEventListener("change", () => emit(input.value === "" ? Number.NaN : Number(input.value)));
  return input;
}
