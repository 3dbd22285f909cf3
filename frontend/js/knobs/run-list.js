/** The Runs group: a card for each descent, in its colour. */

import { withOneMoreRun } from "../document/changes.js";
import { hasExamples, isRecorded } from "../document/view.js";
import { h } from "../ui/dom.js";
import { icon } from "../ui/icons.js";
import { createSelect } from "../ui/inputs.js";
import { createGroup } from "./group.js";
import { beyond, createRow, fixable } from "./knob.js";
import { createCard } from "./run-card.js";
import { createNamedKnob } from "./run-fields.js";

/** @import { AppState } from "../document/types.js" */
/** @import { Context, Part } from "./knob.js" */

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
  const add = h("button", { class: "button button--wide", on: { click: addRun } }, icon("plus"), "Add a run");
  const steps = createNamedKnob(base, "experiment", "steps", []);
  const group = createGroup(
    "Runs",
    [
      moment,
      { el: list, update: updateCards },
      beyond(fixable("runs", { el: add, update: limitRuns })),
      ...steps.map((part) => beyond(fixable("steps", part))),
    ],
    { say: saidOfRuns, always: true },
  );

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
  function limitRuns({ doc, catalog, problem }) {
    add.hidden = problem?.sloped === false;
    add.disabled = (doc?.runs.length ?? 0) >= (catalog?.limits.max_runs ?? Infinity);
  }
  return group;
}

/** What the runs share: it makes their race a fair one. @param {AppState} state */
function saidOfRuns({ doc }) {
  if (!doc || doc.runs.length < 2) return "";
  if (doc.runs.some(ownStart)) return "some with their own start";
  return hasExamples(doc) ? "same start and batches" : "same start";
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
  const select = createSelect(
    [
      { value: false, label: "the start" },
      { value: true, label: "this step" },
    ],
    (here) => {
      // What is chosen stays in sight.
      row.el.classList.toggle("beyond", !here);
      choose(here);
    },
  );
  row.el.classList.add("beyond");
  select.set(false);
  row.hold(select);
  return {
    el: row.el,
    update({ step, doc }) {
      row.el.hidden = step === 0 || isRecorded(doc);
    },
  };
}

const MOMENT =
  "A change of an optimizer either restarts the run with it, or takes over at the step on show and keeps what came before.";
