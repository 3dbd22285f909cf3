/** The tour: one stop at a time, beside the experiment that it speaks of. */
import { h, refill, setText } from "../dom.js";
import { isRight } from "../tour.js";
import { icon } from "./icons.js";

/** @typedef {import("../tour.js").Stop} Stop */
/** @typedef {import("../types.js").Store} Store */
/** @typedef {import("../types.js").Actions} Actions */

/**
 * @param {HTMLElement} element
 * @param {Store} store
 * @param {Actions} actions
 */
export function createTour(element, store, actions) {
  store.watch(["tour", "catalog"], ({ tour, catalog }) => {
    const stops = /** @type {Stop[]} */ (catalog?.tour ?? []);
    const stop = tour === null ? undefined : stops[tour];
    element.hidden = !stop;
    if (!stop || tour === null) return refill(element);
    refill(element, headOf(stop, tour, stops.length, actions), textOf(stop), questionOf(stop, store, actions, tour + 1 < stops.length));
    /** @type {HTMLElement|null} */ (element.querySelector("h2"))?.focus({ preventScroll: true });
    element.scrollTop = 0;
  });
}

/** @param {Stop} stop @param {number} at @param {number} count @param {Actions} actions */
function headOf(stop, at, count, actions) {
  const go = (/** @type {number|null} */ to) => ({ click: () => actions.visit(to) });
  return h(
    "div",
    { class: "tour__head" },
    h("h2", { tabindex: "-1" }, stop.title),
    h("span", { class: "tour__place" }, `${at + 1} of ${count}`),
    h("button", { type: "button", class: "round", "aria-label": "Stop before", title: "Stop before", disabled: at === 0, on: go(at - 1) }, icon("back")),
    h("button", { type: "button", class: "round", "aria-label": "Next stop", title: "Next stop", disabled: at + 1 >= count, on: go(at + 1) }, icon("forward")),
    h("button", { type: "button", class: "icon-button", "aria-label": "Leave the tour", title: "Leave the tour", on: go(null) }, icon("close")),
  );
}

/** @param {Stop} stop */
function textOf(stop) {
  const line = (/** @type {string} */ name, /** @type {string} */ text) => h("p", {}, h("strong", {}, `${name} `), text);
  return h("div", { class: "tour__text" }, h("p", {}, stop.text), line("Look.", stop.look), line("Try.", stop.try));
}

/** @param {Stop} stop @param {Store} store @param {Actions} actions @param {boolean} more */
function questionOf({ question }, store, actions, more) {
  const verdict = h("p", { class: "tour__verdict", role: "status" });
  const next = h("button", { type: "button", class: "button", hidden: true, on: { click: () => actions.visit((store.get().tour ?? 0) + 1) } }, "Next stop");
  const inputs = inputsOf(question, () => judge());
  const check = h("button", { type: "submit", class: "button" }, "Check");
  const form = h("form", { class: "tour__question", on: { submit: (/** @type {Event} */ event) => (event.preventDefault(), judge()) } }, inputs.el, h("div", { class: "tour__row" }, check, next), verdict);

  function judge() {
    const right = isRight(question, inputs.given(), store.get().runs);
    form.dataset.verdict = right ? "right" : "wrong";
    setText(verdict, right ? `Right. ${question.right}` : `Not yet. ${question.hint}`);
    next.hidden = !right || !more;
  }
  return form;
}

/** @param {import("../tour.js").Question} question @param {() => void} judge */
function inputsOf(question, judge) {
  if (question.kind === "choice") {
    const choices = (question.choices ?? []).map((text, at) => h("label", {}, h("input", { type: "radio", name: "tour-answer", value: String(at), on: { change: judge } }), h("span", {}, text)));
    const el = h("fieldset", {}, h("legend", {}, question.text), ...choices);
    return { el, given: () => /** @type {HTMLInputElement|null} */ (el.querySelector("input:checked"))?.value ?? null };
  }
  if (question.kind === "number") {
    const input = h("input", { type: "text", inputmode: "decimal", autocomplete: "off", class: "tour__number" });
    return { el: h("label", { class: "tour__ask" }, h("span", {}, question.text), input), given: () => input.value };
  }
  return { el: h("p", {}, question.text), given: () => null };
}
