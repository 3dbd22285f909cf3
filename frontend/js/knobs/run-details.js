/** What a run's card folds away: the other hyperparameters, schedule, clipping, noise, a label, copies. */

import { entryOf } from "../document/changes.js";
import { choicesOf, faultAt, valueAt } from "../document/controls.js";
import { h } from "../ui/dom.js";
import { icon } from "../ui/icons.js";
import { createSelect } from "../ui/inputs.js";
import { createKnob, createKnobsFor, createRow, explanationOfEntry, fixable, switching } from "./knob.js";
import { createHyperparameter, shownOptimizer } from "./optimizer.js";
import { createNamedKnob, onlyFor } from "./run-fields.js";

/** @import { AppState, Field } from "../document/types.js" */
/** @import { Part } from "./knob.js" */
/** @import { RunContext } from "./optimizer.js" */

/** @param {RunContext} context @param {number} k @returns {Part} */
export function createRunDetails(context, k) {
  const kindOf = (/** @type {AppState} */ state) => shownOptimizer(context, k, state).kind ?? "";
  const named = (/** @type {string} */ name) => createNamedKnob(context, "run", name, ["runs", k]);
  const settings = [
    fixable(
      "details",
      switching(h("div", {}), kindOf, (state) => hyperparameters(context, k, kindOf(state), state)),
    ),
    fixable(
      "batch",
      onlyFor("examples", () => named("batch_size")),
    ),
    fixable(
      "details",
      onlyFor("formula", () => named("gradient_noise")),
    ),
    fixable("details", createSchedule(context, k)),
    fixable("details", createClip(context, k)),
    fixable(
      "start",
      onlyFor("examples", () => named("init_seed")),
    ),
  ];
  const kept = [...named("label"), fixable("runs", createCopies(context, k))];
  return {
    el: h(
      "div",
      { class: "run__details" },
      h("div", { class: "run__computed run__settings" }, ...settings.map((part) => part.el)),
      ...kept.map((part) => part.el),
    ),
    update(state) {
      for (const part of [...settings, ...kept]) part.update(state);
    },
  };
}

/** @param {RunContext} context @param {number} k @param {string} kind @param {AppState} state @returns {Part[]} */
function hyperparameters(context, k, kind, { catalog }) {
  const fields = /** @type {Field[]} */ (entryOf(catalog?.optimizers, kind)?.fields ?? []);
  return fields
    .filter(({ name }) => name !== "learning_rate")
    .map((field) => createHyperparameter(context, k, field));
}

/** @param {RunContext} context @param {number} k @returns {Part} */
function createSchedule(context, k) {
  const { store, actions } = context;
  const path = ["runs", k, "schedule"];
  const kindOf = (/** @type {AppState} */ { doc }) => valueAt(doc, [...path, "kind"]) ?? "constant";
  const row = createRow("Schedule", () => {
    const state = store.get();
    return explanationOfEntry(
      "Schedule",
      entryOf(state.catalog?.schedules, kindOf(state)),
      "How the learning rate changes along the run.",
    );
  });
  const select = createSelect(choicesOf(store.get().catalog?.schedules), (kind) =>
    actions.change(path, { kind }),
  );
  row.hold(select);
  const fields = switching(h("div", {}), kindOf, (state) =>
    createKnobsFor(context, entryOf(state.catalog?.schedules, kindOf(state))?.fields ?? [], path),
  );
  return {
    el: h("div", { class: "knob-stack" }, row.el, fields.el),
    update(state) {
      select.set(kindOf(state));
      row.complain(faultAt(state.fault, [...path, "kind"]));
      fields.update(state);
    },
  };
}

const FIRST_LIMIT = 1;

/** @param {RunContext} context @param {number} k @returns {Part} */
function createClip(context, k) {
  const { store, actions } = context;
  const path = ["runs", k, "clip"];
  const kindOf = (/** @type {AppState} */ { doc }) => Object.keys(valueAt(doc, path) ?? {})[0] ?? null;
  const row = createRow("Clipping", () => {
    const state = store.get();
    return explanationOfEntry(
      "Clipping",
      entryOf(state.catalog?.clips, kindOf(state)),
      "Keeps a gradient from being longer than a limit.",
    );
  });
  const select = createSelect(
    [{ value: null, label: "none" }, ...choicesOf(store.get().catalog?.clips)],
    (kind) => actions.change(path, kind && { [kind]: FIRST_LIMIT }),
  );
  row.hold(select);
  const limit = switching(
    h("div", {}),
    (state) => kindOf(state) ?? "",
    (state) => {
      const fields = /** @type {Field[]} */ (entryOf(state.catalog?.clips, kindOf(state))?.fields ?? []);
      return fields.map((field) =>
        createKnob(context, {
          field: { ...field, type: "number", default: FIRST_LIMIT },
          path: [...path, field.name],
        }),
      );
    },
  );
  return {
    el: h("div", { class: "knob-stack" }, row.el, limit.el),
    update(state) {
      select.set(kindOf(state));
      limit.update(state);
    },
  };
}

/** @param {RunContext} context @param {number} k @returns {Part} */
function createCopies({ actions }, k) {
  const copy = h(
    "button",
    { class: "button", on: { click: () => actions.addOrCopyRun(k) } },
    icon("copy"),
    "Duplicate",
  );
  const remove = h(
    "button",
    { class: "button", on: { click: () => actions.removeRun(k) } },
    icon("remove"),
    "Remove",
  );
  return {
    el: h("div", { class: "button-row" }, copy, remove),
    update({ doc, catalog }) {
      const count = doc?.runs.length ?? 0;
      remove.disabled = count <= 1;
      copy.disabled = count >= (catalog?.limits.max_runs ?? Infinity);
    },
  };
}
