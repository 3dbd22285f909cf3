/** A formula as the problem: one of the published ones, or one that the learner types. */

import { entryOf, withFormula } from "../document/changes.js";
import { choicesOf, faultAt, valueAt } from "../document/controls.js";
import { h } from "../ui/dom.js";
import { createSelect } from "../ui/inputs.js";
import { createNumber } from "../ui/numbers.js";
import { createFold } from "./group.js";
import { createRow, explanationOfEntry, switching } from "./knob.js";

/** @typedef {import("./knob.js").Context} Context */
/** @typedef {import("./knob.js").Part} Part */

const OWN = "own";
const TYPING_MS = 350;

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
    (state) => (kindOf(state.doc) === OWN ? ownParts(context) : []),
  );
  const shown = h("p", { class: "formula formula--line" });
  return {
    el: h("div", { class: "knob-stack" }, row.el, shown, body.el),
    update(state) {
      const kind = kindOf(state.doc);
      select.set(kind);
      shown.hidden = kind === OWN;
      shown.textContent = `f(x, y) = ${readable(entryOf(state.catalog?.formulas, kind)?.expression ?? "")}`;
      body.update(state);
    },
  };
}

/** @param {import("../document/types.js").Experiment|null} doc */
const kindOf = (doc) => doc?.problem.name ?? OWN;

/** @param {import("../document/types.js").AppState} state */
function explanation({ catalog, doc }) {
  const entry = entryOf(catalog?.formulas, doc?.problem.name);
  if (entry) return explanationOfEntry("Formula", entry);
  return { title: "Your own f(x, y)", texts: [ALLOWED] };
}

const ALLOWED = "Numbers, x, y, pi, e, + − * / ** and sin, cos, tan, exp, log, sqrt, abs, tanh, sinh, cosh.";

/**
 * An expression as mathematics writes it: powers raised where they are plain, no stars.
 * @param {string} expression
 */
export function readable(expression) {
  return expression
    .replace(/\*\*2\b/g, "²")
    .replace(/\*\*3\b/g, "³")
    .replace(/\*\*4\b/g, "⁴")
    .replace(/\*\*/g, "^")
    .replace(/\s*\*\s*/g, " · ")
    .replace(/\s*-\s*/g, " \u2212 ")
    .replace(/\s*\+\s*/g, " + ")
    .replace(/(^|\() \u2212 /g, "$1\u2212");
}

/** @param {Context} context @returns {Part[]} */
function ownParts(context) {
  return [
    createExpression(context),
    createFold(
      "Window",
      ["x", "y"].map((name, axis) => createInterval(context, name, axis)),
    ),
  ];
}

/** @param {Context} context @returns {Part} */
function createExpression({ actions }) {
  const row = createRow("f(x, y) =", () => ({ title: "f(x, y)", texts: [ALLOWED] }));
  const path = ["problem", "expression"];
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
    timer = window.setTimeout(() => actions.change(path, main.value), TYPING_MS);
  });
  row.hold({ main });
  row.el.classList.add("knob--tall");
  return {
    el: row.el,
    update(state) {
      const value = valueAt(state.doc, path) ?? "";
      if (document.activeElement !== main && main.value !== value) main.value = value;
      row.complain(faultAt(state.fault, path));
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
