/** A trained model or training run that was brought: which data it fits, and the experiment that shows it. Pure. */

import { entryOf } from "./changes.js";

/** @import { AppState, Catalog, Experiment } from "./types.js" */

/**
 * @typedef {object} ModelSeen   What the service says of the files.
 * @property {string} sha256
 * @property {string} name
 * @property {number[]} widths
 * @property {string[]|null} activations
 * @property {string|null} output
 * @property {number} checkpoints
 * @property {[number, number]} steps
 * @property {number} parameters
 * @property {string[]} notes
 *
 * @typedef {object} ModelData   A data set that the model takes.
 * @property {string} kind
 * @property {string} label
 * @property {number|null} classes   Null for regression.
 * @property {Record<string, any>} dataset   As a document has it.
 *
 * @typedef {object} ModelChoice
 * @property {ModelData} data
 * @property {string|string[]} activation
 * @property {string} output
 * @property {string} cost
 * @property {boolean} beside   Whether a run is computed from the same start.
 */

/** The data set on show, among those of the catalogue. */
export const ON_SHOW = "on show";

/** What the costs can stand on. */
const COSTS = /** @type {Record<string, string[]>} */ ({
  sigmoid: ["bce", "mse", "huber"],
  softmax: ["cross_entropy", "mse", "huber"],
  linear: ["mse", "huber"],
});
const STEPS = 300;
const MOST_STEPS = 20_000;
const LONGEST_LABEL = 40;

/**
 * The data sets that have as many inputs and outputs as the model, the one on show first.
 * @param {ModelSeen} seen
 * @param {Pick<AppState, "doc"|"problem">} state
 * @param {Catalog} catalog
 * @returns {ModelData[]}
 */
export function dataFitting(seen, { doc, problem }, catalog) {
  const fitting = catalog.datasets
    .filter((entry) => takes(seen.widths, entry.inputs, entry.classes, entry.outputs))
    .map(({ kind, label, classes }) => ({ kind, label, classes, dataset: { kind } }));
  const dataset = doc?.problem.kind === "network" ? doc.problem.dataset : null;
  if (!dataset || !problem || !isLike(seen.widths, doc, problem.layers)) return fitting;
  const entry = entryOf(catalog.datasets, dataset.kind);
  const label = entry?.label ?? /** @type {any} */ (dataset).name ?? "your data";
  const classes = entry ? entry.classes : classesOf(doc, seen.widths);
  const shown = { kind: ON_SHOW, label: `${label} (on show)`, classes, dataset };
  return [shown, ...fitting.filter(({ kind }) => kind !== dataset.kind)];
}

/** @param {number[]} widths @param {number} inputs @param {number|null} classes @param {number} targets */
function takes(widths, inputs, classes, targets) {
  const last = widths[widths.length - 1];
  const outputs = classes === null ? [targets] : classes === 2 ? [1, 2] : [classes];
  return widths[0] === inputs && outputs.includes(last);
}

/**
 * Whether the network on show has the model's inputs and outputs: its layers tell by their numbers of parameters.
 * @param {number[]} widths
 * @param {Experiment|null} doc
 * @param {{size: number}[]} layers
 */
function isLike(widths, doc, layers) {
  const hidden = /** @type {number[]} */ (/** @type {any} */ (doc)?.problem.hidden ?? []);
  if (hidden.length === 0 || layers.length !== hidden.length + 1) return false;
  const inputs = layers[0].size / hidden[0] - 1;
  const outputs = layers[layers.length - 1].size / (hidden[hidden.length - 1] + 1);
  return widths[0] === inputs && widths[widths.length - 1] === outputs;
}

/** Of one's own data, by the cost that they have now. @param {Experiment|null} doc @param {number[]} widths */
function classesOf(doc, widths) {
  const { cost, output } = /** @type {any} */ (doc?.problem ?? {});
  const named = cost === "bce" || cost === "cross_entropy" || output === "sigmoid" || output === "softmax";
  return named ? Math.max(2, widths[widths.length - 1]) : null;
}

/**
 * The outputs that the last layer may have on the data.
 * @param {ModelSeen} seen
 * @param {ModelData} data
 */
export function outputsFor({ widths }, { classes }) {
  if (classes === null) return ["linear", "sigmoid"];
  return widths[widths.length - 1] === 1 ? ["sigmoid", "linear"] : ["softmax", "sigmoid", "linear"];
}

/** @param {string} output @param {ModelData} data */
export function costsFor(output, { classes }) {
  const costs = COSTS[output] ?? COSTS.linear;
  return classes === null ? costs.filter((cost) => COSTS.linear.includes(cost)) : costs;
}

/**
 * What the files say, and what is usual where they do not.
 * @param {ModelSeen} seen
 * @param {ModelData} data
 * @returns {ModelChoice}
 */
export function firstModelChoice(seen, data) {
  const outputs = outputsFor(seen, data);
  const output = seen.output && outputs.includes(seen.output) ? seen.output : outputs[0];
  const activation = seen.activations?.length ? oneOrAll(seen.activations) : "tanh";
  return { data, activation, output, cost: costsFor(output, data)[0], beside: true };
}

/** One word where all layers have the same. @param {string[]} kinds */
const oneOrAll = (kinds) => (new Set(kinds).size === 1 ? kinds[0] : kinds);

/**
 * A training run is shown, one model is descended on from.
 * @param {ModelSeen} seen
 * @param {ModelChoice} choice
 * @param {Record<string, any>} view   What of the view stays.
 * @returns {Experiment}
 */
export function modelExperiment(seen, { data, activation, output, cost, beside }, view) {
  const problem = {
    kind: "network",
    dataset: data.dataset,
    hidden: seen.widths.slice(1, -1),
    activation,
    output,
    cost,
  };
  const computed = { optimizer: { kind: "adam", learning_rate: 0.01 } };
  const recorded = { recorded: { sha256: seen.sha256, name: seen.name.slice(0, LONGEST_LABEL) } };
  const several = seen.checkpoints > 1;
  const runs = several ? [recorded, ...(beside ? [computed] : [])] : [computed];
  const steps = several ? Math.min(seen.checkpoints - 1, MOST_STEPS) : STEPS;
  const start = { kind: "stored", sha256: seen.sha256, entry: 0 };
  return /** @type {any} */ ({ problem, runs, start, steps, view });
}

/**
 * A model for people to read: its layers, and how often it was saved.
 * @param {ModelSeen} seen
 */
export function modelSaid({ widths, checkpoints, steps, parameters }) {
  const layers = widths.join(" → ");
  const saved = checkpoints > 1 ? `${checkpoints} checkpoints, steps ${steps[0]} to ${steps[1]}, of` : "One";
  return `${saved} ${checkpoints > 1 ? "a " : ""}network ${layers} with ${parameters} parameters`;
}
