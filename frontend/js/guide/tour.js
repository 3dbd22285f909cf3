/** The tour: one stop at a time, beside the picture of the experiment that it speaks of. */

import { h, refill } from "../ui/dom.js";
import { remember } from "../ui/memory.js";
import { createEnding } from "./ending.js";
import { createNotes, line } from "./notes.js";
import { createPointer } from "./pointer.js";
import { bringForward, POINTS } from "./points.js";
import { createProgress } from "./progress.js";
import { createQuestion } from "./question.js";
import { createHead, createWay } from "./way.js";

/** @import { Actions, Store } from "../document/types.js" */
/** @import { Stop } from "../model/tour.js" */

/**
 * @param {HTMLElement} element
 * @param {Store} store
 * @param {Actions} actions
 * @param {Stop[]} stops
 */
export function createTour(element, store, actions, stops) {
  const pointer = createPointer();
  const progress = createProgress(stops);
  const minutes = stops.reduce((sum, { notes }) => sum + notes.minutes, 0);
  let opener = /** @type {Element|null} */ (null);

  /** @param {number} to */
  const go = (to) => (to < stops.length ? actions.visit(to) : end());
  const leave = () => actions.visit(null);
  const toggleKnobs = () => showKnobs(!element.classList.contains("tour--knobs"));

  /** @param {Stop} stop @param {number} at */
  function show(stop, at) {
    const way = createWay(stops, at, progress, { go, toggleKnobs });
    const onward = h("button", { class: "button", on: { click: () => go(at + 1) } }, way.onward);
    const question = createQuestion(stop.question, store, onward, () => {
      progress.add(stop.id);
      way.update();
    });
    fill(createHead(stop.title, leave, way.el), textOf(stop), question, createNotes(stop, minutes));
  }

  /** Once at its end, the tour begins at its first stop again. */
  function end() {
    remember("tour", "0");
    showKnobs(false);
    pointer.at(null);
    const ending = createEnding(stops, progress, store.get().catalog?.experiments ?? [], actions);
    const last = stops.length - 1;
    const back = h(
      "button",
      { class: "button", on: { click: () => show(stops[last], last) } },
      "Stop before",
    );
    const close = h("button", { class: "button", on: { click: leave } }, "Close the tour");
    fill(createHead("What you have learnt", leave), ending, h("div", { class: "tour__row" }, close, back));
  }

  /** @param {...Node} parts */
  function fill(...parts) {
    refill(element, ...parts);
    element.scrollTop = 0;
    focusOn(element.querySelector("h2"));
  }

  /** @param {boolean} shown */
  function showKnobs(shown) {
    element.classList.toggle("tour--knobs", shown);
    element.querySelector(".tour__knobs")?.setAttribute("aria-pressed", String(shown));
  }

  /** @param {Stop} stop */
  function textOf(stop) {
    return h(
      "div",
      { class: "tour__text" },
      h("p", {}, stop.text),
      pointing(line("Look.", stop.look), stop.point, "Show me what to look at"),
      pointing(line("Try.", stop.try), stop.reach, "Show me where to try it"),
    );
  }

  /** A line with a button that brings what it speaks of to the front. @param {HTMLElement} el @param {string|undefined} name @param {string} label */
  function pointing(el, name, label) {
    if (!name) return el;
    const press = () => {
      bringForward(POINTS[name], store, actions, () => showKnobs(true));
      pointer.at(POINTS[name]);
      if (POINTS[name].knobs) focusOn(controlOf(document.querySelector(POINTS[name].selector)));
      if (element.classList.contains("tour--knobs")) el.scrollIntoView({ block: "start" });
    };
    el.append(
      " ",
      h("button", { class: "link tour__show", "aria-label": label, on: { click: press } }, "Show me"),
    );
    return el;
  }

  store.watch(["tour"], ({ tour }) => {
    const stop = tour === null ? undefined : stops[tour];
    if (element.hidden && stop) opener = document.activeElement;
    if (!stop && element.contains(document.activeElement)) focusOn(opener);
    element.hidden = !stop;
    showKnobs(false);
    pointer.at(stop ? POINTS[stop.point] : null);
    if (stop) show(stop, Number(tour));
    else refill(element);
  });
  store.watch(["phase", "inspection"], pointer.look);
}

/** What a knob is set with: the slider, where there is one. @param {Element|null} knob */
const controlOf = (knob) =>
  knob?.querySelector('input[type="range"]') ?? knob?.querySelector("input, select") ?? null;

/** Once everyone else has heard of the stop: on a phone its panel comes up only then. @param {Element|null} [wanted] */
function focusOn(wanted) {
  queueMicrotask(() => wanted instanceof HTMLElement && wanted.focus({ preventScroll: true }));
}
