/** A knob: a Field's label, its input, what it means and what is wrong with it, tied to a place in the document. */

import { faultAt, fieldPath, pathText, valueAt } from "../document/controls.js";
import { termOf } from "../document/terms.js";
import { freshId, h, refill } from "../ui/dom.js";
import { createHelpTip } from "../ui/help-tip.js";
import { icon } from "../ui/icons.js";
import { createInput } from "../ui/inputs.js";

/** @import { Path } from "../document/controls.js" */
/** @import { Actions, AppState, Field, Store } from "../document/types.js" */
/** @import { Explanation } from "../ui/help-tip.js" */
/** @import { Input, Mark } from "../ui/input-types.js" */

/**
 * @typedef {{el: HTMLElement, update: (state: AppState) => void}} Part  A piece of the panel: shown once, then kept up to date.
 */
/**
 * @typedef {object} Context
 * @property {Store} store
 * @property {Actions} actions
 */
/**
 * @typedef {object} KnobOptions
 * @property {Field} field
 * @property {Path} path
 * @property {(value: any, settled: boolean) => void} [send]         In place of a change of the document at `path`.
 * @property {(state: AppState) => any} [read]                       In place of the document's value at `path`.
 * @property {(state: AppState) => Mark|null} [mark]                 A stroke across its slider.
 * @property {() => Explanation} [explain]       In place of the field's own help and term.
 */

/** @param {Context} context @param {KnobOptions} options @returns {Part} */
export function createKnob({ store, actions }, { field, path, send, read, mark, explain }) {
  const row = createRow(capital(field.label), explain ?? (() => explanationOf(store.get().glossary, field)));
  let typed = /** @type {string|null} */ (null);
  const input = createInput(
    field,
    send ?? ((value) => changeTo({ store, actions }, path, value)),
    (error) => {
      typed = error;
      row.complain(error);
    },
  );
  row.hold(input);
  row.el.dataset.path = pathText(path);
  const draw = (/** @type {AppState} */ state) => mark && input.mark?.(mark(state));
  if (mark) whileThere(row.el, (on) => store.watch(["step", "sharpness", "phase", "inspection"], on), draw);
  return {
    el: row.el,
    update(state) {
      const value = read ? read(state) : valueAt(state.doc, path);
      input.set(value === undefined ? field.default : value);
      draw(state);
      row.complain(typed ?? faultAt(state.fault, path));
    },
  };
}

/**
 * Draws what moves with the cursor, which the knobs themselves do not follow, until its place on the page is gone.
 * @param {HTMLElement} el
 * @param {(draw: (state: AppState) => void) => () => void} watch
 * @param {(state: AppState) => void} draw
 */
function whileThere(el, watch, draw) {
  let there = false;
  const stop = watch((state) => {
    if (there && !el.isConnected) return stop();
    there = el.isConnected;
    if (there) draw(state);
  });
}

/**
 * Changes the document, unless that is what it says already: a hand that lets go says nothing new.
 * @param {Context} context
 * @param {Path} path
 * @param {any} value
 */
export function changeTo({ store, actions }, path, value) {
  if (!Object.is(valueAt(store.get().doc, path), value)) actions.change(path, value);
}

/** @param {string} label */
const capital = (label) => label.charAt(0).toUpperCase() + label.slice(1);

/**
 * Knobs for all of a group's fields.
 * @param {Context} context
 * @param {Field[]} fields
 * @param {Path} path
 * @param {Partial<KnobOptions>} [rest]
 */
export function createKnobsFor(context, fields, path, rest = {}) {
  return fields.map((field) => createKnob(context, { field, path: fieldPath(path, field.name), ...rest }));
}

/** Not among the few knobs that the page opens with. @template {Part} P @param {P} part @returns {P} */
export function beyond(part) {
  part.el.classList.add("beyond");
  return part;
}

const CONTROLS = "input, select, textarea, button:not(.help-tip, .run__more, .run__focus)";

/**
 * A part of the panel that is held as the assignment says. Explanations stay open to who wants to know, and what folds
 * still folds. Once no assignment is open the panel is built anew, so that nothing is set free again.
 * @param {string} name   Of the part, as an assignment calls it.
 * @param {Part} part
 * @returns {Part}
 */
export function fixable(name, part) {
  const sign = h(
    "span",
    {
      class: "fixable__sign",
      role: "img",
      "aria-label": "Fixed in this assignment",
      title: "Fixed in this assignment",
    },
    icon("lock"),
  );
  return {
    el: part.el,
    update(state) {
      part.update(state);
      const holds = state.assignment?.holds;
      if (!holds?.[name] || holds[name] === "free") return;
      if (holds[name] === "hidden") {
        part.el.hidden = true;
        return;
      }
      part.el.classList.add("fixable--fixed");
      if (!sign.isConnected || sign.parentElement === null) placeOf(part.el).append(sign);
      const controls = /** @type {NodeListOf<HTMLInputElement>} */ (part.el.querySelectorAll(CONTROLS));
      for (const control of controls) control.disabled = true;
    },
  };
}

/** Where the sign stands: in the head of a group or a knob, else in the part itself. @param {HTMLElement} el */
const placeOf = (el) => el.querySelector(":scope > .group__head > .group__title, :scope .knob__name") ?? el;

/**
 * The frame of a knob: label at the left, input at the right, a slider or an error on lines of their own.
 * @param {string} text
 * @param {() => Explanation} explain
 */
export function createRow(text, explain) {
  const label = h("label", { class: "knob__label" }, text);
  const error = h("p", { class: "knob__error", id: freshId("error"), hidden: true });
  const head = h(
    "div",
    { class: "knob__head" },
    h("span", { class: "knob__name" }, label, createHelpTip(text, explain)),
  );
  const el = h("div", { class: "knob" }, head, error);
  let main = /** @type {HTMLElement|null} */ (null);
  return {
    el,
    /** @param {Pick<Input, "main"|"slider"|"line">} input */
    hold(input) {
      main = input.main;
      if ("labels" in main) label.htmlFor = main.id;
      main.setAttribute("aria-describedby", error.id);
      head.append(main);
      if (!input.slider) return;
      input.slider.setAttribute("aria-label", text);
      head.after(input.line ?? input.slider);
    },
    /** @param {string|null} message */
    complain(message) {
      if (error.hidden === !message && error.textContent === (message ?? "")) return;
      error.hidden = !message;
      refill(error, message);
      main?.setAttribute("aria-invalid", String(Boolean(message)));
      el.classList.toggle("knob--wrong", Boolean(message));
    },
  };
}

/**
 * What is known of a field: its help, then its term's definition and formula.
 * @param {AppState["glossary"]} glossary
 * @param {Field} field
 * @returns {Explanation}
 */
export function explanationOf(glossary, field) {
  const term = termOf(glossary, field.term);
  return { title: capital(field.label), texts: [field.help, term?.text], mathml: term?.mathml };
}

/**
 * What the catalogue says of the chosen entry of one of its tables: an optimizer, a cost, a data set.
 * @param {string} title
 * @param {string} [general]   A sentence about the choice itself.
 * @param {any} entry
 * @returns {Explanation}
 */
export function explanationOfEntry(title, entry, general = "") {
  return {
    title: entry ? `${title}: ${entry.label}` : title,
    texts: [entry?.help, general],
    formula: entry?.formula,
    source: sourceOf(entry),
  };
}

/** @param {any} entry */
const sourceOf = (entry) =>
  [entry?.source && `Source: ${entry.source}`, entry?.licence].filter(Boolean).join(", ") || null;

/**
 * Parts that are built anew only when what they depend on changes, so that no input is torn from a hand.
 * @param {HTMLElement} el
 * @param {(state: AppState) => string} keyOf
 * @param {(state: AppState) => Part[]} build
 * @returns {Part}
 */
export function switching(el, keyOf, build) {
  let key = /** @type {string|null} */ (null);
  let parts = /** @type {Part[]} */ ([]);
  return {
    el,
    update(state) {
      const now = keyOf(state);
      if (now !== key) {
        key = now;
        parts = build(state);
        refill(el, ...parts.map((part) => part.el));
      }
      for (const part of parts) part.update(state);
    },
  };
}
