/** What a table holds, and what is learned from it: of one that was brought, and anew of the one that is open. */

import { DATA_VIEW } from "../document/changes.js";
import { plural } from "../document/number-format.js";
import { choiceOf, experimentOf, firstChoice, withChoice } from "../document/tables.js";
import { ask } from "../ui/ask.js";
import { h, refill } from "../ui/dom.js";
import { openDialog } from "./dialog.js";
import { createChoices, showRefusal } from "./table-choices.js";
import { readTable } from "./table-file.js";

/** @import { Actions, Fault, Store } from "../document/types.js" */
/** @import { Choice, TableSeen } from "../document/tables.js" */

/**
 * @param {File[]} files   One table.
 * @param {Store} store
 * @param {Actions} actions
 */
export async function openTableDialog([file], store, actions) {
  const { dialog, body } = begun(file.name);
  try {
    const table = await readTable(file, actions.upload);
    if (!dialog.open) return;
    if (isMissed(table, store.get().fault)) return comeBack();
    fill(table);
  } catch (fault) {
    refuse(dialog, body, fault);
  }

  /** The experiment on show waits for this very table. */
  function comeBack() {
    const { doc } = store.get();
    dialog.close();
    store.set({ notice: `${file.name} is back: it is the table that this experiment was made with.` });
    if (doc) actions.load(doc, { entry: "same" });
  }

  /** @param {TableSeen} table */
  function fill(table) {
    choose(dialog, body, table, firstChoice(table), "Train a network", (choice) => {
      const view = { stage: store.get().doc?.view.stage, tab: DATA_VIEW };
      actions.load(experimentOf(table, choice, view), { tour: null });
    });
  }
}

/**
 * The columns of the table that the experiment on show learns from, to be chosen anew.
 * @param {Store} store
 * @param {Actions} actions
 */
export async function openColumnsDialog(store, actions) {
  const dataset = store.get().doc?.problem.dataset;
  if (dataset?.kind !== "table") return;
  const { dialog, body } = begun(dataset.name ?? "table");
  try {
    const table = await actions.tableOf(dataset);
    if (!dialog.open) return;
    choose(dialog, body, { ...table, notes: [] }, choiceOf(table, dataset), "Learn from these", (choice) => {
      const { catalog, doc } = store.get();
      if (!catalog || !doc) return;
      const changed = withChoice(doc, catalog, table, choice);
      if (changed !== doc) actions.load(changed);
    });
  } catch (fault) {
    refuse(dialog, body, fault);
  }
}

/** A dialog that waits for what a table holds. @param {string} name */
function begun(name) {
  const body = h("div", { class: "table-dialog" }, waiting(name));
  const dialog = openDialog(name, body);
  dialog.classList.add("dialog--wide");
  return { dialog, body };
}

/** @param {HTMLDialogElement} dialog @param {HTMLElement} body @param {any} fault */
const refuse = (dialog, body, fault) =>
  showRefusal(body, fault, () => {
    dialog.close();
    ask("file");
  });

/**
 * @param {HTMLDialogElement} dialog
 * @param {HTMLElement} body
 * @param {TableSeen} table
 * @param {Choice} first
 * @param {string} words   Of the button that takes the choice.
 * @param {(choice: Choice) => void} take
 */
function choose(dialog, body, table, first, words, take) {
  const choices = createChoices(table, first);
  const train = h("button", { class: "button button--accent", type: "submit" }, words);
  const cancel = h(
    "button",
    { class: "button", type: "button", on: { click: () => dialog.close() } },
    "Cancel",
  );
  const form = h(
    "form",
    { class: "table-form", method: "dialog" },
    h("p", { class: "table-size" }, sizeSaid(table)),
    ...table.notes.map((note) => h("p", { class: "table-note" }, note)),
    choices.el,
    h("div", { class: "dialog__foot" }, choices.said, cancel, train),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const choice = choices.choice();
    if (choice.inputs.length === 0) return;
    dialog.close();
    take(choice);
  });
  const show = () => {
    train.disabled = choices.choice().inputs.length === 0;
  };
  form.addEventListener("input", show);
  show();
  refill(body, form);
  // What is disabled takes no focus, and without one the keys would go to the page below.
  (train.disabled ? cancel : train).focus();
}

/** @param {string} name */
const waiting = (name) =>
  h(
    "p",
    { class: "table-waiting", role: "status" },
    h("span", { class: "spinner", "aria-hidden": "true" }),
    ` Reading ${name}…`,
  );

/** @param {TableSeen} table */
const sizeSaid = ({ rows, columns }) => `${plural(rows, "row")}, ${plural(columns.length, "column")}`;

/** Whether it is this table that the experiment asked for is refused without. @param {TableSeen} table @param {Fault|null} fault */
const isMissed = ({ sha256 }, fault) => fault?.gone?.sha256 === sha256;
