/** The height axis as the service decides it: which costs are on it, for surface and paths alike. Pure. */

/** @import { Axis, Heights, Pair } from "../document/types.js" */

/** @param {Axis} axis @param {"height"|"rank"} [colors] @returns {Heights} */
export function heightsOf({ low, high, ...axis }, colors = "height") {
  const of = axis.log
    ? (/** @type {number} */ cost) => Math.log10(Math.max(cost, low))
    : (/** @type {number} */ cost) => cost;
  return {
    ...axis,
    low: of(low),
    high: of(high),
    lowCost: low,
    highCost: high,
    of,
    ...(colors === "rank" ? { stops: axis.ranks } : {}),
  };
}

/** One axis for two surfaces side by side. @param {Axis} one @param {Axis} other @returns {Axis} */
export function joined(one, other) {
  const wider = one.high - one.low >= other.high - other.low ? one : other;
  const [low, high] = [Math.min(one.low, other.low), Math.max(one.high, other.high)];
  const drawn = /** @type {Pair} */ ([
    Math.min(one.drawn[0], other.drawn[0]),
    Math.max(one.drawn[1], other.drawn[1]),
  ]);
  return { ...wider, log: one.log && other.log, low, high, drawn, captions: one.captions, notes: one.notes };
}

/**
 * While the surface moves, the axis drawn so far stands as long as it holds everything and is not much too large.
 * @param {Heights} now @param {Heights|null} before @returns {Heights}
 */
export function steady(now, before) {
  const holds = before && before.log === now.log && before.low <= now.low && before.high >= now.high;
  if (!holds || now.high - now.low < 0.5 * (before.high - before.low)) return now;
  const { low, high, lowCost, highCost, of, ticks, scene_lines, map_lines } = before;
  return { ...now, low, high, lowCost, highCost, of, ticks, scene_lines, map_lines };
}
