/** A run's optimizer and its hyperparameters, acting from the start or from the step on show. */

import { entryOf, optimizerAt } from "../document/changes.js";
import { choicesOf } from "../document/controls.js";
import { boundOnSlider, edgeAt, edgeWords, isOutdated } from "../model/edge.js";
import { h } from "../ui/dom.js";
import { createHelpTip } from "../ui/help-tip.js";
import { createSelect } from "../ui/inputs.js";
import { changeTo, createKnob, explanationOfEntry, switching } from "./knob.js";

/** @import { AppState, Field } from "../document/types.js" */
/** @import { Mark } from "../ui/input-types.js" */
/** @import { Context, Part } from "./knob.js" */

/** @typedef {Context & {fromHere: () => boolean}} RunContext  fromHere: changes act from the step on show. */

/**
 * The optimizer a card shows: the one that runs at the cursor when changes act from there.
 * @param {RunContext} context
 * @param {number} k
 * @param {AppState} state
 */
export function shownOptimizer({ fromHere }, k, { doc, step }) {
  return doc ? optimizerAt(doc, k, fromHere() ? step : -1) : {};
}

/** @param {RunContext} context @param {number} k @returns {Part} */
export function createOptimizer(context, k) {
  const { store } = context;
  const { catalog } = store.get();
  const settings = rememberSettings();
  const select = createSelect(choicesOf(catalog?.optimizers), (kind) => {
    const state = store.get();
    sendOptimizer(context, k, settings.switched(state, shownOptimizer(context, k, state), kind));
  });
  select.main.classList.add("select--title");
  select.main.setAttribute("aria-label", `Optimizer of run ${k + 1}`);
  const helpTip = createHelpTip("this optimizer", () => {
    const state = store.get();
    const entry = entryOf(state.catalog?.optimizers, shownOptimizer(context, k, state).kind);
    const bill = entry?.evaluations ? `Each step costs ${entry.evaluations}.` : "";
    return { ...explanationOfEntry("Optimizer", entry, bill), title: entry?.label ?? "Optimizer" };
  });
  return {
    el: h("div", { class: "run__optimizer" }, select.main, helpTip),
    update: (state) => select.set(shownOptimizer(context, k, state).kind),
  };
}

/** What an optimizer was set to comes back with it, as long as the same runs of the same experiment are shown. */
function rememberSettings() {
  let of = "";
  let kept = new Map();
  return {
    /** @param {AppState} state @param {Record<string, any>} before @param {string} kind @returns {Record<string, any>} */
    switched({ entry, doc }, before, kind) {
      const now = `${entry} ${doc?.runs.length}`;
      if (now !== of) kept = new Map();
      of = now;
      kept.set(before.kind, before);
      return kept.get(kind) ?? { kind };
    },
  };
}

/** @param {RunContext} context @param {number} k @param {Record<string, any>} optimizer */
function sendOptimizer({ actions, fromHere }, k, optimizer) {
  if (fromHere()) actions.editRun(k, optimizer);
  else actions.change(["runs", k, "optimizer"], optimizer);
}

/**
 * A knob of one hyperparameter of a run's optimizer.
 * @param {RunContext} context
 * @param {number} k
 * @param {Field} field
 * @param {Partial<import("./knob.js").KnobOptions>} [rest]
 * @returns {Part}
 */
export function createHyperparameter(context, k, field, rest = {}) {
  const path = ["runs", k, "optimizer", field.name];
  return createKnob(context, {
    field,
    path,
    read: (state) => shownOptimizer(context, k, state)[field.name],
    send(value, settled) {
      if (!context.fromHere()) changeTo(context, path, value);
      // Each edit stays in the document: one for a whole drag, not one for every pixel of it.
      else if (settled)
        sendOptimizer(context, k, {
          ...shownOptimizer(context, k, context.store.get()),
          [field.name]: value,
        });
    },
    ...rest,
  });
}

/** @param {RunContext} context @param {number} k @returns {Part} */
export function createRate(context, k) {
  const kindOf = (/** @type {AppState} */ state) => shownOptimizer(context, k, state).kind ?? "";
  return switching(h("div", { class: "run__rate" }), kindOf, (state) => {
    const fields = entryOf(state.catalog?.optimizers, kindOf(state))?.fields ?? [];
    const rate = fields.find(({ name }) => name === "learning_rate");
    const mark = (/** @type {AppState} */ now) => markOf(now, k);
    return rate ? [createHyperparameter(context, k, rate, { mark })] : [];
  });
}

/** The edge of stability at the cursor, on the slider of a run's learning rate. @param {AppState} state @param {number} k @returns {Mark|null} */
function markOf(state, k) {
  const edge = edgeAt(state.sharpness[k]?.frame, state.step);
  if (!edge) return null;
  return { value: boundOnSlider(edge), words: edgeWords(state, k, edge), faded: isOutdated(state, k) };
}
