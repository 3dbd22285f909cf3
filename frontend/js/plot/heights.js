/** The height axis: which costs are on it, linear or logarithmic, for ground and paths alike. Pure. */

import { formatNumber } from "../document/number-format.js";

/** @typedef {import("../document/types.js").Heights} Heights */

/** On a log axis a cost of zero lies infinitely deep: the floor lies at most this factor under the lowest hundredth. */
const DEEPEST_BELOW_GROUND = 10;
const LOWEST_SHARE = 0.01;
/** A cost axis that begins this near to zero, in shares of its length, begins at zero. */
const NEAR_ZERO = 0.15;
/** Runs may rise this many times the ground's own range above it before the picture cuts them off. */
const HIGHEST_ABOVE_GROUND = 1;
const PADDING = 0.03;
/** Colours of a scale stand at least this share of it apart. */
const CLOSEST = 1e-4;
/** When the range must grow it grows by this share more, so that a growing path does not move it at every step. */
const ROOM_TO_GROW = 0.08;

/** Why a log axis was asked for and is none. */
export const LOG_REFUSED = "linear: a log scale needs costs above 0";

/**
 * @param {import("../document/types.js").Surface} surface
 * @param {import("../document/types.js").Run[]} runs
 * @param {"linear"|"log"} wanted
 * @param {Heights|null} [before]  The axis drawn so far: kept while it still holds everything.
 * @returns {Heights}
 */
export function heightsOf(surface, runs, wanted, before = null) {
  const whole = rangeOf(surface.cost, surface.cost.length, -Infinity);
  const log = wanted === "log" && whole.high > 0 && whole.low >= 0;
  // A few peaks would flatten all the rest of a linear axis; a log axis has room for them.
  const ground = log ? whole : within(whole, surface.clipped);
  const place = log ? Math.log10 : (/** @type {number} */ cost) => cost;
  const positive = log ? rangeOf(surface.cost, surface.cost.length, 0) : ground;
  const paths = pathRange(runs, log ? 0 : -Infinity);
  const deepest = log ? place(quantile(surface.cost, LOWEST_SHARE) / DEEPEST_BELOW_GROUND) : -Infinity;
  const low = Math.max(place(Math.min(positive.low, paths.low)), deepest);
  const top = place(positive.high);
  const high = Math.max(
    top,
    Math.min(place(Math.max(paths.high, positive.high)), top + HIGHEST_ABOVE_GROUND * (top - low)),
  );
  const zero = !log && low >= 0 && low < NEAR_ZERO * (high - low);
  return axis(
    log,
    wanted === "log" && !log,
    ...steady(zero ? 0 : low, high, zero, before?.log === log ? before : null),
  );
}

/**
 * The range with a little room, or the one drawn so far while that holds everything.
 * @param {number} low
 * @param {number} high
 * @param {boolean} rooted    The low end is meant: no room below it.
 * @param {Heights|null} before
 * @returns {[number, number]}
 */
function steady(low, high, rooted, before) {
  const span = high - low || Math.abs(high) || 1;
  const fitted = /** @type {[number, number]} */ ([
    rooted ? low : low - PADDING * span,
    high + PADDING * span,
  ]);
  // A range much too large tells as little as one too small.
  if (!before || span < 0.5 * (before.high - before.low)) return fitted;
  const room = ROOM_TO_GROW * span;
  const down = rooted ? low : low - room;
  return [low < before.low ? down : before.low, high > before.high ? high + room : before.high];
}

/** @param {boolean} log @param {boolean} refused @param {number} low @param {number} high @returns {Heights} */
function axis(log, refused, low, high) {
  const lowCost = log ? 10 ** low : low;
  const highCost = log ? 10 ** high : high;
  const of = log
    ? (/** @type {number} */ cost) => Math.log10(Math.max(cost, lowCost))
    : (/** @type {number} */ cost) => cost;
  return { log, refused, low, high, lowCost, highCost, of };
}

/**
 * Least and greatest of the finite values above a bound.
 * @param {ArrayLike<number>} values
 * @param {number} count
 * @param {number} above
 */
function rangeOf(values, count, above) {
  let low = Infinity;
  let high = -Infinity;
  for (let k = 0; k < count; k += 1) {
    const value = values[k];
    if (value > above && value < Infinity) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return { low, high };
}

/** @param {Float32Array} values @param {number} share  Of the values above zero. */
function quantile(values, share) {
  const sorted = values.filter((value) => value > 0 && value < Infinity).sort();
  return sorted[Math.floor(share * (sorted.length - 1))];
}

/**
 * The range as far as the service would have a picture go.
 * @param {{low: number, high: number}} range
 * @param {import("../document/types.js").Surface["clipped"]} clipped
 */
const within = ({ low, high }, clipped) => ({
  low: Math.max(low, clipped.low ?? -Infinity),
  high: Math.min(high, clipped.high ?? Infinity),
});

/**
 * A diverged run's heights say nothing of where to look.
 * @param {import("../document/types.js").Run[]} runs
 * @param {number} above
 */
function pathRange(runs, above) {
  const ranges = runs
    .filter((run) => run.status !== "diverged")
    .map((run) => rangeOf(run.cost, run.count, above));
  return {
    low: Math.min(Infinity, ...ranges.map(({ low }) => low)),
    high: Math.max(-Infinity, ...ranges.map(({ high }) => high)),
  };
}

/**
 * Where on the axis the colours stand when each covers as much of the ground as any other.
 * @param {import("../document/types.js").Surface} surface
 * @param {Heights} heights
 * @param {number} count
 * @returns {number[]}   Shares of the axis, ascending from 0 to 1.
 */
export function rankStops(surface, { low, high, of }, count) {
  const sorted = Float64Array.from(surface.cost)
    .filter(Number.isFinite)
    .map((cost) => Math.min(1, Math.max(0, (of(cost) - low) / (high - low))))
    .sort();
  const stops = Array.from(
    { length: count },
    (_, k) => sorted[Math.round((k / (count - 1)) * (sorted.length - 1))] ?? k / (count - 1),
  );
  [stops[0], stops[count - 1]] = [0, 1];
  // Level ground has many equal heights, and a scale must ascend.
  for (let k = 1; k < count - 1; k += 1)
    stops[k] = Math.min(1 - (count - 1 - k) * CLOSEST, Math.max(stops[k], stops[k - 1] + CLOSEST));
  return stops;
}

/**
 * How many of the ground's samples lie beyond the axis' ends, where they are drawn flat.
 * @param {Heights} heights
 * @param {import("../document/types.js").Surface} surface
 */
export function drawnFlat({ lowCost, highCost }, { cost }) {
  const flat = { above: 0, below: 0 };
  for (let k = 0; k < cost.length; k += 1) {
    if (cost[k] > highCost) flat.above += 1;
    if (cost[k] < lowCost) flat.below += 1;
  }
  return flat;
}

/** Ground that is drawn flat stands so far inside the axis' end, in shares of it: at the very end half of it is lost in rounding. */
const INSIDE = 1e-3;

/**
 * The costs between which the ground is drawn in 3D.
 * @param {Heights} heights
 * @param {import("../document/types.js").Surface} surface
 */
export function drawnBetween(heights, surface) {
  const { above, below } = drawnFlat(heights, surface);
  const inside = INSIDE * (heights.high - heights.low);
  const costAt = (/** @type {number} */ place) => (heights.log ? 10 ** place : place);
  return {
    lowCost: below > 0 ? costAt(heights.low + inside) : heights.lowCost,
    highCost: above > 0 ? costAt(heights.high - inside) : heights.highCost,
  };
}

/**
 * What the height scale must say of itself, beside its two ends.
 * @param {Heights} heights
 * @param {import("../document/types.js").Surface} surface
 * @returns {string[]}
 */
export function heightNotes(heights, surface) {
  const notes = [];
  if (heights.refused) notes.push(LOG_REFUSED);
  const { above, below } = drawnFlat(heights, surface);
  if (above > 0) notes.push(`drawn flat above ${formatNumber(heights.highCost)}`);
  if (below > 0) notes.push(`drawn flat below ${formatNumber(heights.lowCost, heights.log ? 2 : 3)}`);
  return notes;
}
