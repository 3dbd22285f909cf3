/** Where the cost comes from, example by example. Pure. */

import { formatCount, formatNumber, formatPercent } from "../document/number-format.js";

/** @import { Frame } from "../document/types.js" */

/** Examples that are listed; all are in the picture. */
const MOST_LISTED = 14;

/** The examples that cost most, by falling loss. @param {Frame} frame   Of the study `shares`. */
export function costliest({ arrays }) {
  const order = arrays.shares.order.data;
  const losses = arrays.shares.losses.data;
  const shares = arrays.shares.shares.data;
  const most = losses[order[0]] || 1;
  return Array.from({ length: Math.min(order.length, MOST_LISTED) }, (_, k) => ({
    example: Number(order[k]),
    loss: formatNumber(losses[order[k]]),
    share: formatPercent(shares[k]),
    bar: losses[order[k]] / most,
  }));
}

/** What of the cost is penalty, and how few examples make up half of the rest. @param {Frame} frame */
export function sharesSaid({ meta, arrays }) {
  const shares = arrays.shares.shares.data;
  const { cost, penalty } = meta.shares;
  let [sum, count] = [0, 0];
  while (sum < 0.5 && count < shares.length) sum += shares[count++];
  const penalized = penalty > 0;
  const weights = penalized ? `${formatNumber(penalty)} of it is the penalty on the weights. ` : "";
  const half =
    sum >= 0.5
      ? `Half of ${penalized ? "the rest" : "it"} comes from ${formatCount(count)} of ${formatCount(shares.length)} examples. `
      : "";
  return `C = ${formatNumber(cost, 4)}. ${weights}${half}`;
}

/**
 * One example's part of the cost, term by term: its outputs against its targets.
 * @param {Frame} frame
 * @param {number} example
 */
export function termsOf({ meta, arrays }, example) {
  const [count, outputs] = arrays.outputs.shape;
  const { terms } = arrays.shares;
  const first = Math.min(example, count - 1) * outputs;
  return Array.from({ length: outputs }, (_, k) => {
    const [a, y, term] = [arrays.outputs, arrays.targets, terms].map(({ data }) => data[first + k]);
    const spelt = spelled(meta.of, a, y, formatCount(count));
    return {
      name: outputs > 1 ? `output ${k + 1}` : "the output",
      a: formatNumber(a, 4),
      y: formatNumber(y, 4),
      residual: formatNumber(a - y, 4),
      term: `${spelt && `${spelt} = `}${formatNumber(term, 4)}`,
    };
  });
}

/** Nearer than this to a certain answer the logarithm hangs on digits that are not shown. */
const UNTOLD = 1e-3;

/**
 * One output's term in its numbers; empty where their digits do not tell it, as of 1 − a for an a that is as good as 1.
 * @param {string} cost @param {number} a @param {number} y @param {string} n
 */
function spelled(cost, a, y, n) {
  const [output, target] = [formatNumber(a, 4), y < 0 ? `(${formatNumber(y, 4)})` : formatNumber(y, 4)];
  if (cost === "mse") return `(${output} − ${target})² / (2 · ${n})`;
  if (cost === "huber")
    return Math.abs(a - y) <= 1
      ? `½ (${output} − ${target})² / ${n}`
      : `(|${output} − ${target}| − ½) / ${n}`;
  if (y === 1) return 1 - a > UNTOLD ? `−ln ${formatNumber(a, 6)} / ${n}` : "";
  return cost === "bce" && y === 0 && a > UNTOLD && 1 - a > UNTOLD
    ? `−ln(1 − ${formatNumber(a, 6)}) / ${n}`
    : "";
}

/**
 * Each example's residual where it lies: from its target to its output.
 * @param {Frame} frame
 * @param {ArrayLike<number>} x    The examples' inputs.
 */
export function gapsOf({ arrays }, x) {
  const outputs = arrays.outputs.shape[1];
  return Array.from({ length: Math.min(x.length, arrays.outputs.shape[0]) }, (_, k) => ({
    x: x[k],
    from: arrays.targets.data[k * outputs],
    to: arrays.outputs.data[k * outputs],
  }));
}

/**
 * Every residual of an output as a stroke, examples by falling loss; and where one example stands.
 * @param {Frame} frame
 * @param {number} output
 */
export function residualsOf({ arrays }, output) {
  const order = arrays.shares.order.data;
  const { data, shape } = arrays.shares.residuals;
  return Float64Array.from(order, (/** @type {number} */ example) => data[example * shape[1] + output]);
}
