/** The descents as they arrive: growing arrays, one entry a step. Pure. */

import { isolated } from "../document/names.js";
import { formatCount } from "../document/number-format.js";

/** @import { Frame, Run } from "../document/types.js" */

const FIRST_CAPACITY = 512;

/** The arrays of a run, by the name of the stream's channel. */
const CHANNELS = /** @type {const} */ ({
  cost: "cost",
  shadow_cost: "projectedCost",
  off_plane: "offPlane",
  test_cost: "testCost",
  examples_seen: "examples",
  gradient_evaluations: "evaluations",
});
const COLUMNS = /** @type {const} */ (["a", "b", ...Object.values(CHANNELS)]);

/** @param {{label: string, kind: string, color: string}} described @returns {Run} */
export function emptyRun(described) {
  const columns = Object.fromEntries(COLUMNS.map((name) => [name, new Float64Array(FIRST_CAPACITY)]));
  return /** @type {Run} */ ({
    label: isolated(described.label),
    kind: described.kind,
    color: described.color,
    status: "running",
    stationaryAt: null,
    tested: false,
    count: 0,
    ...columns,
  });
}

/**
 * A run that shares nothing with `run` and holds its first `count` entries.
 * @param {Run} run
 * @param {number} count
 * @returns {Run}
 */
export function firstEntries(run, count) {
  const columns = Object.fromEntries(COLUMNS.map((name) => [name, run[name].slice()]));
  return { ...run, ...columns, count: Math.min(count, run.count), status: "running" };
}

/**
 * Writes a frame of steps into the run, which it changes: what follows the frame is forgotten.
 * @param {Run} run
 * @param {Frame} frame
 */
export function appendSteps(run, frame) {
  const { first, count } = frame.meta;
  if (first > run.count) throw new Error(`frame must begin at step ${run.count} or before, got ${first}`);
  reserve(run, first + count);
  const path = frame.arrays.path?.data;
  for (let k = 0; path && k < count; k += 1) {
    run.a[first + k] = path[2 * k];
    run.b[first + k] = path[2 * k + 1];
  }
  for (const [channel, name] of Object.entries(CHANNELS)) {
    const values = frame.arrays[channel]?.data;
    if (values) run[name].set(values, first);
  }
  if (frame.arrays.test_cost) run.tested = true;
  run.count = first + count;
}

/** @param {Run} run @param {number} wanted */
function reserve(run, wanted) {
  if (wanted <= run.cost.length) return;
  const capacity = Math.max(wanted, 2 * run.cost.length);
  for (const name of COLUMNS) {
    const grown = new Float64Array(capacity);
    grown.set(run[name]);
    run[name] = grown;
  }
}

/**
 * The entry that a run shows at the cursor: its last one when it ended earlier; -1 when nothing has arrived.
 * @param {Run} run
 * @param {number} step
 */
export function entryAt(run, step) {
  return Math.min(step, run.count - 1);
}

/**
 * How a run ended before its steps were taken: "diverged at step 9", "no slope at step 3".
 * @param {Run} run
 */
export function endOf(run) {
  const words = endWords(run);
  return words && `${words} at step ${formatCount(run.count - 1)}`;
}

/** The same without the step. @param {Pick<Run, "status">} run */
export const endWords = ({ status }) =>
  ({ diverged: "diverged", no_slope: "no slope", running: "", finished: "" })[status];

/** Since when a run has not moved: "stationary from step 29". @param {Run} run */
export const stationarySaid = ({ stationaryAt }) =>
  stationaryAt === null ? "" : `stationary from step ${formatCount(stationaryAt)}`;

/**
 * Whose numbers a run shows, where that is not the step under the cursor: "diverged at step 9", "computed to step 40".
 * @param {Run} run
 * @param {number} step
 */
export function endSaid(run, step) {
  const last = run.count - 1;
  if (last < 0 || Math.floor(step) < last) return "";
  return endOf(run) || (Math.floor(step) > last ? `computed to step ${formatCount(last)}` : "");
}

/**
 * The step whose numbers a run shows, where the cursor is past it: how it ended is said on its card.
 * @param {Run} run
 * @param {number} step
 */
export function heldSaid(run, step) {
  const last = run.count - 1;
  if (last < 0 || Math.floor(step) <= last) return "";
  return endWords(run) ? `at step ${formatCount(last)}` : endSaid(run, step);
}
