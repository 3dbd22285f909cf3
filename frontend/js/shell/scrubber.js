/** The scrubber: the cursor's place in the descent, how much of it has arrived, and where something happened. */

import { clamp } from "../document/controls.js";
import { formatCount } from "../document/number-format.js";
import { endOf, stationarySaid } from "../model/runs.js";
import { h, refill } from "../ui/dom.js";

/** @import { Actions, AppState, Run, Store } from "../document/types.js" */

/** @typedef {{step: number, kind: "diverged"|"no-slope"|"stationary"|"edit", color: string, said: string}} Mark */

/** @param {Store} store @param {Actions} actions */
export function createScrubber(store, actions) {
  const input = h("input", {
    type: "range",
    class: "scrubber__input",
    min: 0,
    step: 1,
    "aria-label": "Step",
    on: { input: () => actions.seek(Number(input.value)) },
  });
  const marks = h("div", { class: "scrubber__marks", "aria-hidden": "true" });
  const el = h("div", { class: "scrubber" }, h("div", { class: "scrubber__track" }), marks, input);

  store.watch(["step", "steps"], ({ step, steps }) => {
    input.max = String(Math.max(1, steps));
    input.value = String(step);
    el.style.setProperty("--at", String(share(step, steps)));
    input.setAttribute("aria-valuetext", `step ${formatCount(step)} of ${formatCount(steps)}`);
  });
  store.watch(["arrived", "runs", "steps"], (state) =>
    el.style.setProperty("--arrived", String(share(arrivedOf(state), state.steps))),
  );
  store.watch(["runs"], ({ runs }) => {
    input.disabled = runs.length === 0;
  });
  let drawn = "";
  store.watch(["arrived", "runs", "steps", "doc"], (state) => {
    const found = marksOf(state);
    const key = JSON.stringify([found, state.steps]);
    if (key === drawn) return;
    drawn = key;
    refill(marks, ...found.map((mark) => markElement(mark, state.steps)));
  });
  return el;
}

/** @param {number} step @param {number} steps */
const share = (step, steps) => (steps > 0 ? clamp(step / steps, 0, 1) : 0);

/** The last step that every run still under way has reached. @param {AppState} state */
function arrivedOf({ runs, steps }) {
  const open = runs.filter(({ status }) => status === "running");
  if (runs.length === 0) return 0;
  return open.length ? Math.min(...open.map(({ count }) => count - 1)) : steps;
}

/** @param {AppState} state @returns {Mark[]} */
function marksOf({ runs, doc }) {
  const ends = runs.flatMap((run) => endMarks(run));
  const edits = (doc?.edits ?? []).map(({ step, run = 0 }) => ({
    step,
    kind: /** @type {const} */ ("edit"),
    color: runs[run]?.color ?? "currentColor",
    said: `${runs[run]?.label ?? "run"}: changed at step ${formatCount(step)}`,
  }));
  return [...edits, ...ends];
}

/** @param {Run} run @returns {Mark[]} */
function endMarks(run) {
  const { label, color, status, count, stationaryAt } = run;
  const ended = endOf(run);
  const marks = /** @type {Mark[]} */ ([]);
  if (stationaryAt !== null)
    marks.push({
      step: stationaryAt,
      kind: "stationary",
      color,
      said: `${label}: ${stationarySaid(run)}`,
    });
  if (ended)
    marks.push({
      step: count - 1,
      kind: status === "diverged" ? "diverged" : "no-slope",
      color,
      said: `${label}: ${ended}`,
    });
  return marks;
}

/** @param {Mark} mark @param {number} steps */
function markElement({ step, kind, color, said }, steps) {
  return h("span", {
    class: `scrubber__mark scrubber__mark--${kind}`,
    title: said,
    style: { "--at": String(share(step, steps)), "--run": color },
  });
}
