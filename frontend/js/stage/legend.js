/** Which colour is which run, and its cost at the cursor. */

import { formatRunning } from "../document/number-format.js";
import { entryAt, heldSaid } from "../model/runs.js";
import { costOn } from "../plot/captions.js";
import { h, reachable, setText } from "../ui/dom.js";

/** @import { Run, Store } from "../document/types.js" */

/** @param {HTMLElement} element @param {Store} store */
export function createLegend(element, store) {
  const title = h("p", { class: "legend-title" });
  const list = h("ul", { class: "legend-runs" });
  element.append(title, reachable(h("div", { class: "legend-sheet" }, list), list));
  /** @type {ReturnType<typeof newRow>[]} */
  let rows = [];

  store.watch(["runs"], ({ runs }) => {
    if (
      runs.length === rows.length &&
      runs.every((run, k) => rows[k].label === run.label && rows[k].color === run.color)
    )
      return;
    rows = runs.map((run, index) => newRow(run, index, store));
    list.replaceChildren(...rows.map(({ item }) => item));
    element.hidden = runs.length === 0;
  });
  store.watch(["runs", "step", "arrived"], (state) => {
    setText(title, `${costOn(state.live)} at step ${Math.floor(state.step)}`);
    state.runs.forEach((run, index) => fillRow(rows[index], run, state.step));
  });
  store.watch(["lifted"], ({ lifted }) => {
    rows.forEach(({ item }, index) => item.classList.toggle("lifted", lifted === index));
    element.classList.toggle("lifting", lifted !== null);
  });
}

/** @param {Run} run @param {number} index @param {Store} store */
function newRow(run, index, store) {
  const cost = h("span", { class: "legend-cost" });
  const note = h("span", { class: "legend-note" });
  const swatch = h("span", { class: "legend-swatch", style: { "--run": run.color } });
  const lift = () => store.set({ lifted: index });
  const drop = () => store.set({ lifted: null });
  const item = h(
    "li",
    { class: "legend-run", on: { pointerenter: lift, pointerleave: drop } },
    swatch,
    h("span", { class: "legend-name" }, run.label),
    note,
    cost,
  );
  return { item, cost, note, label: run.label, color: run.color };
}

/** @param {ReturnType<typeof newRow>|undefined} row @param {Run} run @param {number} step */
function fillRow(row, run, step) {
  if (!row) return;
  const entry = entryAt(run, Math.floor(step));
  setText(row.cost, entry < 0 ? "–" : formatRunning(run.cost[entry]));
  setText(row.note, noteOf(run, entry, step));
}

/** In a word or two: since when is said on the run's card. @param {Run} run @param {number} entry @param {number} step */
const noteOf = (run, entry, step) =>
  heldSaid(run, step) || (entry >= (run.stationaryAt ?? Infinity) ? "stationary" : "");
