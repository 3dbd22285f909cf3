/** The head of the tour: which stop this is, which were answered, and the way to all others. */

import { h } from "../ui/dom.js";
import { icon } from "../ui/icons.js";
import { createMenu } from "../ui/menu.js";
import { createAnsweredSign } from "./answered-sign.js";

/** @import { Stop } from "../model/tour.js" */
/** @import { Progress } from "./progress.js" */

/** @param {string} title @param {() => void} leave @param {HTMLElement} [way] */
export function createHead(title, leave, way) {
  const close = {
    class: "icon-button",
    "aria-label": "Leave the tour",
    title: "Leave the tour",
    on: { click: leave },
  };
  const row = h(
    "div",
    { class: "tour__title" },
    h("h2", { tabindex: "-1" }, title),
    h("button", close, icon("close")),
  );
  return h("div", { class: "tour__head" }, row, way);
}

/**
 * @param {Stop[]} stops
 * @param {number} at
 * @param {Progress} progress
 * @param {{go: (to: number) => void, toggleKnobs: () => void}} moves
 */
export function createWay(stops, at, progress, { go, toggleKnobs }) {
  const onward = at + 1 < stops.length ? "Next stop" : "To the end";
  const place = h("button", { class: "tour__place" }, `Stop ${at + 1} of ${stops.length}`, icon("down"));
  const marks = stops.map((_, k) => h("span", { class: k === at ? "here" : "" }));
  const bar = h("div", { class: "tour__progress", role: "img" }, ...marks);
  const knobs = { class: "button tour__knobs", "aria-pressed": "false", on: { click: toggleKnobs } };
  const el = h(
    "div",
    { class: "tour__way" },
    h("div", { class: "tour__stops" }, place),
    h("button", knobs, "Knobs"),
    round("back", "Stop before", at === 0, () => go(at - 1)),
    round("forward", onward, false, () => go(at + 1)),
    bar,
  );
  createMenu(place, { label: "Stops of the tour", items: () => stops.map(itemOf) });

  /** @param {Stop} stop @param {number} k */
  function itemOf(stop, k) {
    return {
      label: `${k + 1}. ${stop.title}`,
      sign: createAnsweredSign(progress.has(stop.id)),
      point: k === at ? "You are here." : undefined,
      current: k === at,
      choose: () => go(k),
    };
  }

  function update() {
    const said = `${progress.count()} of ${stops.length} questions answered`;
    bar.setAttribute("aria-label", said);
    bar.title = said;
    marks.forEach((mark, k) => mark.classList.toggle("answered", progress.has(stops[k].id)));
  }
  update();
  return { el, update, onward };
}

/** @param {"back"|"forward"} name @param {string} label @param {boolean} disabled @param {() => void} click */
const round = (name, label, disabled, click) =>
  h("button", { class: "round", "aria-label": label, title: label, disabled, on: { click } }, icon(name));
