/** The rows of questions of the dialogs for pictures and animations. */

import { h } from "../ui/dom.js";

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
