/** An inspection's frame as what the Network view draws and says. Pure. */

import { formatNumber, formatPercent, plural } from "../document/number-format.js";

/** @import { Frame, Inspection } from "../document/types.js" */
/** @import { Grid } from "./scalar-field.js" */

/**
 * @typedef {object} Answers                    What is drawn, whatever the data's dimension.
 * @property {"classes"|"values"} kind
 * @property {[[number, number], [number, number]]} window
 * @property {Grid|null} grid           Two classes or a value: one field, ½ between the classes.
 * @property {{winner: ArrayLike<number>, sure: ArrayLike<number>, width: number, height: number}|null} winners  Many classes.
 * @property {number} level                                   Where the bold line is drawn.
 * @property {[number, number, number][]} lines               First-layer hyperplanes w₁x₁ + w₂x₂ + b = 0.
 * @property {{x: ArrayLike<number>, y: ArrayLike<number>, label: ArrayLike<number>}} points
 * @property {{x: ArrayLike<number>, y: ArrayLike<number>}|null} curve
 */

/**
 * The answers over the data plane, with the examples on it; null for a problem without data, and as long as an
 * answer and the examples are of two problems, which arrive one after the other.
 * @param {Inspection|null} inspection
 * @param {Frame|null} data     The answer to `want: ["data"]`: the examples as they are drawn.
 * @returns {Answers|null}
 */
export function answersOf(inspection, data) {
  const about = inspection?.meta.outputs;
  if (!inspection || !about || !data || (about.kind === "classes") !== Boolean(data.meta.data.class_names))
    return null;
  const { arrays } = inspection;
  const points = data.arrays.data.points.data;
  return {
    kind: about.kind,
    window: about.window,
    level: about.level ?? NaN,
    grid: gridOf(about, arrays),
    winners: winnersOf(arrays),
    lines: rowsOf(arrays.outputs?.hyperplanes),
    points: { x: everySecond(points, 0), y: everySecond(points, 1), label: data.arrays.data.targets.data },
    curve: curveOf(arrays),
  };
}

/** @param {Record<string, any>} about @param {Frame["arrays"]} arrays */
function gridOf(about, arrays) {
  const grid = arrays.outputs?.grid;
  if (!grid) return null;
  const [height, width] = grid.shape;
  const values = about.kind === "classes" ? grid.data : scaled(grid.data);
  return { values, width, height };
}

/** Values of a regression on a scale from 0 to 1, for the colours. @param {ArrayLike<number>} values */
function scaled(values) {
  const list = Array.from(values);
  const low = Math.min(...list);
  const high = Math.max(...list);
  return list.map((value) => (high > low ? (value - low) / (high - low) : 0.5));
}

/** @param {Frame["arrays"]} arrays */
function winnersOf(arrays) {
  const winner = arrays.outputs?.winner;
  if (!winner) return null;
  const [height, width] = winner.shape;
  return { winner: winner.data, sure: arrays.outputs.sure.data, width, height };
}

/** @param {{data: ArrayLike<number>, shape: number[]}|undefined} rows @returns {[number, number, number][]} */
function rowsOf(rows) {
  if (!rows) return [];
  return Array.from({ length: rows.shape[0] }, (_, k) => [
    rows.data[3 * k],
    rows.data[3 * k + 1],
    rows.data[3 * k + 2],
  ]);
}

/** @param {Frame["arrays"]} arrays */
function curveOf(arrays) {
  const curve = arrays.outputs?.curve;
  return curve ? { x: arrays.outputs.curve_x.data, y: everySecond(curve.data, 0, curve.shape[1]) } : null;
}

/** @param {ArrayLike<number>} values @param {number} from @param {number} [stride] */
function everySecond(values, from, stride = 2) {
  return Float64Array.from({ length: values.length / stride }, (_, k) => values[stride * k + from]);
}

/** What one sees, in words. @param {Inspection} inspection @param {string} label   Of the run. */
export function caption({ meta, arrays, at }, label) {
  const about = meta.outputs;
  const lead = at
    ? `What the network at the point ${at.map((value) => formatNumber(value)).join(", ")} of the plane answers.`
    : `What ${label}’s network answers at step ${meta.step}.`;
  if (arrays.outputs?.curve) return `${lead} The line is its output, the dots are the examples.`;
  const units = arrays.outputs.hyperplanes.shape[0];
  const lines = `The ${plural(units, "thin line is", "thin lines are")} the first layer’s hyperplanes w·x + b = 0`;
  const bold = about.level === null ? "" : "; the bold one is where the output crosses ½";
  return `${lead} ${lines}${bold}.${about.exact ? "" : ` ${sliceSaid(about)}`}`;
}

/** @param {Record<string, any>} about */
function sliceSaid({ variance_share }) {
  return `The inputs have more than two dimensions: this is the slice through their mean along their first two principal components, which hold ${formatPercent(variance_share)} of their variance; the examples are projected on it.`;
}

/**
 * How well it fits, as pairs of a name and a value.
 * @param {Inspection} inspection
 * @returns {[string, string][]}
 */
export function fitOf({ meta }) {
  /** @type {[string, string][]} */
  const said = [];
  for (const [part, name] of /** @type {const} */ ([
    ["train", "training"],
    ["test", "test"],
  ])) {
    const fit = meta.fit?.[part];
    if (fit?.accuracy !== undefined) said.push([`${name} accuracy`, formatPercent(fit.accuracy)]);
    else if (fit) said.push([`${name} root mean square error`, formatNumber(fit.rms)]);
  }
  return said;
}

/**
 * The table of true against named classes, of the test set where there is one.
 * @param {Inspection} inspection
 * @param {Frame|null} data
 */
export function confusionOf({ arrays }, data) {
  const part = arrays.fit?.test?.confusion ? "test" : "train";
  const table = arrays.fit?.[part]?.confusion;
  if (!table) return null;
  const [size] = table.shape;
  const names = data?.meta.data?.class_names ?? Array.from({ length: size }, (_, k) => String(k));
  // Of two that are called 0 and 1 the accuracy says as much.
  if (size < 3 && names.every((/** @type {string} */ name) => /^\d$/.test(name))) return null;
  const rows = Array.from({ length: size }, (_, k) => Array.from(table.data.slice(k * size, (k + 1) * size)));
  return { part, names, rows };
}

/** A dozen digits with what the network makes of them. @param {Inspection} inspection */
export function examplesOf({ arrays }) {
  const images = arrays.examples?.images;
  if (!images) return [];
  const [count, size] = images.shape;
  return Array.from({ length: count }, (_, k) => ({
    pixels: images.data.slice(k * size, (k + 1) * size),
    truth: arrays.examples.true.data[k],
    named: arrays.examples.named.data[k],
    sure: arrays.examples.sure.data[k],
  }));
}
