/** A table that the learner has brought, and the experiment that learns from it. Pure. */

import { freshSurface, suitingCost } from "./changes.js";
import { withFittingFeatures } from "./features.js";

/** @import { Catalog, Experiment } from "./types.js" */

/**
 * @typedef {{name: string, cells: string[]}} Column
 *
 * @typedef {object} ColumnSeen           A column as the service has read it.
 * @property {string} name
 * @property {"number"|"category"|"date"|"text"|"constant"|"empty"} kind
 * @property {number} missing
 * @property {number} distinct
 * @property {string[]} examples
 * @property {string} note
 *
 * @typedef {object} TableSeen            The answer of POST /api/v1/tables.
 * @property {string} sha256
 * @property {string} name
 * @property {number} rows
 * @property {ColumnSeen[]} columns
 * @property {string|null} target         A guess, as are the next two.
 * @property {string[]|null} inputs
 * @property {"classes"|"regression"|null} task
 * @property {string[]} notes
 * @property {string[][]} sample
 * @property {Column[]|null} content      All cells, where they are few enough for a link to carry.
 *
 * @typedef {object} Choice               What is to be learned from which columns.
 * @property {string} target
 * @property {string[]} inputs
 * @property {"classes"|"regression"} task
 * @property {"drop"|"mean"} missing
 */

/** A number that stands for classes takes few values. */
const FEW_VALUES = 10;
const USABLE = new Set(["number", "category", "date"]);

/** Whether a column tells anything that a network can learn from. @param {ColumnSeen} column */
export const isUsable = ({ kind }) => USABLE.has(kind);

/** Whether it can be learned: words of any number can be names of classes. @param {ColumnSeen} column */
export const canBeTarget = ({ kind }) => kind !== "constant" && kind !== "empty";

/** Whether it can be learned as classes and as a number. @param {ColumnSeen} column */
export const isEither = ({ kind, distinct }) => kind === "number" && distinct <= 10 * FEW_VALUES;

/**
 * What is taken before the learner has chosen, or with another target.
 * @param {TableSeen} table
 * @param {string} [target]
 * @returns {Choice}
 */
export function firstChoice(table, target) {
  const targets = table.columns.filter(canBeTarget);
  const learned =
    targets.find(({ name }) => name === (target ?? table.target)) ?? targets[targets.length - 1];
  if (!learned) throw new Error("The table must have a column that takes more than one value.");
  const guessed = learned.name === table.target;
  const usable = table.columns.filter((column) => isUsable(column) && column !== learned);
  const inputs = (guessed && table.inputs) || usable.map(({ name }) => name);
  return { target: learned.name, inputs, task: (guessed && table.task) || taskOf(learned), missing: "drop" };
}

/** @param {ColumnSeen} column @returns {Choice["task"]} */
function taskOf({ kind, distinct }) {
  const named = kind === "category" || kind === "text";
  return named || (kind === "number" && distinct <= FEW_VALUES) ? "classes" : "regression";
}

/**
 * The experiment that learns a table: a small network with the cost that suits what is learned.
 * @param {TableSeen} table
 * @param {Choice} choice
 * @param {Record<string, any>} view   What of the view stays.
 * @returns {Experiment}
 */
export function experimentOf(table, choice, view) {
  const { sha256, content } = table;
  const data = content ? { sha256: null, columns: content } : { sha256, columns: null };
  const problem = {
    kind: "network",
    dataset: { kind: "table", name: table.name, ...data, ...choice },
    hidden: [8, 8],
    cost: costOf(choice.task, classesOf(table, choice)),
  };
  const runs = [{ optimizer: { kind: "adam", learning_rate: 0.01 }, batch_size: 16 }];
  return /** @type {any} */ ({ problem, runs, steps: 500, view });
}

/**
 * What an experiment learns from a table.
 * @param {TableSeen} table
 * @param {Record<string, any>} dataset   The document's.
 * @returns {Choice}
 */
export function choiceOf(table, { target, inputs, task, missing }) {
  const guess = firstChoice(table, target);
  return { ...guess, inputs: inputs ?? guess.inputs, task: task ?? guess.task, missing: missing ?? "drop" };
}

/** Whether an input is of words, which become several inputs. @param {TableSeen} table @param {Choice} choice */
const hasWords = ({ columns }, { inputs }) =>
  columns.some(({ name, kind }) => kind === "category" && inputs.includes(name));

/**
 * The experiment with another choice of the same table: the network, its runs and the view stay as far as they may.
 * @param {Experiment} doc
 * @param {Catalog} catalog
 * @param {TableSeen} table
 * @param {Choice} choice
 * @returns {Experiment}
 */
export function withChoice(doc, catalog, table, choice) {
  const { dataset } = doc.problem;
  if (JSON.stringify(choiceOf(table, Object(dataset))) === JSON.stringify(choice)) return doc;
  const changed = { ...doc.problem, dataset: { ...dataset, ...choice } };
  const problem = hasWords(table, choice)
    ? { ...changed, features: [] }
    : withFittingFeatures(changed, catalog);
  if (problem.kind !== "network") return freshSurface(doc, problem);
  const data = { task: choice.task, classes: choice.task === "classes" ? classesOf(table, choice) : null };
  return freshSurface(doc, { ...problem, output: null, cost: suitingCost(data, problem.cost ?? "mse") });
}

/** @param {TableSeen} table @param {Choice} choice */
const classesOf = (table, { target }) => table.columns.find(({ name }) => name === target)?.distinct ?? 2;

/** @param {Choice["task"]} task @param {number} classes */
function costOf(task, classes) {
  if (task === "regression") return "mse";
  return classes > 2 ? "cross_entropy" : "bce";
}

/**
 * Records of a Parquet file as columns of text.
 * @param {Record<string, unknown>[]} records
 * @returns {Column[]}
 */
export function columnsOfRecords(records) {
  const names = Object.keys(records[0] ?? {});
  if (names.length === 0) throw new Error("The table must have at least one row; this file has none.");
  return names.map((name) => ({ name, cells: records.map((record) => textOf(record[name])) }));
}

/** @param {unknown} value @returns {string} */
function textOf(value) {
  if (value === null || value === undefined || Number.isNaN(value)) return "";
  if (value instanceof Date) return value.toISOString().replace(/T00:00:00\.000Z$/, "");
  if (typeof value !== "object") return String(value);
  return JSON.stringify(value, (_, inner) => (typeof inner === "bigint" ? String(inner) : inner));
}
