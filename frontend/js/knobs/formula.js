/** A formula as the problem: one of the published ones, or one that the learner types. */

import { entryOf, withFormula } from "../document/changes.js";
import { choicesOf, faultAt, valueAt } from "../document/controls.js";
import { h, refill } from "../ui/dom.js";
import { formulaBox } from "../ui/help-tip.js";
import { createSelect } from "../ui/inputs.js";
import { createNumber } from "../ui/numbers.js";
import { createFold } from "./group.js";
import { createRow, explanationOf, explanationOfEntry, switching } from "./knob.js";

/** @import { AppState, Catalog, Experiment, Field } from "../document/types.js" */
/** @import { Explanation } from "../ui/help-tip.js" */
/** @import { Context, Part } from "./knob.js" */

const OWN = "own";
const TYPING_MS = 350;
const PATH = ["problem", "expression"];

/** @param {Context} context @returns {Part} */
export function createFormula(context) {
  const { store, actions } = context;
  const row = createRow("Formula", () => explanation(store.get()));
  const { catalog } = store.get();
  const select = createSelect(
    [...choicesOf(catalog?.formulas), { value: OWN, label: "Your own f(x, y)" }],
    (kind) => {
      const { doc } = store.get();
      if (doc && catalog) actions.load(withFormula(doc, catalog, kind === OWN ? null : kind));
    },
  );
  row.hold(select);
  const body = switching(
    h("div", {}),
    ({ doc }) => kindOf(doc),
    (state) => (kindOf(state.doc) === OWN ? [createExpression(context)] : []),
  );
  const reading = createReading();
  const ends = switching(
    h("div", {}),
    ({ doc }) => kindOf(doc),
    (state) => (kindOf(state.doc) === OWN ? [createWindow(context)] : []),
  );
  return {
    el: h("div", { class: "knob-stack" }, row.el, body.el, reading.el, ends.el),
    update(state) {
      select.set(kindOf(state.doc));
      for (const part of [body, reading, ends]) part.update(state);
    },
  };
}

/** @param {Experiment|null} doc */
const kindOf = (doc) => doc?.problem.name ?? OWN;

/** @param {AppState} state */
function explanation({ catalog, doc }) {
  const entry = entryOf(catalog?.formulas, doc?.problem.name);
  if (entry) return explanationOfEntry("Formula", entry);
  return { ...notation(catalog), title: "Your own f(x, y)" };
}

/** @param {Catalog|null} catalog @returns {Explanation} */
const notation = (catalog) =>
  explanationOf(
    catalog,
    /** @type {Field} */ (
      entryOf(catalog?.problems, "formula")?.fields.find(({ name }) => name === "expression")
    ),
  );

/** The formula as the service has read it; nothing while what is typed cannot be read. @returns {Part} */
function createReading() {
  const el = h("div", { class: "reading", "aria-live": "polite" });
  let shown = "";
  return {
    el,
    update({ problem, fault }) {
      const mathml = faultAt(fault, PATH) ? "" : (problem?.formula ?? "");
      if (mathml === shown) return;
      shown = mathml;
      refill(el, mathml && formulaBox(mathml));
    },
  };
}

/** @param {Context} context */
const createWindow = (context) =>
  createFold(
    "Window",
    ["x", "y"].map((name, axis) => createInterval(context, name, axis)),
  );

/** @param {Context} context @returns {Part} */
function createExpression({ store, actions }) {
  const row = createRow("f(x, y) =", () => notation(store.get().catalog));
  const main = h("textarea", {
    class: "text expression",
    id: "expression",
    rows: 2,
    spellcheck: "false",
    autocomplete: "off",
    autocapitalize: "off",
    maxlength: 400,
  });
  let timer = 0;
  main.addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => actions.change(PATH, main.value), TYPING_MS);
  });
  row.hold({ main });
  row.el.classList.add("knob--tall");
  return {
    el: row.el,
    update(state) {
      const value = valueAt(state.doc, PATH) ?? "";
      if (document.activeElement !== main && main.value !== value) main.value = value;
      row.complain(faultAt(state.fault, PATH));
    },
  };
}

/**
 * The ends of the window along one axis.
 * @param {Context} context
 * @param {string} name
 * @param {number} axis
 * @returns {Part}
 */
function createInterval({ actions }, name, axis) {
  const row = createRow(name, () => ({
    title: `Window along ${name}`,
    texts: ["The part of the plane that the picture shows at first, and that starts are taken from."],
  }));
  const ends = ["from", "to"].map((end, at) => {
    const field = {
      name: end,
      label: `${name} ${end}`,
      help: "",
      type: /** @type {const} */ ("number"),
      default: at ? 3 : -3,
      low: -1e6,
      high: 1e6,
    };
    const input = createNumber(
      field,
      (value) => actions.change(["problem", "domain", axis, at], value),
      row.complain,
    );
    input.main.setAttribute("aria-label", field.label);
    return input;
  });
  const pair = h("span", { class: "pair" }, ends[0].main, "to", ends[1].main);
  row.hold({ main: pair });
  return {
    el: row.el,
    update(state) {
      ends.forEach((end, at) => end.set(valueAt(state.doc, ["problem", "domain", axis, at])));
      row.complain(faultAt(state.fault, ["problem", "domain"]));
    },
  };
}
