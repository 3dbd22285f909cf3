/** The Runs group: a card for each descent, in its colour. */

import { editsOf, entryOf, withOneMoreRun, withoutEdits } from "../changes.js";
import { faultAt } from "../controls.js";
import { freshId, h, refill, setText } from "../dom.js";
import { formatCount } from "../format.js";
import { createGroup } from "./group.js";
import { icon } from "./icons.js";
import { createSelect } from "./inputs.js";
import { createKnob, createRow } from "./knob.js";
import { createOptimizer, createRate } from "./optimizer.js";
import { createRunDetails } from "./rundetails.js";
import { stepsField } from "./runfields.js";

/** @typedef {import("./knob.js").Context} Context */
/** @typedef {import("./knob.js").Part} Part */
/** @typedef {import("../types.js").AppState} AppState */
/** @typedef {import("./optimizer.js").RunContext} RunContext */

/** @param {Context} base @returns {Part} */
export function createRuns(base) {
  const { store, actions } = base;
  let fromHere = false;
  const context = { ...base, fromHere: () => fromHere && store.get().step > 0 };
  const moment = createMoment((here) => {
    fromHere = here;
    group.update(store.get());
  });
  const list = h("div", { class: "runs" });
  const cards = /** @type {Part[]} */ ([]);
  const add = h("button", { type: "button", class: "button button--wide", on: { click: addRun } }, icon("plus"), "Add a run");
  const steps = createKnob(base, { field: stepsField(store.get().catalog), path: ["steps"] });
  const group = createGroup("Runs", [moment, { el: list, update: updateCards }, { el: add, update: limitRuns }, steps], { say: saidOfRuns, always: true });

  function addRun() {
    const { doc, catalog } = store.get();
    if (doc && catalog) actions.change(["runs"], withOneMoreRun(doc, catalog));
  }

  /** @param {AppState} state */
  function updateCards(state) {
    const count = state.doc?.runs.length ?? 0;
    while (cards.length > count) cards.pop()?.el.remove();
    while (cards.length < count) {
      const card = createCard(context, cards.length);
      cards.push(card);
      list.append(card.el);
    }
    for (const card of cards) card.update(state);
  }

  /** @param {AppState} state */
  function limitRuns({ doc, catalog }) {
    add.disabled = (doc?.runs.length ?? 0) >= (catalog?.limits.max_runs ?? Infinity);
  }
  return group;
}

/** What the runs share: it makes their race a fair one. @param {AppState} state */
function saidOfRuns({ doc }) {
  if (!doc || doc.runs.length < 2) return "";
  if (doc.runs.some(ownStart)) return "some with their own start";
  return doc.problem.kind === "formula" ? "same start" : "same start and batches";
}

/** @param {any} run */
const ownStart = (run) => Boolean(run.start) || (run.init_seed ?? null) !== null;

/**
 * When a change of an optimizer acts: asked only once the descent has left its start.
 * @param {(here: boolean) => void} choose
 * @returns {Part}
 */
function createMoment(choose) {
  const row = createRow("Changes act from", () => ({ title: "Changes act from", texts: [MOMENT] }));
  const select = createSelect([{ value: false, label: "the start" }, { value: true, label: "this step" }], choose);
  select.set(false);
  row.hold(select);
  return {
    el: row.el,
    update({ step }) {
      row.el.hidden = step === 0;
    },
  };
}

const MOMENT = "A change of an optimizer either restarts the run with it, or takes over at the step on show and keeps what came before.";

/** @param {RunContext} context @param {number} k @returns {Part} */
function createCard(context, k) {
  const { store, actions } = context;
  const details = createRunDetails(context, k);
  details.el.id = freshId("details");
  details.el.hidden = true;
  const optimizer = createOptimizer(context, k);
  const focus = h("button", { type: "button", class: "run__focus", on: { click: () => actions.focusRun(k) } });
  const more = h("button", { type: "button", class: "run__more", "aria-controls": details.el.id, on: { click: unfold } }, h("span", {}, "more"), icon("down"));
  const rate = createRate(context, k);
  const batch = createBatch(context, k);
  const status = createStatus(context, k);
  const foot = h("div", { class: "run__foot" }, batch.el, more);
  const el = h(
    "article",
    { class: "run", on: { pointerenter: () => lift(k), pointerleave: () => lift(null) } },
    h("div", { class: "run__head" }, focus, optimizer.el),
    rate.el, status.el, foot, details.el,
  );

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
  return run?.label ?? runs[k]?.label ?? entryOf(catalog?.optimizers, run?.optimizer.kind)?.label ?? `run ${k + 1}`;
}

const BATCHES = [1, 2, 4, 8, 16, 32, 64, 128, 256];

/** @param {RunContext} context @param {number} k @returns {Part} */
function createBatch({ actions }, k) {
  const path = ["runs", k, "batch_size"];
  const select = createSelect([], (size) => actions.change(path, size));
  select.main.classList.add("select--small");
  select.main.setAttribute("aria-label", `Batch size of run ${k + 1}`);
  const el = h("span", { class: "run__batch" }, select.main);
  return {
    el,
    update(state) {
      select.main.hidden = state.doc?.problem.kind === "formula";
      const size = state.doc?.runs[k]?.batch_size ?? null;
      const sizes = size === null || BATCHES.includes(size) ? BATCHES : [...BATCHES, size].sort((one, other) => one - other);
      select.setChoices([{ value: null, label: "full batch" }, ...sizes.map((value) => ({ value, label: value === 1 ? "batch 1 (SGD)" : `batch ${value}` }))]);
      select.set(size);
      select.main.setAttribute("aria-invalid", String(faultAt(state.fault, path) !== null));
    },
  };
}

/**
 * How a run ended, and where it was changed under way, with the way back.
 * @param {RunContext} context
 * @param {number} k
 * @returns {Part}
 */
function createStatus({ store, actions }, k) {
  const said = h("span", { class: "run__said" });
  const undo = h("button", { type: "button", class: "link", on: { click: dropEdits } }, "undo");
  const changed = h("span", { class: "run__changed" });
  const el = h("div", { class: "run__status" }, said, changed);

  function dropEdits() {
    const { doc } = store.get();
    if (doc) actions.change(["edits"], withoutEdits(doc, k));
  }
  return {
    el,
    update({ runs, doc }) {
      const [text, tone] = statusOf(runs[k]);
      setText(said, text);
      said.dataset.tone = tone;
      const steps = doc ? editsOf(doc, k).map(({ step }) => formatCount(step)) : [];
      if (changed.dataset.steps !== steps.join()) {
        changed.dataset.steps = steps.join();
        refill(changed, ...(steps.length ? [`changed at step ${steps.join(", ")} `, undo] : []));
      }
      el.hidden = !text && !steps.length;
    },
  };
}

/** @param {import("../types.js").Run|undefined} run @returns {[string, string]} */
function statusOf(run) {
  if (run?.status === "diverged") return [`diverged after step ${formatCount(run.count - 1)}`, "bad"];
  if (run && run.stationaryAt !== null) return [`stationary from step ${formatCount(run.stationaryAt)}`, "quiet"];
  return ["", "quiet"];
}
