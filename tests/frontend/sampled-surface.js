/** Surfaces of known functions, and runs over them, for the tests of the stage. */

import { axisOf, runOf } from "./page-state.js";

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
  return { a, b, cost, height: heightOf(cost), level: 0, levels: 1, minima: [] };
}

/** Axes like the service's, from end to end of the finite costs. @param {Float32Array} cost */
export function heightOf(cost) {
  const finite = [...cost].filter(Number.isFinite);
  const low = Math.min(...finite);
  const high = Math.max(...finite, low + 1e-6);
  return { linear: axisOf({ low, high }), log: axisOf({ log: true, low: Math.max(low, 1e-4), high }) };
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
