/** The Problem and Network groups: what is learned, from what, by which network. */

import { DATA_VIEW, dataFor, entryOf, withCost, withData, withProblem } from "../document/changes.js";
import { faultAt } from "../document/controls.js";
import { withFittingFeatures } from "../document/features.js";
import { formatCount, plural } from "../document/number-format.js";
import { pointsGiven } from "../document/own-points.js";
import { isExplored } from "../document/view.js";
import { beginningOf } from "../plot/drawn-points.js";
import { ask } from "../ui/ask.js";
import { h, setText } from "../ui/dom.js";
import { createSegments, createSelect } from "../ui/inputs.js";
import { createFeatures } from "./features.js";
import { createFormula } from "./formula.js";
import { createFold, createGroup } from "./group.js";
import { createLayers, endsOf } from "./hidden-layers.js";
import { beyond, createKnobsFor, createRow, explanationOf, explanationOfEntry, switching } from "./knob.js";

/** @import { AppState, Catalog, Experiment, Field } from "../document/types.js" */
/** @import { Context, KnobOptions, Part } from "./knob.js" */

/** Fields of a problem that shape the network rather than say what it is for. */
const NETWORK = new Set(["hidden", "activation", "output", "init", "biases", "l1", "l2"]);
/** Fields that have a table of their own in the catalogue, which explains each choice. */
const TABLES = /** @type {Record<string, "activations"|"costs"|"outputs"|"inits">} */ ({
  activation: "activations",
  cost: "costs",
  output: "outputs",
  init: "inits",
});
/** Fields that most learners leave alone. */
const FOLDED = new Set(["l1", "l2", "biases"]);
/** Among the data sets: points drawn by hand. */
const OWN = "draw";
/** What has controls of its own. */
const SPECIAL = new Set(["dataset", "name", "expression", "domain", "hidden"]);

/** @param {Context} context @returns {Part} */
export function createProblem(context) {
  const body = switching(
    h("div", {}),
    ({ doc }) => doc?.problem.kind ?? "",
    (state) => problemParts(context, state),
  );
  return createGroup("Problem", [createKinds(context), body], { say: saidOfProblem });
}

/** @param {AppState} state */
function saidOfProblem({ catalog, doc }) {
  const { name, dataset } = doc?.problem ?? {};
  const chosen = entryOf(catalog?.formulas, name) ?? entryOf(catalog?.datasets, dataset?.kind);
  return chosen?.label ?? (dataset ? givenSaid(dataset) : "");
}

/** @param {Context} context @returns {Part} */
function createKinds({ store, actions }) {
  const { catalog } = store.get();
  const kinds = (catalog?.problems ?? []).map(({ kind, label }) => ({
    value: kind,
    label: kind[0].toUpperCase() + kind.slice(1),
    title: label,
  }));
  const segments = createSegments("Kind of problem", kinds, (kind) => {
    const { doc } = store.get();
    if (doc && catalog) actions.load(withProblem(doc, catalog, kind));
  });
  return {
    el: segments.el,
    update({ doc }) {
      // A model from Python is all that there is to see: what other problems there are is in the menu.
      segments.el.hidden = isExplored(doc);
      segments.set(doc?.problem.kind ?? "");
    },
  };
}

/** @param {Context} context @param {AppState} state @returns {Part[]} */
function problemParts(context, { catalog, doc }) {
  const kind = doc?.problem.kind ?? "";
  if (kind === "formula") return [createFormula(context)];
  if (kind === "explored") return [createExplored()];
  const fields = fieldsOf(catalog, kind).filter(({ name }) => kind !== "network" || !NETWORK.has(name));
  const features = kind === "network" ? [createFeatures(context)] : [];
  return [createData(context), ...[...features, ...knobsFor(context, fields)].map(beyond)];
}

/** What a model from Python is, and what of the page it has not. @returns {Part} */
function createExplored() {
  const words = h("p", { class: "hint" });
  return {
    el: words,
    update({ doc, problem }) {
      const { name } = /** @type {Record<string, any>} */ (doc?.problem ?? {});
      const size = problem ? `, ${plural(problem.dim, "parameter")}` : "";
      setText(words, `${name}${size}: a model from Python, whose cost is called there. ${WITHOUT}`);
    },
  };
}

const WITHOUT = "Its layers and its data are not known here: there is no lab and no network view.";

/** @param {Catalog|null} catalog @param {string} kind @returns {Field[]} */
const fieldsOf = (catalog, kind) =>
  (entryOf(catalog?.problems, kind)?.fields ?? []).filter(
    (/** @type {Field} */ { name }) => !SPECIAL.has(name),
  );

/** @param {Context} context @param {Field[]} fields @returns {Part[]} */
function knobsFor(context, fields) {
  const shown = fields.filter(({ name }) => !FOLDED.has(name));
  const folded = fields.filter(({ name }) => FOLDED.has(name));
  const knobs = shown.flatMap((field) =>
    field.name === "activation"
      ? [createActivation(context, field)]
      : createKnobsFor(context, [field], ["problem"], explained(context, field)),
  );
  return folded.length
    ? [...knobs, createFold("Penalties", createKnobsFor(context, folded, ["problem"]))]
    : knobs;
}

/**
 * A choice out of a table is explained by the entry that is chosen, not only by the field.
 * @param {Context} context
 * @param {Field} field
 * @returns {Partial<KnobOptions>}
 */
function explained({ store, actions }, field) {
  const table = TABLES[field.name];
  if (!table) return {};
  return {
    ...(field.name === "cost"
      ? {
          send: (/** @type {string} */ cost) =>
            actions.change(["problem"], withCost(store.get().doc?.problem ?? {}, cost)),
        }
      : {}),
    explain() {
      const { catalog, glossary, doc } = store.get();
      const entry = entryOf(catalog?.[table], Object(doc?.problem)[field.name]);
      return entry
        ? { ...explanationOf(glossary, field), ...explanationOfEntry(field.label, entry, field.help) }
        : explanationOf(glossary, field);
    },
  };
}

/**
 * The hidden layers' function: one for all of them, unless the lab has given layers their own.
 * @param {Context} context
 * @param {Field} field
 * @returns {Part}
 */
function createActivation(context, field) {
  const { actions } = context;
  const path = ["problem", "activation"];
  const row = createRow(
    "Activation σ",
    explained(context, field).explain ?? (() => explanationOf(null, field)),
  );
  const choices = field.choices ?? [];
  const select = createSelect(choices, (kind) => kind && actions.change(path, kind));
  row.hold(select);
  return {
    el: row.el,
    update(state) {
      const chosen = state.doc?.problem.activation;
      const own = Array.isArray(chosen);
      select.setChoices(own ? [{ value: null, label: "by layer" }, ...choices] : choices);
      select.set(own ? null : (chosen ?? field.default));
      row.complain(faultAt(state.fault, path));
    },
  };
}

/** @param {Context} context @returns {Part} */
function createData(context) {
  const { store, actions } = context;
  const row = createRow("Data", () => explanationOfEntry("Data", chosenData(store.get())));
  const select = createSelect([], (kind) => {
    const { doc, catalog } = store.get();
    if (kind === OWN) {
      actions.change(["view", "tab"], DATA_VIEW);
      actions.beginDrawing(...beginningOf(store.get()));
      update(store.get());
    } else if (doc && catalog && entryOf(catalog.datasets, kind))
      actions.load(fittingData(withData(doc, catalog, kind), catalog));
  });
  row.hold(select);
  const openFile = h(
    "button",
    { class: "quiet knob-open", on: { click: () => ask("file") }, title: "Or drop it anywhere on the page" },
    "Open a file…",
  );
  const columns = h(
    "button",
    {
      class: "quiet knob-open",
      on: { click: () => ask("columns") },
      title: "What is learned, and from what",
    },
    "Columns…",
  );
  const fields = switching(
    h("div", {}),
    ({ doc }) => doc?.problem.dataset?.kind ?? "",
    (state) => dataFields(context, state),
  );
  /** @param {AppState} state */
  function update(state) {
    select.setChoices([...dataChoices(state), { value: OWN, label: "Draw your own points…" }]);
    select.set(state.doc?.problem.dataset?.kind);
    columns.hidden = state.doc?.problem.dataset?.kind !== "table";
    fields.update(state);
  }
  const opened = h("span", { class: "knob-opens" }, openFile, columns);
  return { el: h("div", { class: "knob-stack" }, row.el, opened, fields.el), update };
}

/** @param {Experiment} doc @param {Catalog} catalog @returns {Experiment} */
const fittingData = (doc, catalog) => ({
  ...doc,
  problem: /** @type {Experiment["problem"]} */ (withFittingFeatures(doc.problem, catalog)),
});

/** @param {AppState} state */
const chosenData = ({ catalog, doc }) => entryOf(catalog?.datasets, doc?.problem.dataset?.kind);

/** @param {AppState} state */
function dataChoices({ catalog, doc }) {
  if (!catalog || !doc) return [];
  const { kind, dataset } = doc.problem;
  const choices = dataFor(catalog, kind).map((data) => ({ value: data.kind, label: data.label }));
  const offered = choices.some(({ value }) => value === dataset?.kind);
  if (offered || !dataset) return choices;
  const label =
    entryOf(catalog.datasets, dataset.kind)?.label ??
    (pointsGiven(doc) ? `Own points, ${formatCount(dataset.x?.length ?? 0)} examples` : givenSaid(dataset));
  return [...choices, { value: dataset.kind, label }];
}

/** What the learner has brought. @param {Record<string, any>} dataset */
function givenSaid({ kind, name, x }) {
  if (kind === "table") return name;
  return kind === "inline" ? `Given, ${formatCount(x?.length ?? 0)} examples` : kind;
}

/** @param {AppState} state @returns {Field[]} */
function fieldsOfData(state) {
  const { catalog, doc } = state;
  const { kind } = /** @type {Record<string, any>} */ (doc?.problem.dataset ?? {});
  if (kind !== "table") return chosenData(state)?.fields ?? [];
  // A table is parted and scaled as any data that were collected.
  return catalog?.datasets.find(({ fields }) => fields.length > 0 && !fields.some(isDrawn))?.fields ?? [];
}

/** @param {Field} field */
const isDrawn = ({ name }) => name === "n" || name === "noise";

/** @param {Context} context @param {AppState} state @returns {Part[]} */
function dataFields(context, state) {
  const fields = fieldsOfData(state);
  const drawn = fields.some((/** @type {Field} */ { name }) => name === "n");
  const knobs = createKnobsFor(context, fields, ["problem", "dataset"]);
  if (knobs.length === 0) return [];
  return [beyond(createFold(drawn ? "Examples, noise, test set" : "Test set, scaling", knobs))];
}

/** @param {Context} context @returns {Part} */
export function createNetwork(context) {
  const { catalog } = context.store.get();
  const fields = fieldsOf(catalog, "network").filter(({ name }) => NETWORK.has(name));
  const group = createGroup("Network", [createLayers(context), ...knobsFor(context, fields)], {
    say: saidOfNetwork,
    secondary: true,
  });
  return {
    el: group.el,
    update(state) {
      group.el.hidden = state.doc?.problem.kind !== "network";
      if (!group.el.hidden) group.update(state);
    },
  };
}

/** @param {AppState} state */
function saidOfNetwork(state) {
  const { hidden = [] } = state.doc?.problem ?? {};
  const [inputs, outputs] = endsOf(state);
  return [inputs, ...hidden, outputs].join(" → ");
}
