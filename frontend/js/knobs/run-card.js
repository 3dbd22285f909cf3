/** A run's card: its colour, its optimizer and learning rate, its batches, how it fared, and the rest folded away. */

import { entryOf } from "../document/changes.js";
import { faultAt } from "../document/controls.js";
import { isolated } from "../document/names.js";
import { hasExamples } from "../document/view.js";
import { freshId, h, setText } from "../ui/dom.js";
import { createHelpTip } from "../ui/help-tip.js";
import { icon } from "../ui/icons.js";
import { createSelect } from "../ui/inputs.js";
import { explanationOf, fixable } from "./knob.js";
import { createOptimizer, createRate } from "./optimizer.js";
import { createRunDetails } from "./run-details.js";
import { createStatus } from "./run-status.js";

/** @import { AppState } from "../document/types.js" */
/** @import { Part } from "./knob.js" */
/** @import { RunContext } from "./optimizer.js" */

/**
 * @param {RunContext} context
 * @param {number} k  The run's place in the document.
 * @returns {Part}
 */
export function createCard(context, k) {
  const { store, actions } = context;
  const details = createRunDetails(context, k);
  details.el.id = freshId("details");
  details.el.hidden = true;
  details.el.classList.add("beyond");
  const optimizer = fixable("optimizer", createOptimizer(context, k));
  const focus = h("button", { class: "run__focus", on: { click: () => actions.focusRun(k) } });
  const more = h(
    "button",
    { class: "run__more beyond", "aria-controls": details.el.id, on: { click: unfold } },
    h("span", {}, "more"),
    icon("down"),
  );
  const rate = fixable("rate", createRate(context, k));
  const batch = fixable("batch", createBatch(context, k));
  const status = createStatus(context, k);
  const label = h("span", { class: "run__label" });
  const foot = h("div", { class: "run__foot" }, batch.el, more);
  const el = h(
    "article",
    { class: "run", on: { pointerenter: () => lift(k), pointerleave: () => lift(null) } },
    h("div", { class: "run__head" }, focus, optimizer.el, label),
    rate.el,
    status.el,
    foot,
    details.el,
  );

  // What a recorded run has none of: its checkpoints are all that is known.
  for (const part of [optimizer, rate, batch]) part.el.classList.add("run__computed");

  /** @param {number|null} run */
  const lift = (run) => store.set({ lifted: run });
  function unfold() {
    details.el.hidden = !details.el.hidden;
    update(store.get());
  }

  /** @param {AppState} state */
  function update(state) {
    const name = nameOf(state, k);
    el.style.setProperty("--run", state.runs[k]?.color ?? `var(--run-${k % 8})`);
    el.setAttribute("aria-label", `Run ${k + 1}: ${name}`);
    const { label: own, recorded } = state.doc?.runs[k] ?? {};
    setText(label, isolated(own ?? (recorded && nameOf(state, k)) ?? ""));
    el.classList.toggle("run--recorded", Boolean(recorded));
    const focused = state.focus === k;
    el.classList.toggle("run--focused", focused);
    focus.setAttribute("aria-pressed", String(focused));
    focus.setAttribute("aria-label", `Show ${name} in the views`);
    focus.title = focused ? "The views show this run" : "Show this run in the views";
    more.setAttribute("aria-expanded", String(!details.el.hidden));
    more.setAttribute("aria-label", details.el.hidden ? `More about ${name}` : `Less about ${name}`);
    setText(/** @type {HTMLElement} */ (more.firstElementChild), details.el.hidden ? "more" : "less");
    for (const part of [optimizer, rate, batch, status]) part.update(state);
    if (!details.el.hidden) details.update(state);
  }
  return { el, update };
}

/** @param {AppState} state @param {number} k */
function nameOf({ doc, runs, catalog }, k) {
  const run = doc?.runs[k];
  return (
    (run?.label && isolated(run.label)) ??
    runs[k]?.label ??
    (run?.recorded?.name && isolated(run.recorded.name)) ??
    entryOf(catalog?.optimizers, run?.optimizer.kind)?.label ??
    `run ${k + 1}`
  );
}

const BATCHES = [1, 2, 4, 8, 16, 32, 64, 128, 256];

/** @param {RunContext} context @param {number} k @returns {Part} */
function createBatch({ store, actions }, k) {
  const path = ["runs", k, "batch_size"];
  const select = createSelect([], (size) => actions.change(path, size));
  select.main.classList.add("select--small");
  select.main.setAttribute("aria-label", `Batch size of run ${k + 1}`);
  const tip = createHelpTip("batch size", () => {
    const { catalog, glossary } = store.get();
    const field = catalog?.run.find(({ name }) => name === "batch_size");
    return field ? explanationOf(glossary, field) : { title: "Batch size", texts: [] };
  });
  const el = h("span", { class: "run__batch" }, select.main, tip);
  return {
    el,
    update(state) {
      el.hidden = !hasExamples(state.doc);
      const size = state.doc?.runs[k]?.batch_size ?? null;
      const sizes =
        size === null || BATCHES.includes(size)
          ? BATCHES
          : [...BATCHES, size].sort((one, other) => one - other);
      select.setChoices([
        { value: null, label: "full batch" },
        ...sizes.map((value) => ({ value, label: value === 1 ? "batch 1 (SGD)" : `batch ${value}` })),
      ]);
      select.set(size);
      select.main.setAttribute("aria-invalid", String(faultAt(state.fault, path) !== null));
    },
  };
}
