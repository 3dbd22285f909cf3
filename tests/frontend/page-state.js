/** A state of the page with two short runs, for the tests of the pure modules. */

import { emptyRun } from "../../frontend/js/model/runs.js";
import { heightsOf } from "../../frontend/js/plot/heights.js";

/** @param {string} label @param {number[]} cost @param {Partial<Record<string, number[]>>} [columns] */
export function runOf(label, cost, columns = {}) {
  const run = emptyRun({ label, kind: "gd", color: "#e69f00" });
  run.cost.set(cost);
  run.projectedCost.set(columns.projectedCost ?? cost);
  run.offPlane.set(columns.offPlane ?? cost.map(() => 0));
  run.count = cost.length;
  return run;
}

/** A height axis as the service sends it. */
export function axisOf(axis = {}) {
  const { low = 0, high = 1 } = axis;
  const lines = [low, (high - low) / 10];
  return {
    log: false,
    refused: false,
    low,
    high,
    drawn: [low, high],
    span: high - low,
    ticks: [
      [low, "low"],
      [high, "high"],
    ],
    scene_lines: lines,
    map_lines: lines,
    ranks: Array.from({ length: 10 }, (_, k) => k / 9),
    captions: [],
    notes: [],
    ...axis,
  };
}

/** The sentence of a run, as the service sends it. */
const RUN_CAPTION = {
  strong: "{cost}",
  text: ", projected cost {shadow_cost}, off the plane {off_plane}",
  brief: ", projected {shadow_cost}, off plane {off_plane}",
  gap: ": the gap exceeds the picture’s whole range",
  gap_brief: ": gap beyond the range",
};

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
      runCaption: RUN_CAPTION,
      captions: [
        { key: "slice", strong: "Slice", text: "105 parameters, 2 shown", brief: "2 of 105", warn: false },
        { key: "note", strong: "Plane", text: "As fitted.", brief: null, warn: false },
      ],
      extent: [
        [-1, 1],
        [-1, 1],
      ],
    },
    surface: {
      a: new Float64Array(2),
      b: new Float64Array(2),
      cost: new Float32Array([0, 0.25, 0.5, 1]),
      height: { linear: axisOf(), log: axisOf({ log: true, low: 0.01 }) },
      level: 1,
      levels: 1,
      minima: [],
    },
    heights: heightsOf(axisOf()),
    runs: [runOf("Adam", [0.5, 0.25, 0.125], { projectedCost: [0.5, 0.5, 0.5], offPlane: [0, 1, 2] })],
    doc: { view: { height: "linear" } },
    step: 1,
    focus: 0,
    ...overrides,
  };
}
