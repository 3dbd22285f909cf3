/** The fields of a run and of the whole experiment, as the catalogue lists them beside its tables. */

import { hasExamples } from "../document/view.js";
import { h } from "../ui/dom.js";
import { createKnob, switching } from "./knob.js";

/** @import { Field, Path } from "../document/controls.js" */
/** @import { AppState } from "../document/types.js" */
/** @import { Context, Part } from "./knob.js" */

/** What an optional field means when it is left empty, in a word. */
const EMPTY = /** @type {Record<string, string>} */ ({
  batch_size: "all",
  init_seed: "shared",
  step: "last",
});

/** @param {Field[]|undefined} fields @param {string} name @returns {Field|null} */
function fieldNamed(fields, name) {
  const found = fields?.find((field) => field.name === name);
  return found ? { ...found, empty: EMPTY[name] } : null;
}

/**
 * The knob of one of the catalogue's fields; nothing where the catalogue has none of that name.
 * @param {Context} context
 * @param {"run"|"experiment"} table
 * @param {string} name
 * @param {Path} group
 * @returns {Part[]}
 */
export function createNamedKnob(context, table, name, group) {
  const field = fieldNamed(context.store.get().catalog?.[table], name);
  return field ? [createKnob(context, { field, path: [...group, name] })] : [];
}

/**
 * Parts that belong to problems of one sort only: with examples, or a formula.
 * @param {"examples"|"formula"} sort
 * @param {() => Part[]} build
 * @returns {Part}
 */
export function onlyFor(sort, build) {
  const sortOf = (/** @type {AppState} */ { doc }) => (hasExamples(doc) ? "examples" : "formula");
  return switching(h("div", {}), sortOf, (state) => (sortOf(state) === sort ? build() : []));
}
