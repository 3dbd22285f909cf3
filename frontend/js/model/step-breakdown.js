/** One step taken apart, as words, bars and arrows. Pure. */

import { formatCount, formatNumber, formatRunning } from "../document/number-format.js";

/** @import { Extent, Frame, Pair } from "../document/types.js" */

/**
 * @typedef {object} Rule
 * @property {string} symbols
 * @property {string} numbers
 */

/** The lines of a rule, in symbols and in this step's numbers. @param {Record<string, any>} meta @returns {Rule[]} */
export const rulesOf = ({ lines }) =>
  lines.map((/** @type {any} */ { symbol, arrow, text, numbers }) => ({
    symbols: `${symbol} ${arrow} ${text}`,
    numbers: numbers && `${symbol} ${arrow} ${numbers}`,
  }));

/**
 * What the step is and does, as pairs of a name and a value.
 * @param {Frame} frame
 * @param {number} parameter
 * @returns {[string, string][]}
 */
export function stepFacts({ meta, arrays }, parameter) {
  const rates = arrays.rates?.data;
  /** @type {[string, string][]} */
  const facts = [
    ["θ before", formatNumber(meta.theta, 5)],
    ["moved by", formatNumber(meta.moved, 4)],
  ];
  if (rates)
    facts.push(
      ["effective rate here", formatNumber(rates[parameter], 4)],
      ["effective rates, all", rangeSaid(rates)],
    );
  facts.push(["learning rate η", formatNumber(meta.learning_rate, 4)]);
  if (meta.factor !== 1) facts.push(["schedule’s factor", formatNumber(meta.factor, 4)]);
  facts.push(
    ["length of the step", formatRunning(normOf(arrays.step.data))],
    ["change of the cost", formatRunning(meta.change)],
  );
  return facts;
}

/** @param {ArrayLike<number>} values */
function rangeSaid(values) {
  const list = Array.from(values);
  const [low, high] = [Math.min(...list), Math.max(...list)];
  return low === high ? `all ${formatNumber(low)}` : `${formatNumber(low)} to ${formatNumber(high)}`;
}

/** @param {ArrayLike<number>} values */
const normOf = (values) => Math.hypot(...Array.from(values));

/**
 * The state's parts for one parameter, before and after.
 * @param {Record<string, any>} meta
 * @returns {[string, string][]}
 */
export function memoryOf({ before, after }) {
  return before.flatMap((/** @type {any} */ { label, symbol, value }, /** @type {number} */ k) =>
    typeof value === "number" && symbol !== "" && after[k]
      ? [[`${symbol} (${label})`, `${formatNumber(value)} → ${formatNumber(after[k].value)}`]]
      : [],
  );
}

/**
 * @typedef {object} Bar
 * @property {string} kind
 * @property {string} label
 * @property {number} share    −1 to 1: the change of the cost among all.
 * @property {string} value
 * @property {boolean} own
 */

/**
 * What each rule's step would do to the cost, best first.
 * @param {Record<string, any>} meta   Of the study `others`.
 * @returns {Bar[]}
 */
export function barsOf({ steps, own }) {
  const finite = steps.filter((/** @type {any} */ { change }) => Number.isFinite(change));
  const downward = Math.max(...finite.map((/** @type {any} */ { change }) => -change), 0);
  // A rule that jumps far up would leave nothing of the others: upwards a bar is cut at twice the best descent.
  const most =
    downward > 0
      ? downward
      : Math.max(...finite.map((/** @type {any} */ { change }) => Math.abs(change)), 1e-300);
  const sorted = [...steps].sort((one, other) => (one.change ?? Infinity) - (other.change ?? Infinity));
  return sorted.map(({ kind, label, change }) => ({
    kind,
    label,
    own: kind === own,
    share: Math.max(-1, Math.min(1, (change ?? Infinity) / most)),
    value: formatRunning(change ?? NaN),
  }));
}

/**
 * A window in which arrows are seen well: around their foot, about three times the longest, as wide as high but for `aspect`.
 * @param {Pair} at
 * @param {Pair[]} arrows
 * @param {Extent} extent   Of the surface: no more than this is shown, and no less than a fortieth.
 * @param {number} aspect                        Height over width.
 * @returns {Extent}
 */
export function closeUp([a, b], arrows, [[a0, a1]], aspect) {
  const longest = Math.max(...arrows.map(([u, v]) => Math.hypot(u, v / aspect)), 0);
  const half = Math.max(Math.min(1.7 * longest, (a1 - a0) / 2), (a1 - a0) / 40);
  return [
    [a - half, a + half],
    [b - half * aspect, b + half * aspect],
  ];
}

/** The whole surface, as wide as high. @param {Extent} extent @returns {Extent} */
export function squared([[a0, a1], [b0, b1]]) {
  const half = Math.max(a1 - a0, b1 - b0) / 2;
  const [a, b] = [(a0 + a1) / 2, (b0 + b1) / 2];
  return [
    [a - half, a + half],
    [b - half, b + half],
  ];
}

/**
 * Where the chosen rate lies on a scale whose end is twice the bound (or the rate itself, beyond).
 * @param {Record<string, any>} meta   Of the study `stability`.
 */
export function gaugeOf({ bound, learning_rate: rate }) {
  if (typeof bound !== "number") return null;
  const end = Math.max(2 * bound, 1.1 * rate);
  return { bound: bound / end, rate: rate / end, over: rate > bound };
}

/** A bill in words: 88 B, 8 TB, 3×10¹⁷ B. @param {number} bytes */
export function bytesSaid(bytes) {
  const units = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];
  const power = Math.max(0, Math.min(units.length - 1, Math.floor(Math.log10(Math.max(bytes, 1)) / 3)));
  return `${formatNumber(bytes / 1000 ** power, 3)} ${units[power]}`;
}

const SECONDS = /** @type {[number, string][]} */ ([
  [31_557_600, "years"],
  [86_400, "days"],
  [3600, "h"],
  [60, "min"],
  [1, "s"],
  [1e-3, "ms"],
  [1e-6, "µs"],
]);

/** A time in words. @param {number} seconds */
export function timeSaid(seconds) {
  const [size, unit] = SECONDS.find(([least]) => seconds >= least) ?? [1e-6, "µs"];
  return `${formatNumber(seconds / size, 3)} ${unit}`;
}

/** The Hessian's bill as rows of a table. @param {Frame} frame @returns {string[][]} */
export function billRows({ arrays }) {
  const { bytes, operations, hessian_seconds: hessian, solve_seconds: solve } = arrays;
  return Array.from(arrays.parameters.data, (/** @type {number} */ count, k) => [
    k === 0 ? `${formatCount(count)} (here, measured)` : formatNumber(count, 1).replace("×", " × "),
    bytesSaid(bytes.data[k]),
    operations.data[k] < 1e9 ? formatCount(operations.data[k]) : formatNumber(operations.data[k], 2),
    timeSaid(hessian.data[k] + solve.data[k]),
  ]);
}

/** Steps and epochs by batch size, as rows of a table. @param {Frame} frame @returns {string[][]} */
export function batchRows({ arrays }) {
  return Array.from(arrays.batch_sizes.data, (/** @type {number} */ size, k) => [
    formatCount(size),
    bytesSaid(arrays.bytes_per_step.data[k]),
    timeSaid(arrays.seconds_per_step.data[k]),
    formatCount(arrays.steps_per_epoch.data[k]),
    timeSaid(arrays.seconds_per_epoch.data[k]),
  ]);
}

/**
 * Points as a curve of dots alone: gaps keep them apart.
 * @param {ArrayLike<number>} pairs   x, y of one after the other.
 */
export function scattered(pairs) {
  const count = pairs.length / 2;
  const x = new Float64Array(2 * count).fill(NaN);
  const y = new Float64Array(2 * count).fill(NaN);
  for (let k = 0; k < count; k += 1) [x[2 * k], y[2 * k]] = [pairs[2 * k], pairs[2 * k + 1]];
  return { x, y };
}

/** @param {ArrayLike<number>} data @returns {Pair} */
export const pairOf = (data) => [data[0], data[1]];
