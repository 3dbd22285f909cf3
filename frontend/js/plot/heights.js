/** The height axis as the service decides it: which costs are on it, for ground and paths alike. Pure. */

/**
 * @typedef {object} Axis            As it is sent with a surface.
 * @property {boolean} log
 * @property {boolean} refused       A log axis was asked for and the costs do not allow it.
 * @property {number} low            Costs at the ends.
 * @property {number} high
 * @property {import("../document/types.js").Pair} drawn    Costs between which the ground is drawn.
 * @property {number} span           How much of the axis the ground takes up, in costs.
 * @property {[number, string][]} ticks
 * @property {import("../document/types.js").Pair} scene_lines   The first contour line and the step between two, as places on the axis.
 * @property {import("../document/types.js").Pair} map_lines
 * @property {number[]} ranks        Shares of the axis where colours by rank stand.
 * @property {import("./captions.js").Truth[]} captions
 * @property {string[]} notes
 *
 * @typedef {object} Drawn
 * @property {number} low            Ends of the axis: costs, or their decimal logarithms when `log`.
 * @property {number} high
 * @property {number} lowCost        The same ends as costs.
 * @property {number} highCost
 * @property {number[]} [stops]      Colours by rank: the shares of the axis where each colour stands; evenly spaced without.
 * @property {(cost: number) => number} of  A cost's place on the axis, raised to the floor where a log demands it.
 *
 * @typedef {Omit<Axis, "low"|"high"> & Drawn} Heights
 */

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

/** One axis for two grounds side by side. @param {Axis} one @param {Axis} other @returns {Axis} */
export function joined(one, other) {
  const wider = one.high - one.low >= other.high - other.low ? one : other;
  const [low, high] = [Math.min(one.low, other.low), Math.max(one.high, other.high)];
  const drawn = /** @type {import("../document/types.js").Pair} */ ([
    Math.min(one.drawn[0], other.drawn[0]),
    Math.max(one.drawn[1], other.drawn[1]),
  ]);
  return { ...wider, log: one.log && other.log, low, high, drawn, captions: one.captions, notes: one.notes };
}

/**
 * While the ground moves, the axis drawn so far stands as long as it holds everything and is not much too large.
 * @param {Heights} now @param {Heights|null} before @returns {Heights}
 */
export function steady(now, before) {
  const holds = before && before.log === now.log && before.low <= now.low && before.high >= now.high;
  if (!holds || now.high - now.low < 0.5 * (before.high - before.low)) return now;
  const { low, high, lowCost, highCost, of, ticks, scene_lines, map_lines } = before;
  return { ...now, low, high, lowCost, highCost, of, ticks, scene_lines, map_lines };
}
