/** What a spectrum says of a place, in words, and as a picture's numbers. Pure. */

import { formatCount, formatNumber, formatRunning, plural } from "../document/number-format.js";

/** @import { Frame } from "../document/types.js" */
/** @import { Tick } from "./ticks.js" */

/**
 * @typedef {object} Verdict
 * @property {string} strong
 * @property {string} text
 */

/** What each kind of critical point is, in one sentence. */
const SENTENCES = /** @type {Record<string, string>} */ ({
  minimum: "The surface rises in every direction from here.",
  maximum: "The surface falls in every direction from here.",
  degenerate:
    "In at least one direction the surface is flat to second order: the curvature does not decide what this is.",
});

/**
 * @param {{classification: string, index: number|null, complete?: boolean}} point   Of a part of the spectrum the index is a lower bound.
 */
export function nameOf({ classification, index, complete = true }) {
  if (classification === "saddle") return `saddle of index ${complete ? "" : "at least "}${index}`;
  return classification === "degenerate" ? "degenerate point" : classification;
}

/**
 * What kind of point it is.
 * @param {Record<string, any>} meta   Of a spectrum.
 * @returns {Verdict}
 */
export function verdictOf(meta) {
  if (meta.classification === "not_critical")
    return { strong: `Not critical: ‖∇C‖ = ${formatRunning(meta.grad_norm)}`, text: slopeSaid(meta) };
  const name = nameOf(/** @type {any} */ (meta));
  const down = `${meta.complete ? "" : "at least "}${plural(meta.negative_count, "direction")}`;
  const known = meta.complete ? "" : " So far as the ends of the spectrum tell.";
  const text =
    meta.classification === "saddle"
      ? `From here the surface falls along ${down} and rises along others.`
      : `${SENTENCES[meta.classification]}${known}`;
  return { strong: name[0].toUpperCase() + name.slice(1), text };
}

/** @param {Record<string, any>} meta */
function slopeSaid({ critical_below }) {
  return `The surface still slopes here: only below ${formatNumber(critical_below, 2)} would it count as level.`;
}

/**
 * Of how many examples the curvature is, where not of all; nothing otherwise.
 * @param {Record<string, any>} meta
 */
export function sampleSaid({ examples, all_examples: all }) {
  if (examples === all) return "";
  return `From ${formatCount(examples)} of ${formatCount(all)} examples: the number of negative eigenvalues is a lower bound for these, and an estimate for all.`;
}

/**
 * The facts of a spectrum, as pairs of a name and a value.
 * @param {Frame} frame
 * @returns {[string, string][]}
 */
export function factsOf({ meta, arrays }) {
  const values = arrays.eigenvalues.data;
  const count = `${meta.complete ? "" : "at least "}${formatCount(meta.negative_count)} of ${formatCount(meta.dim)}`;
  /** @type {[string, string][]} */
  const facts = [
    ["highest curvature λ", formatRunning(values[values.length - 1])],
    ["lowest curvature λ", formatRunning(values[0])],
    ["negative eigenvalues", count],
  ];
  return [...facts, ["condition number", conditionSaid(meta)]];
}

/** @param {Record<string, any>} meta */
function conditionSaid({ complete, condition }) {
  if (!complete) return "not known from the ends";
  return condition === null ? "∞ (some are zero)" : formatNumber(condition);
}

/**
 * Where eigenvalues of many sizes and both signs lie on one axis: linear near zero, logarithmic beyond.
 * @param {number} value
 * @param {number} unit   The size up to which the axis is linear.
 */
export const signedLog = (value, unit) => Math.sign(value) * Math.log10(1 + Math.abs(value) / unit);

/**
 * @typedef {object} Density
 * @property {number} unit          Up to this size the axis is linear.
 * @property {Float64Array} x       Places on the axis of `signedLog`.
 * @property {Float64Array} y       Density, 1 at its highest.
 * @property {Float64Array} at      The eigenvalues' own places.
 */

const DENSITY_POINTS = 240;
/** Width of the bell around each eigenvalue, in shares of the axis. */
const BELL = 0.018;
/** Numbers on the axis stand at least this share of it apart. */
const CLOSEST = 0.13;

/**
 * The spectrum as a density: a bell on every eigenvalue.
 * @param {ArrayLike<number>} eigenvalues
 * @returns {Density}
 */
export function densityOf(eigenvalues) {
  const most = Math.max(...Array.from(eigenvalues, Math.abs)) || 1;
  const unit = most / 1000;
  const at = Float64Array.from(eigenvalues, (value) => signedLog(value, unit));
  const low = Math.min(0, at[0]);
  const high = Math.max(0, at[at.length - 1]);
  const room = 0.06 * (high - low || 1);
  const width = BELL * (high - low + 2 * room);
  const x = Float64Array.from(
    { length: DENSITY_POINTS },
    (_, k) => low - room + ((high - low + 2 * room) * k) / (DENSITY_POINTS - 1),
  );
  const y = x.map((place) => at.reduce((sum, one) => sum + Math.exp(-0.5 * ((place - one) / width) ** 2), 0));
  const top = Math.max(...y) || 1;
  return { unit, x, y: y.map((value) => value / top), at };
}

/** Round eigenvalues for the axis of `signedLog`. @param {Density} density @returns {Tick[]} */
export function densityTicks({ unit, x }) {
  const power = Math.floor(Math.log10(unit * 1000));
  const sizes = [10 ** (power - 2), 10 ** (power - 1), 10 ** power];
  const values = [...sizes.map((size) => -size).reverse(), 0, ...sizes];
  const span = x[x.length - 1] - x[0];
  /** @type {Tick[]} */
  const ticks = [{ at: 0, text: "0" }];
  // From the largest inwards: numbers near zero would cover it and one another.
  for (const value of values.sort((p, q) => Math.abs(q) - Math.abs(p))) {
    const at = signedLog(value, unit);
    const fits =
      at >= x[0] && at <= x[x.length - 1] && ticks.every((tick) => Math.abs(tick.at - at) > CLOSEST * span);
    if (fits) ticks.push({ at, text: formatNumber(value, 1) });
  }
  return ticks;
}

/** A line that is so many times as high as the curve is left above the picture, which it would press flat. */
const IN_SIGHT = 3;
const ROOM = 0.06;

/**
 * The line above which a rate is too large, as far as it goes into a picture of these curves.
 * @param {ArrayLike<number>} at   The steps.
 * @param {ArrayLike<number>[]} curves
 * @param {import("../model/edge.js").EdgeLine|null} edge
 */
export function edgePlot(at, curves, edge) {
  const values = curves.flatMap((curve) => Array.from(curve)).filter(Number.isFinite);
  const [low, top] = [Math.min(0, ...values), Math.max(0, ...values)];
  const line = (edge?.line ?? []).map((value) => (value <= IN_SIGHT * top ? value : NaN));
  const inSight = line.filter(Number.isFinite);
  const high = Math.max(top, ...inSight);
  const span = high - low || 1;
  return {
    y: /** @type {[number, number]} */ ([low - ROOM * span, high + ROOM * span]),
    curves: inSight.length > 0 ? [{ x: at, y: line, color: "--text", dash: [6, 4], width: 1.25 }] : [],
    said: edge ? lineSaid(edge, inSight.length > 0) : "",
  };
}

/** @param {import("../model/edge.js").EdgeLine} edge @param {boolean} inSight */
function lineSaid({ text, line }, inSight) {
  const values = line.filter(Number.isFinite);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const size =
    high - low <= 1e-9 * high ? formatNumber(high) : `${formatNumber(low)} to ${formatNumber(high)}`;
  return `edge ${text} = ${size}${inSight ? "" : ", above the picture"}`;
}

/** What a curve of sharpness says in words. @param {Frame} frame */
export function sharpnessSaid({ meta, arrays }) {
  const {
    steps,
    highest,
    negative_count: count,
  } = { steps: arrays.steps.data, highest: arrays.highest.data, negative_count: arrays.negative_count.data };
  const last = steps.length - 1;
  const bound = meta.complete ? "" : "at least ";
  return `Sharpness (the highest curvature) goes from ${formatNumber(highest[0])} to ${formatNumber(highest[last])}, negative eigenvalues from ${bound}${formatCount(count[0])} to ${bound}${formatCount(count[last])}. ${sampleSaid(meta)}`.trimEnd();
}
