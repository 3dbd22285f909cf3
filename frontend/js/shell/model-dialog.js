/** A trained model or training run that was brought: what the files do not say is asked, and it is shown. */

import {
  costsFor,
  dataFitting,
  firstModelChoice,
  modelExperiment,
  modelSaid,
  outputsFor,
} from "../document/models.js";
import { ask } from "../ui/ask.js";
import { freshId, h, refill } from "../ui/dom.js";
import { createSelect } from "../ui/inputs.js";
import { zipOf } from "../wire/zip.js";
import { openDialog } from "./dialog.js";

/** @import { Actions, Catalog, Fault, Named, Store } from "../document/types.js" */
/** @import { ModelChoice, ModelData, ModelSeen } from "../document/models.js" */

const BYTES = "application/octet-stream";

/**
 * @param {File[]} files   One model, or the checkpoints of one run.
 * @param {Store} store
 * @param {Actions} actions
 */
export async function openModelDialog(files, store, actions) {
  const title = files.length > 1 ? `${files[0].name} and ${files.length - 1} more` : files[0].name;
  const body = h("div", { class: "model-dialog" }, waiting(title));
  const dialog = openDialog(title, body);
  try {
    const seen = await send(files, actions);
    if (!dialog.open) return;
    const { catalog, doc, fault } = store.get();
    if (doc && fault?.gone?.sha256 === seen.sha256) return comeBack(doc);
    if (catalog) fill(seen, catalog);
  } catch (fault) {
    refill(body, ...refusal(/** @type {Fault} */ (fault), dialog));
  }

  /** The experiment on show waits for this very run. @param {NonNullable<ReturnType<Store["get"]>["doc"]>} doc */
  function comeBack(doc) {
    dialog.close();
    store.set({ notice: `${title} is back: it is what this experiment was made with.` });
    actions.load(doc, { entry: "same" });
  }

  /** @param {ModelSeen} seen @param {Catalog} catalog */
  function fill(seen, catalog) {
    const fitting = dataFitting(seen, store.get(), catalog);
    const facts = [
      h("p", { class: "model-facts" }, `${modelSaid(seen)}.`),
      ...seen.notes.map((note) => h("p", { class: "table-note" }, note)),
    ];
    if (fitting.length === 0) return refill(body, ...facts, ...noData(seen, dialog));
    const choices = createModelChoices(seen, fitting, catalog);
    const several = seen.checkpoints > 1;
    const show = h(
      "button",
      { class: "button button--accent", type: "submit" },
      several ? "Show the run" : "Descend on from it",
    );
    const cancel = h(
      "button",
      { class: "button", type: "button", on: { click: () => dialog.close() } },
      "Cancel",
    );
    const foot = h("div", { class: "dialog__foot" }, h("span", { class: "table-said" }), cancel, show);
    const form = h("form", { class: "table-form", method: "dialog" }, ...facts, choices.el, foot);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      dialog.close();
      const view = { stage: store.get().doc?.view.stage };
      actions.load(modelExperiment(seen, choices.choice(), view), { tour: null });
    });
    refill(body, form);
    show.focus();
  }
}

/**
 * @param {File[]} files
 * @param {Actions} actions
 * @returns {Promise<ModelSeen>}
 */
async function send(files, actions) {
  const address = `checkpoints?name=${encodeURIComponent(files[0].name)}`;
  if (files.length === 1) return actions.upload(address, files[0], BYTES);
  const read = files.map(async (file) => ({
    name: file.name,
    bytes: new Uint8Array(await file.arrayBuffer()),
  }));
  return actions.upload(address, zipOf(await Promise.all(read)), BYTES);
}

/**
 * @param {ModelSeen} seen
 * @param {ModelData[]} fitting
 * @param {Catalog} catalog
 */
function createModelChoices(seen, fitting, catalog) {
  let choice = firstModelChoice(seen, fitting[0]);
  const data = createSelect(
    fitting.map((each) => ({ value: each.kind, label: each.label })),
    (kind) => {
      const chosen = fitting.find((each) => each.kind === kind) ?? fitting[0];
      choice = { ...firstModelChoice(seen, chosen), activation: choice.activation, beside: choice.beside };
      display();
    },
  );
  const activation = createSelect(choicesOf(catalog.activations), (kind) => change({ activation: kind }));
  const output = createSelect([], (kind) => change({ output: kind, cost: costsFor(kind, choice.data)[0] }));
  const cost = createSelect([], (kind) => change({ cost: kind }));
  const beside = h("input", { type: "checkbox", class: "table-column__use", checked: true });
  beside.addEventListener("input", () => change({ beside: beside.checked }));

  /** @param {Partial<ModelChoice>} part */
  function change(part) {
    choice = { ...choice, ...part };
    display();
  }

  function display() {
    const mixed = Array.isArray(choice.activation);
    activation.setChoices([
      ...(mixed ? [{ value: choice.activation, label: "as the file says" }] : []),
      ...choicesOf(catalog.activations),
    ]);
    output.setChoices(choicesOf(catalog.outputs, outputsFor(seen, choice.data)));
    cost.setChoices(choicesOf(catalog.costs, costsFor(choice.output, choice.data)));
    data.set(choice.data.kind);
    activation.set(choice.activation);
    output.set(choice.output);
    cost.set(choice.cost);
  }
  display();

  const several = seen.checkpoints > 1;
  return {
    el: h(
      "div",
      {},
      line("On the data", data.main),
      ...(seen.widths.length > 2 ? [line("Hidden layers", activation.main, fileSaid(seen.activations))] : []),
      line("Output", output.main, fileSaid(seen.output)),
      line("Cost", cost.main),
      h(
        "p",
        { class: "table-note model-hint" },
        "A loss on logits (BCEWithLogits, CrossEntropy) has the sigmoid or softmax in it: choose that output.",
      ),
      ...(several
        ? [h("label", { class: "model-beside" }, beside, "Train a network from the same start beside it")]
        : []),
    ),
    choice: () => choice,
  };
}

/** @param {Named[]} entries @param {string[]} [kinds]   Only these, in this order. */
function choicesOf(entries, kinds = entries.map(({ kind }) => kind)) {
  return kinds.map((kind) => ({
    value: kind,
    label: entries.find((each) => each.kind === kind)?.label ?? kind,
  }));
}

/** @param {unknown} said */
const fileSaid = (said) =>
  h("span", { class: "model-source" }, said ? "as the file says" : "the file does not say");

/** @param {string} words @param {HTMLElement[]} inputs */
function line(words, ...inputs) {
  const label = h("label", { class: "table-line__label model-label" }, words);
  label.setAttribute("for", inputs[0].id || freshId("model"));
  return h("div", { class: "table-line" }, label, ...inputs);
}

/** @param {ModelSeen} seen @param {HTMLDialogElement} dialog */
function noData({ widths }, dialog) {
  const shape = `${widths[0]} inputs and ${widths[widths.length - 1]} outputs`;
  return [
    h(
      "p",
      { role: "alert" },
      `None of the data sets at hand has ${shape}. Open the table that it was trained on, then this file again.`,
    ),
    again("Open a table…", dialog),
  ];
}

/** Why the files were refused; the lines that convert one are to be copied. @param {Fault} fault @param {HTMLDialogElement} dialog */
function refusal(fault, dialog) {
  const [first] = fault.errors ?? [];
  const subject = first?.field === "file" ? "The file" : first?.field;
  const words = first ? `${subject} ${first.message}` : (fault.detail ?? "It did not arrive.");
  const [said, code] = words.split(/ (?:C|c)onvert (?:it|a Keras model) with: /);
  const lines = code?.split("; ").join("\n");
  return [
    h(
      "p",
      { class: "table-refusal", role: "alert" },
      code ? `${said.replace(/[;.]$/, "")}. Convert it with:` : said,
    ),
    ...(code ? [h("pre", { class: "model-code" }, h("code", {}, lines))] : []),
    again("Open another file…", dialog),
  ];
}

/** @param {string} label @param {HTMLDialogElement} dialog */
function again(label, dialog) {
  const open = () => {
    dialog.close();
    ask("file");
  };
  return h("p", {}, h("button", { class: "button", on: { click: open } }, label));
}

/** @param {string} name */
const waiting = (name) =>
  h(
    "p",
    { class: "table-waiting", role: "status" },
    h("span", { class: "spinner", "aria-hidden": "true" }),
    ` Reading ${name}…`,
  );
