/** Labelled fields of text. */

import { h } from "../ui/dom.js";

/** @param {string} label @param {string} value @param {number} most @param {(value: string) => void} change */
export function textField(label, value, most, change) {
  const input = h("input", { type: "text", class: "text", maxlength: most, value });
  input.addEventListener("input", () => change(input.value));
  return h("label", { class: "field" }, h("span", {}, label), input);
}

/** @param {string} label @param {string} value @param {number} most @param {number} rows @param {(value: string) => void} change */
export function areaField(label, value, most, rows, change) {
  const input = h("textarea", { class: "text", maxlength: most, rows }, value);
  input.addEventListener("input", () => change(input.value));
  return h("label", { class: "field" }, h("span", {}, label), input);
}
