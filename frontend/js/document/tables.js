/** A table that the learner has brought, and the experiment that learns from it. Pure. */

/** @import { Experiment } from "./types.js" */

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
 *
 * @typedef {object} Choice               What is to be learned from which columns.
 * @property {string} target
 * @property {string[]} inputs
 * @property {"classes"|"regression"} task
 * @property {"drop"|"mean"} missing
 */

/** What a link carries of a table itself; of a larger one it names the hash. */
export const MOST_IN_LINK = 4096;

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
 * @param {Column[]|null} columns   Its cells, where the page has them.
 * @param {Choice} choice
 * @param {Record<string, any>} view   What of the view stays.
 * @returns {Experiment}
 */
export function experimentOf(table, columns, choice, view) {
  const small = columns !== null && sizeOf(columns) <= MOST_IN_LINK;
  const data = small ? { sha256: null, columns } : { sha256: table.sha256, columns: null };
  const classes = table.columns.find(({ name }) => name === choice.target)?.distinct ?? 2;
  const problem = {
    kind: "network",
    dataset: { kind: "table", name: table.name, ...data, ...choice },
    hidden: [8, 8],
    cost: costOf(choice.task, classes),
  };
  const runs = [{ optimizer: { kind: "adam", learning_rate: 0.01 }, batch_size: 16 }];
  return /** @type {any} */ ({ version: 1, problem, runs, steps: 500, view });
}

/** @param {Choice["task"]} task @param {number} classes */
function costOf(task, classes) {
  if (task === "regression") return "mse";
  return classes > 2 ? "cross_entropy" : "bce";
}

/** Bytes of the columns in a document. @param {Column[]} columns */
const sizeOf = (columns) => new TextEncoder().encode(JSON.stringify(columns)).length;

/**
 * Rows of cells as columns with names of their own.
 * @param {string[][]} rows   The first may hold the names.
 * @returns {Column[]}
 * @throws {Error} naming the first row that has more or fewer cells.
 */
export function columnsOf(rows) {
  if (rows.length === 0) throw new Error("The table must have at least one row; this file has none.");
  const [first] = rows;
  const ragged = rows.findIndex((row) => row.length !== first.length);
  if (ragged > 0)
    throw new Error(
      `Row ${ragged + 1} must have ${first.length} cells, as the first row has; it has ${rows[ragged].length}.`,
    );
  const headed = !first.some(isNumber);
  const names = namesOf(headed ? first : first.map(() => ""));
  const cells = headed ? rows.slice(1) : rows;
  return names.map((name, at) => ({ name, cells: cells.map((row) => row[at]) }));
}

/** Numbers name no columns, with a decimal comma neither. @param {string} cell */
const isNumber = (cell) => /^\s*[-+]?(?:\d+[.,]?\d*|[.,]\d+)(?:e[-+]?\d+)?\s*$/i.test(cell);

/** Every name once, and none empty. @param {string[]} header */
function namesOf(header) {
  const taken = new Set();
  return header.map((text, at) => {
    const stem = text.trim() || `column ${at + 1}`;
    let name = stem;
    for (let k = 2; taken.has(name); k += 1) name = `${stem} ${k}`;
    taken.add(name);
    return name;
  });
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
