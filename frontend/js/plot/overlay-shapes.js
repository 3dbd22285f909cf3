/** The overlays of the surface as shapes on the plane: arrows, curves, points, basins. Pure. */

import { formatNumber } from "../document/number-format.js";
import { nameOf } from "./spectrum.js";

/** @import { Frame, Pair } from "../document/types.js" */

/** An arrow is at most so long, in shares of the grid's spacing. */
const LONGEST = 0.85;
/** Slopes differ by powers of ten: the length is the slope's power of this. */
const POWER = 0.3;
const ROUNDING = 1e-15;

/**
 * @typedef {{kind: "start"|"place"|"lowest"|"minimum"|"saddle"|"maximum"|"degenerate"|"level", a: number, b: number, cost: number, text: string}} Mark
 */

/**
 * @typedef {object} Arrow
 * @property {Pair} from
 * @property {Pair} to
 * @property {number} share    Of the slope, how much lies in the plane.
 */

/**
 * Downhill on the grid, longer where it is steeper.
 * @param {Frame} frame   Of a gradient field.
 * @param {number} [every]   Only one column and row of so many, with arrows as much longer: for a small picture.
 * @returns {Arrow[]}
 */
export function arrowsOf({ arrays }, every = 1) {
  const [a, b, arrows, share] = [arrays.a, arrays.b, arrays.arrows, arrays.share].map(({ data }) => data);
  const [wide, tall] = [(a[1] - a[0]) * LONGEST * every, (b[1] - b[0]) * LONGEST * every];
  const size = (/** @type {number} */ k) => Math.hypot(arrows[2 * k] / wide, arrows[2 * k + 1] / tall);
  let most = 0;
  for (let k = 0; k < share.length; k += 1) if (size(k) > most) most = size(k);
  /** @type {Arrow[]} */
  const found = [];
  for (let k = 0; k < share.length; k += 1) {
    const own = size(k);
    const [column, row] = [k % a.length, Math.floor(k / a.length)];
    if (!(own > 0 && most > 0) || column % every || row % every) continue;
    const scale = (own / most) ** POWER / own;
    const from = /** @type {Pair} */ ([a[column], b[row]]);
    found.push({
      from,
      to: [from[0] + arrows[2 * k] * scale, from[1] + arrows[2 * k + 1] * scale],
      share: share[k],
    });
  }
  return found;
}

/**
 * The critical points as marks of the picture.
 * @param {Frame} frame
 * @param {number} around   The size of the costs around.
 * @returns {Mark[]}
 */
export function criticalMarks({ meta }, around) {
  return meta.points.map((/** @type {any} */ point) => ({
    kind: point.classification,
    a: point.at[0],
    b: point.at[1],
    cost: point.cost,
    text: `${nameOf(point)}: ${formatNumber(settledCost(point.cost, around))}`,
  }));
}

/**
 * What rounding leaves of a cost of zero, beside those around, is no height to name.
 * @param {number} cost
 * @param {number} around
 */
export const settledCost = (cost, around) => (Math.abs(cost) < ROUNDING * around ? 0 : cost);

/** Curves of critical points: places (a, b) along each, at one cost. @param {Frame} frame */
export function criticalCurves({ meta, arrays }) {
  return meta.curves.map((/** @type {any} */ curve, /** @type {number} */ k) => {
    const { data, shape } = arrays.curves[k].path;
    return {
      cost: curve.cost,
      minimum: curve.curvature > 0,
      path: Array.from(
        { length: shape[0] },
        (_, row) => /** @type {Pair} */ ([data[2 * row], data[2 * row + 1]]),
      ),
    };
  });
}

/** What the search found, and how finely it looked, in words. @param {Frame} frame */
export function criticalSaid({ meta, arrays }) {
  const count = (/** @type {string} */ kind) =>
    meta.points.filter((/** @type {any} */ point) => point.classification === kind).length;
  const kinds = /** @type {const} */ ([
    ["minimum", "minima"],
    ["saddle", "saddles"],
    ["maximum", "maxima"],
    ["degenerate", "degenerate points"],
  ]);
  const parts = kinds.flatMap(([one, many]) =>
    count(one) > 0
      ? [`${count(one)} ${count(one) === 1 ? (one === "degenerate" ? "degenerate point" : one) : many}`]
      : [],
  );
  const curves = criticalCurves({ kind: "study", meta, arrays });
  if (curves.length > 0)
    parts.push(
      `${curves.length} ${curves.length === 1 ? "curve" : "curves"} of ${curves.every((/** @type {any} */ { minimum }) => minimum) ? "minima" : "degenerate points"}`,
    );
  const flat = meta.flat > 0 ? ` ${Math.round(meta.flat * 100)} % of the window is flat.` : "";
  const fine = `Searched on ${meta.resolution} × ${meta.resolution} points: closer than ${meta.spacing.map((/** @type {number} */ gap) => formatNumber(gap, 2)).join(" × ")}, two may look like one.`;
  return `${parts.length > 0 ? `Found ${parts.join(", ")}.` : "None found in the window shown; kinks are not looked for."}${flat} ${fine}`;
}

/**
 * @typedef {object} Tiles            A picture of starts, one tile each.
 * @property {Float64Array} a
 * @property {Float64Array} b
 * @property {(number|null)[]} group  Which minimum, or how low from 0 to 1; null for none.
 * @property {Float64Array} shade     From 0 (at once) to 1 (late).
 * @property {Uint8Array|null} differ
 * @property {boolean} groups         Whether `group` counts minima.
 */

/** @param {Frame} frame @returns {Tiles} */
export function tilesOf({ meta, arrays }) {
  const [a, b] = [arrays.a.data, arrays.b.data];
  if (meta.of === "minima") {
    const label = Array.from(arrays.label.data);
    const shade = Float64Array.from(arrays.arrival.data, (step) =>
      step < 0 ? 1 : Math.log(1 + step) / Math.log(1 + meta.steps),
    );
    return {
      a,
      b,
      group: label.map((one) => (one < 0 ? null : one)),
      shade,
      differ: arrays.differ ? arrays.differ.data : null,
      groups: true,
    };
  }
  const own = costRanks(arrays.cost.data);
  const nothing = ROUNDING * Math.max(0, ...Array.from(arrays.cost.data).filter(Number.isFinite));
  const differ = arrays.other_cost
    ? Uint8Array.from(arrays.cost.data, (cost, k) =>
        Number(differs(cost, arrays.other_cost.data[k], nothing)),
      )
    : null;
  return { a, b, group: own, shade: new Float64Array(own.length), differ, groups: false };
}

/**
 * Two final costs that are not one by any count.
 * @param {number} one
 * @param {number} other
 * @param {number} nothing  What is no difference.
 */
const differs = (one, other, nothing) =>
  Number.isFinite(one) !== Number.isFinite(other) ||
  Math.max(one, other) > 2 * Math.min(one, other) + nothing;

/** Costs on a log scale from 0, the lowest, to 1; null where a descent diverged. @param {ArrayLike<number>} cost */
function costRanks(cost) {
  const least = ROUNDING * Math.max(0, ...Array.from(cost).filter(Number.isFinite)) || 1;
  const logs = Array.from(cost, (one) => (Number.isFinite(one) ? Math.log10(Math.max(one, least)) : NaN));
  const finite = logs.filter(Number.isFinite);
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  return logs.map((one) => (Number.isFinite(one) ? (one - low) / (high - low || 1) : null));
}

/** @param {Frame} frame @param {{label: string}[]} runs */
export function basinsSaid({ meta, arrays }, runs) {
  const own = runs[meta.optimizer]?.label ?? "";
  const other = meta.against === null ? "" : (runs[meta.against]?.label ?? "");
  if (meta.of === "minima") {
    const none = Array.from(arrays.label.data).filter((label) => label < 0).length / arrays.label.data.length;
    const where = `Each tile has the colour of the minimum that ${own} reaches from there in ${meta.steps} steps, darker the later: a run’s own where one ends; grey: none (${Math.round(none * 100)} %).`;
    return other
      ? `${where} Hatched: ${other} reaches another one, ${Math.round(meta.share * 100)} % of the starts.`
      : where;
  }
  const finite = Array.from(arrays.cost.data).filter(Number.isFinite);
  if (finite.length === 0) return `${own} diverges from every start.`;
  const rough =
    meta.progress < 1
      ? ` So far from ${arrays.a.data.length} × ${arrays.b.data.length} starts, more are under way.`
      : "";
  const where = `Each tile has the colour of the cost that ${own} has after ${meta.steps} full-batch steps from there: ${formatNumber(Math.min(...finite))} (dark) to ${formatNumber(Math.max(...finite))} (bright), log scale.`;
  return `${other ? `${where} Hatched: ${other} ends more than twice as high or as low.` : where}${rough}`;
}
