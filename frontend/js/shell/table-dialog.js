/** The preview of a table that was brought, from which it is learned. */

import { DATA_VIEW } from "../document/changes.js";
import { plural } from "../document/number-format.js";
import { experimentOf } from "../document/tables.js";
import { ask } from "../ui/ask.js";
import { h, refill } from "../ui/dom.js";
import { openDialog } from "./dialog.js";
import { createChoices, showRefusal } from "./table-choices.js";
import { readTable } from "./table-file.js";

/** @import { Actions, Fault, Store } from "../document/types.js" */
/** @import { TableSeen } from "../document/tables.js" */

/**
 * @param {File[]} files   One table.
 * @param {Store} store
 * @param {Actions} actions
 */
export async function openTableDialog([file], store, actions) {
  const body = h("div", { class: "table-dialog" }, waiting(file));
  const dialog = openDialog(file.name, body);
  dialog.classList.add("dialog--wide");
  try {
    const table = await readTable(file, actions.upload);
    if (!dialog.open) return;
    if (isMissed(table, store.get().fault)) return comeBack();
    fill(table);
  } catch (fault) {
    showRefusal(body, fault, () => {
      dialog.close();
      ask("file");
    });
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
    const choices = createChoices(table);
    const train = h("button", { class: "button button--accent", type: "submit" }, "Train a network");
    const cancel = h("button", { class: "button", on: { click: () => dialog.close() } }, "Cancel");
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
      const view = { stage: store.get().doc?.view.stage, tab: DATA_VIEW };
      actions.load(experimentOf(table, choice, view), { tour: null });
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
}

/** @param {File} file */
const waiting = ({ name }) =>
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
