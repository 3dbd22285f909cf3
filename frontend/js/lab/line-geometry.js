/** What each unit's line and each layer's data look like, and what is left without bends. Pure. */

import { formatCount, formatNumber, formatPercent } from "../document/number-format.js";
import { raised } from "./chain-layout.js";

/** @import { Frame } from "../document/types.js" */

/** Entries of a matrix that are spelt out. */
const MOST_ENTRIES = 12;
/** Outputs that differ by no more than this share are alike. */
const ROUND_OFF = 1e-12;

/**
 * The data as a layer passes it on, on a square from 0 to 1; one coordinate lies on a level line.
 * @param {Frame} frame   Of the study `remapped`.
 * @returns {{name: string, title: string, note: string, x: Float64Array, y: Float64Array}[]}
 */
export function mapsOf({ meta, arrays }) {
  return meta.layers.map((/** @type {any} */ { name, note }, /** @type {number} */ k) => {
    const { data, shape } = arrays.layers[k].points;
    const axes = Array.from({ length: shape[1] }, (_, axis) =>
      scaled(Float64Array.from({ length: shape[0] }, (__, row) => data[row * shape[1] + axis])),
    );
    const title = k === 0 ? "input" : k === meta.layers.length - 1 ? "output" : `a${raised(k)}`;
    return { name, title, note, x: axes[0], y: axes[1] ?? new Float64Array(shape[0]).fill(0.5) };
  });
}

/**
 * The units of one layer over the inputs.
 * @typedef {object} Zeros
 * @property {string[]} names
 * @property {ArrayLike<number>[]} z      Each unit's, over the grid.
 * @property {ArrayLike<number>} [x]      The grid, where there is one input.
 */

/**
 * Where a curve crosses zero, between two of its points as a straight line would.
 * @param {ArrayLike<number>} x @param {ArrayLike<number>} z
 */
export function crossingsOf(x, z) {
  const found = [];
  for (let k = 0; k < x.length; k += 1) {
    if (z[k] === 0) found.push(x[k]);
    else if (z[k] * z[k - 1] < 0) found.push(x[k - 1] + ((x[k] - x[k - 1]) * z[k - 1]) / (z[k - 1] - z[k]));
  }
  return found;
}

/** 1 or −1 for what has one sign, 0 for what is zero throughout, NaN for what has both. @param {ArrayLike<number>} values */
function signOf(values) {
  const list = Array.from(values);
  if (list.every((value) => value === 0)) return 0;
  return list.every((value) => value > 0) ? 1 : list.every((value) => value < 0) ? -1 : NaN;
}

/**
 * What is to be said of the chosen unit, or of all, that the picture alone does not tell.
 * @param {Zeros} zeros
 * @param {number} chosen   −1 for none.
 */
export function zerosSaid({ names, z, x }, chosen) {
  const signs = z.map(signOf);
  if (chosen < 0) {
    const none = signs.filter((sign) => sign === 1 || sign === -1).length;
    const flat = signs.filter((sign) => sign === 0).length;
    const of = (/** @type {number} */ count) =>
      names.length === 1 ? "The unit" : `${formatCount(count)} of ${formatCount(names.length)} units`;
    const has = (/** @type {number} */ count) => (count === 1 ? "is" : "are");
    return [
      none > 0 && `${of(none)} ${has(none)} zero nowhere here.`,
      flat > 0 && `${of(flat)} ${has(flat)} zero everywhere here.`,
    ]
      .filter(Boolean)
      .join(" ");
  }
  const [name, sign] = [names[chosen], signs[chosen]];
  if (sign === 0) return `${name} is zero everywhere here.`;
  if (!Number.isNaN(sign)) return `${name} is ${sign > 0 ? "positive" : "negative"} everywhere here.`;
  return x
    ? `${name} is zero at x = ${crossingsOf(x, z[chosen])
        .map((at) => formatNumber(at))
        .join(", ")}.`
    : "";
}

/** @param {Float64Array} values */
function scaled(values) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  return values.map((value) => (high > low ? 0.06 + (0.88 * (value - low)) / (high - low) : 0.5));
}

/** A matrix in short. @param {{data: ArrayLike<number>, shape: number[]}} matrix */
export function matrixSaid({ data, shape: [rows, columns] }) {
  if (rows * columns > MOST_ENTRIES) return `${rows} × ${columns} numbers`;
  return Array.from(
    { length: rows },
    (_, row) =>
      `(${Array.from({ length: columns }, (__, column) => formatNumber(data[row * columns + column])).join(", ")})`,
  ).join(", ");
}

/** What becomes of the layers without their activations. @param {Frame} frame   Of the study `collapse`. */
export function collapseSaid({ meta, arrays }) {
  const { difference, scale, linear } = meta.collapse;
  const layers = meta.activations.length;
  const product = Array.from({ length: layers }, (_, k) => `W${raised(layers - k)}`).join(" ");
  const { weights, biases } = arrays.collapse;
  const one = `${product} = ${matrixSaid(weights)}, b = ${matrixSaid({ data: biases.data, shape: [1, biases.shape[0]] })}`;
  const share = scale > 0 ? ` (${formatPercent(difference / scale)} of the largest output)` : "";
  const unbent = !linear && difference <= ROUND_OFF * scale;
  const verdict = unbent
    ? "The activations bend nothing on these examples: without them no output changes."
    : linear
      ? `Every hidden unit is linear, so this one layer is the whole network: over all examples no output differs by more than ${formatNumber(difference, 2)}, which is round-off. However many layers, one straight line is all it can draw.`
      : `This network bends: leave its activations out and outputs differ by up to ${formatNumber(difference)}${share}. One layer cannot stand in for it.`;
  return { one, verdict, linear };
}
