/** Surfaces of known functions, and runs over them, for the tests of the stage. */

import { runOf } from "./page-state.js";

/**
 * @param {(a: number, b: number) => number} f
 * @param {{columns?: number, rows?: number, extent?: import("../../frontend/js/document/types.js").Extent}} [options]
 * @returns {import("../../frontend/js/document/types.js").Surface}
 */
export function surfaceOf(
  f,
  {
    columns = 21,
    rows = 21,
    extent = [
      [-1, 1],
      [-1, 1],
    ],
  } = {},
) {
  const line = ([low, high], count) =>
    Float64Array.from({ length: count }, (_, k) => low + ((high - low) * k) / (count - 1));
  const a = line(extent[0], columns);
  const b = line(extent[1], rows);
  const cost = new Float32Array(columns * rows);
  b.forEach((y, row) =>
    a.forEach((x, column) => {
      cost[row * columns + column] = f(x, y);
    }),
  );
  return { a, b, cost, clipped: { low: null, high: null, count: 0 }, level: 0, levels: 1, minima: [] };
}

/** A run through the points, each with its true cost. @param {[number, number, number][]} points @param {object} [more] */
export function walk(points, more = {}) {
  const run = runOf(
    "Walk",
    points.map(([, , cost]) => cost),
  );
  points.forEach(([a, b], entry) => {
    run.a[entry] = a;
    run.b[entry] = b;
  });
  return Object.assign(run, more);
}

export const bowl = (a, b) => a * a + b * b;
