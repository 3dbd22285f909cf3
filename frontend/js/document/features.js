/** Features: functions of two inputs that a network's inputs have appended. Pure. */

import { entryOf } from "./changes.js";

/** @import { AppState, Catalog } from "./types.js" */

/** Features are functions of a point of the plane. */
const INPUTS = 2;

/** @typedef {Record<string, any>} Problem   The document's. */

/**
 * How many inputs the data have themselves; null where only the service knows.
 * @param {Catalog|null} catalog
 * @param {Record<string, any>|undefined} dataset
 * @returns {number|null}
 */
export function ownInputs(catalog, dataset) {
  const known = entryOf(catalog?.datasets, dataset?.kind)?.inputs;
  return known ?? dataset?.x?.[0]?.length ?? dataset?.inputs?.length ?? null;
}

/**
 * How many inputs the data on show make: a table’s columns of words become several, as only the service knows.
 * @param {Pick<AppState, "catalog"|"doc"|"problem">} state
 * @returns {number|null}
 */
export function inputsOnShow({ catalog, doc, problem }) {
  const dataset = doc?.problem.dataset;
  return (dataset?.kind === "table" && problem?.ownInputs) || ownInputs(catalog, dataset);
}

/** Whether the data on show may have features. @param {Pick<AppState, "catalog"|"doc"|"problem">} state */
export const areFeaturesOffered = (state) =>
  state.doc?.problem.kind === "network" && inputsOnShow(state) === INPUTS;

/** @param {Catalog|null} catalog @param {Problem|undefined} problem */
export const mayHaveFeatures = (catalog, problem) =>
  problem?.kind === "network" && ownInputs(catalog, problem.dataset) === INPUTS;

/** The signs of the two inputs in a formula, in their order. */
const SIGNS = ["x₁", "x₂"];

/**
 * A feature’s formula with the names of the columns in it that a table’s inputs have.
 * @param {string} label   As the catalogue has it.
 * @param {Record<string, any>|undefined} dataset
 */
export function featureLabel(label, dataset) {
  const names = dataset?.kind === "table" ? dataset.inputs : null;
  if (names?.length !== INPUTS) return label;
  const own = names.map((/** @type {string} */ name) => (/^[\p{L}\p{N}]+$/u.test(name) ? name : `(${name})`));
  return label.replace("₁x", "₁ · x").replace(/x[₁₂]/g, (sign) => own[SIGNS.indexOf(sign)]);
}

/** The document's features, in its order. @param {Problem|undefined} problem @returns {string[]} */
export const featuresOf = (problem) => problem?.features ?? [];

/**
 * The problem with a feature or without it, in the catalogue's order.
 * @param {Problem} problem
 * @param {Catalog} catalog
 * @param {string} kind
 * @param {boolean} on
 * @returns {Problem}
 */
export function withFeature(problem, catalog, kind, on) {
  const chosen = new Set(featuresOf(problem));
  if (on) chosen.add(kind);
  else chosen.delete(kind);
  return {
    ...problem,
    features: catalog.features.map((each) => each.kind).filter((each) => chosen.has(each)),
  };
}

/**
 * The problem without features that its data cannot have.
 * @param {Problem} problem
 * @param {Catalog} catalog
 * @returns {Problem}
 */
export const withFittingFeatures = (problem, catalog) =>
  featuresOf(problem).length === 0 || mayHaveFeatures(catalog, problem)
    ? problem
    : { ...problem, features: [] };
