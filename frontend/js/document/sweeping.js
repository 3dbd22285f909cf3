/** A sweep: which settings of an experiment can be swept, over which values, and how they lie on an axis. Pure. */

import { entryOf } from "./changes.js";
import { choicesOf, isInteger, isNumeric } from "./controls.js";
import { formatNumber } from "./number-format.js";

/** @import { Catalog, Experiment, Field } from "./types.js" */

/** @typedef {number|string|null} Value */

/**
 * @typedef {object} Knob
 * @property {string} path      Where it lies in the document, with `run` for the run's own part.
 * @property {string} label
 * @property {Field} field
 * @property {Value} used
 */

/** Settings that say what the problem is rather than how it is gone about. */
const GIVEN = new Set(["dataset", "name", "expression", "domain", "output", "hidden"]);
/** Steps away from the value in use, on either side. */
const FACTORS = [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30];
const WHOLE_FACTORS = [1 / 8, 1 / 4, 1 / 2, 1, 2, 4, 8];
const BATCHES = [1, 4, 16, 64, 256];
/** Values tried where the one in use gives no measure. */
const TRIED = 8;
/** From here on a share near one, such as 0.9, is varied by what it lacks. */
const NEAR_ONE = 0.5;

/**
 * @param {Catalog} catalog
 * @param {Experiment} doc
 * @param {number} at   The run.
 * @returns {Knob[]}
 */
export function knobsOf(catalog, doc, at) {
  const run = doc.runs[at];
  const { problem } = doc;
  const formula = problem.kind === "formula";
  const optimizer = /** @type {Field} */ ({
    name: "kind",
    label: "optimizer",
    help: "",
    type: "choice",
    default: null,
    choices: choicesOf(catalog.optimizers),
  });
  const own = (/** @type {Field} */ { name }) =>
    formula ? name === "gradient_noise" : name === "batch_size";
  return [
    ...knobs("run.optimizer", run.optimizer, entryOf(catalog.optimizers, run.optimizer.kind)?.fields),
    ...knobs("run.optimizer", run.optimizer, [optimizer]),
    ...knobs("run", run, catalog.run.filter(own)),
    ...knobs(
      "problem",
      problem,
      (entryOf(catalog.problems, problem.kind)?.fields ?? []).filter(
        (/** @type {Field} */ { name }) => !GIVEN.has(name),
      ),
    ),
    ...(problem.hidden ?? []).map((used, k) => ({
      path: `problem.hidden.${k}`,
      label: `width of layer ${k + 1}`,
      used,
      field: {
        name: "hidden",
        label: "units",
        help: "",
        type: /** @type {const} */ ("integer"),
        default: used,
        low: 1,
        high: catalog.limits.max_width,
      },
    })),
    ...knobs("problem.dataset", problem.dataset, entryOf(catalog.datasets, problem.dataset?.kind)?.fields),
    ...knobs(
      "",
      doc,
      catalog.experiment.filter((/** @type {Field} */ { name }) => name === "seed"),
    ),
  ];
}

/** @param {string} base @param {Record<string, any>|undefined} values @param {Field[]} [fields] @returns {Knob[]} */
function knobs(base, values, fields = []) {
  return fields
    .filter((field) => isNumeric(field) || field.type === "choice")
    .flatMap((field) => {
      const path = base ? `${base}.${field.name}` : field.name;
      const used = values?.[field.name] ?? null;
      if (!Array.isArray(used)) return [{ path, label: field.label, field, used }];
      return used.map((one, k) => ({
        path: `${path}.${k}`,
        label: `${field.label}, layer ${k + 1}`,
        field,
        used: one,
      }));
    });
}

/**
 * @param {Knob} knob
 * @param {number} examples   Of the training set.
 * @returns {Value[]}
 */
export function valuesOf({ field, used }, examples) {
  if (field.type === "choice")
    return (field.choices ?? []).map(({ value }) => value).filter((value) => value !== null);
  if (field.type.startsWith("optional_"))
    return [
      ...withUsed(
        BATCHES.filter((size) => size < examples),
        used,
      ),
      null,
    ];
  const value = Number(used);
  const [low, high] = [field.low ?? -Infinity, field.high ?? Infinity];
  const inside = (/** @type {number[]} */ list) =>
    withUsed(
      list.filter((one) => one >= low && one <= high),
      value,
    );
  if (field.name.endsWith("seed")) return inside(Array.from({ length: TRIED }, (_, k) => value + k));
  if (isInteger(field)) return inside(WHOLE_FACTORS.map((factor) => Math.round(value * factor)));
  if (high <= 1 && value > NEAR_ONE)
    return inside(
      FACTORS.map((factor) => 1 - rounded((1 - value) * factor)).map((share) => Number(share.toFixed(9))),
    );
  if (value > 0) return inside(FACTORS.map((factor) => rounded(value * factor)));
  const [from, to] = field.typical ?? [low, high];
  return inside(
    Array.from({ length: TRIED - 1 }, (_, k) =>
      rounded(from > 0 ? from * (to / from) ** (k / (TRIED - 2)) : from + ((to - from) * k) / (TRIED - 2)),
    ),
  );
}

/** @param {number} value */
const rounded = (value) => Number(value.toPrecision(3));

/** Ascending, each once. @param {number[]} list @param {Value} used @returns {number[]} */
const withUsed = (list, used) =>
  [...new Set(typeof used === "number" ? [...list, used] : list)].sort((one, other) => one - other);

/** @param {Field} field @param {Value} value */
export function saidOfValue({ choices }, value) {
  if (value === null) return "all";
  return typeof value === "number"
    ? formatNumber(value)
    : (choices?.find((choice) => choice.value === value)?.label ?? value);
}

/**
 * Where values lie side by side: by their logarithm where they are spread over more than a decade, else one place each.
 * @param {Value[]} values
 * @returns {(value: Value) => number}
 */
export function placesOf(values) {
  const numbers = values.filter((value) => typeof value === "number");
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  if (numbers.length === values.length && low > 0 && high >= 10 * low)
    return (value) => Math.log10(Number(value));
  return (value) => values.indexOf(value);
}
