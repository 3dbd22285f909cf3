/** The surface as a frame brings it. Pure. */

/**
 * A surface that comes at once is whole: it has one level.
 * @param {import("../document/types.js").Frame} frame
 * @returns {import("../document/types.js").Surface}
 */
export function surfaceOf({ meta, arrays }) {
  const { height, level = 0, levels = 1, minima = [] } = meta;
  return { a: arrays.a.data, b: arrays.b.data, cost: arrays.cost.data, height, level, levels, minima };
}
