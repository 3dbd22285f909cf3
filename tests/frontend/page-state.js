/** A state of the page with two short runs, for the tests of the pure modules. */

import { emptyRun } from "../../frontend/js/model/runs.js";

/** @param {string} label @param {number[]} cost @param {Partial<Record<string, number[]>>} [columns] */
export function runOf(label, cost, columns = {}) {
  const run = emptyRun({ label, kind: "gd" }, 0);
  run.cost.set(cost);
  run.shadowCost.set(columns.shadowCost ?? cost);
  run.offPlane.set(columns.offPlane ?? cost.map(() => 0));
  run.count = cost.length;
  return run;
}

export function sliceState(overrides = {}) {
  return {
    problem: { dim: 105, exact: false, layers: [] },
    plane: {
      id: "p1",
      generation: 1,
      provisional: false,
      kind: "pca",
      orthonormal: true,
      exact: false,
      note: "",
      varianceShare: [0.71, 0.2],
      nullShare: 0.77,
      labels: ["PC 1", "PC 2"],
      extent: [
        [-1, 1],
        [-1, 1],
      ],
    },
    surface: {
      a: new Float64Array(2),
      b: new Float64Array(2),
      cost: new Float32Array([0, 0.25, 0.5, 1]),
      clipped: { low: null, high: null, count: 0 },
      level: 1,
      levels: 1,
      minima: [],
    },
    heights: {
      log: false,
      refused: false,
      low: 0,
      high: 1,
      lowCost: 0,
      highCost: 1,
      of: (/** @type {number} */ cost) => cost,
    },
    runs: [runOf("Adam", [0.5, 0.25, 0.125], { shadowCost: [0.5, 0.5, 0.5], offPlane: [0, 1, 2] })],
    doc: { view: { height: "linear" } },
    step: 1,
    focus: 0,
    ...overrides,
  };
}
