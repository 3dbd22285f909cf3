/** Playing: to the start, back, play or pause, forward, to the end; where we are; how fast; and further. */

import { boundsText } from "../document/controls.js";
import { formatCount, formatRunning, formatSpeed } from "../document/number-format.js";
import { endSaid, entryAt } from "../model/runs.js";
import { h, refill, setText } from "../ui/dom.js";
import { icon } from "../ui/icons.js";
import { createSelect } from "../ui/inputs.js";
import { createLoneNumber } from "../ui/numbers.js";
import { createScrubber } from "./scrubber.js";
import { SPEEDS } from "./speeds.js";

/** @import { Actions, AppState, Field, Store } from "../document/types.js" */

const MORE_STEPS = 100;

/** @param {HTMLElement} el @param {Store} store @param {Actions} actions */
export function createTransport(el, store, actions) {
  const further = h(
    "button",
    {
      class: "button transport__further",
      title: "Go on past the end",
      on: { click: () => actions.extend(MORE_STEPS) },
    },
    `+${MORE_STEPS} steps`,
  );
  refill(
    el,
    createButtons(store, actions),
    createPosition(store, actions),
    createScrubber(store, actions),
    further,
    createSpeed(store, actions),
  );
  store.watch(["doc", "catalog", "runs"], ({ doc, catalog, runs }) => {
    further.disabled =
      !doc || runs.length === 0 || doc.steps + MORE_STEPS > (catalog?.limits.max_steps ?? Infinity);
  });
}

/** @param {Store} store @param {Actions} actions */
function createButtons(store, actions) {
  const start = round("toStart", "To the start", "Home", () => actions.seek(0));
  const back = round("back", "One step back", "←", () => actions.stepBy(-1));
  const play = h("button", { class: "play", on: { click: () => actions.toggle() } });
  const forward = round("forward", "One step forward", "→", () => actions.stepBy(1));
  const end = round("toEnd", "To the end", "End", () => actions.seek(store.get().steps));

  let shown = /** @type {string|null} */ (null);
  store.watch(["playing", "step", "steps", "runs"], ({ playing, step, steps, runs }) => {
    const idle = runs.length === 0;
    play.disabled = idle;
    start.disabled = back.disabled = idle || step <= 0;
    forward.disabled = end.disabled = idle || step >= steps;
    const now = playing ? "pause" : "play";
    if (now === shown) return;
    shown = now;
    refill(play, icon(now));
    play.setAttribute("aria-label", playing ? "Pause" : "Play");
    play.title = `${playing ? "Pause" : "Play"} (space)`;
  });
  return h(
    "div",
    { class: "transport__buttons", role: "group", "aria-label": "Playback" },
    start,
    back,
    play,
    forward,
    end,
  );
}

/**
 * @param {Parameters<typeof icon>[0]} name
 * @param {string} label
 * @param {string} key
 * @param {() => void} act
 */
const round = (name, label, key, act) =>
  h(
    "button",
    { class: "round", "aria-label": label, title: `${label} (${key})`, on: { click: act } },
    icon(name),
  );

/** @param {Store} store @param {Actions} actions */
function createPosition(store, actions) {
  const word = h("span", {}, "step ");
  const step = createStep(store, actions);
  const where = h("strong", { class: "position__step" }, word, step.el);
  const total = h("span", { class: "position__total" });
  const dot = h("span", { class: "dot", "aria-hidden": "true" });
  const cost = h("span", { class: "position__cost" });
  const cancel = h("button", { class: "link", on: { click: () => actions.cancel() } }, "cancel");
  const below = h("p", { class: "position__below" }, dot, cost, cancel);
  store.watch(["step", "steps", "arrived", "runs", "focus", "descentProgress"], (state) => {
    const nowhere = state.runs.length === 0;
    setText(word, nowhere ? "step –" : "step ");
    step.el.hidden = nowhere;
    setText(total, nowhere ? "" : ` of ${formatCount(state.steps)}`);
    const [text, color] = belowOf(state);
    setText(cost, text);
    dot.hidden = !color;
    dot.style.setProperty("--run", color);
    cancel.hidden = !state.descentProgress;
  });
  return h("div", { class: "position" }, h("p", { class: "position__where" }, where, total), below);
}

/** The step as a number that can be typed. @param {Store} store @param {Actions} actions */
function createStep(store, actions) {
  /** @type {Field} */
  const field = { name: "step", label: "step", help: "", type: "integer", default: 0, low: 0, high: 0 };
  const step = createLoneNumber(field, "Go to step", (value, settled) => settled && actions.seek(value));
  step.main.classList.add("position__number");
  // What was typed and left wrong gives way to where the cursor is.
  step.main.addEventListener("blur", () => step.put(store.get().step));
  store.watch(["step", "steps"], ({ step: now, steps }) => {
    field.high = steps;
    step.main.title = `Go to step: ${boundsText(field)}`;
    step.main.style.setProperty("--digits", String(String(steps).length));
    step.set(now);
  });
  return step;
}

/**
 * The line under the step: how far the descent is computed, else what the run on show costs.
 * @param {AppState} state
 * @returns {[string, string]}
 */
function belowOf({ descentProgress, runs, focus, step }) {
  if (descentProgress)
    return [`computed ${formatCount(descentProgress.done)} of ${formatCount(descentProgress.total)}`, ""];
  if (runs.length === 0) return ["waiting for the first descent", ""];
  const run = runs[focus];
  if (!run?.count) return ["computing…", ""];
  const ended = endSaid(run, step);
  return [`${run.label} ${ended || formatRunning(run.cost[entryAt(run, step)])}`, run.color];
}

/** @param {Store} store @param {Actions} actions */
function createSpeed(store, actions) {
  const select = createSelect(
    SPEEDS.map((value) => ({ value, label: formatSpeed(value) })),
    (speed) => actions.setSpeed(speed),
  );
  select.main.classList.add("select--speed");
  store.watch(["speed"], ({ speed }) => select.set(speed));
  return h("label", { class: "speed" }, h("span", { class: "speed__label" }, "speed"), select.main);
}
