/** The examples on show as points to go on drawing from. Pure. */

import { NO_POINTS, pointsDrawn, pointsGiven } from "../document/own-points.js";
import { answersOf } from "./answers.js";

/** @import { AppState, Drawing, Frame, Points } from "../document/types.js" */
/** @import { Answers } from "./answers.js" */

/** Room around the examples to draw in, in widths of their window. */
const ROOM = 0.08;
/** Where an empty plane is drawn. @type {Drawing["window"]} */
const EMPTY_WINDOW = [
  [-1.2, 1.2],
  [-1.2, 1.2],
];

/**
 * What drawing begins with: the examples on show, or none where the plane does not show them whole.
 * @param {Pick<AppState, "doc"|"inspection"|"data">} state
 * @returns {[Points, Drawing["window"]]}
 */
export function beginningOf({ doc, inspection, data }) {
  const shown = answersOf(inspection, data);
  if (!doc || !shown || !inspection?.meta.outputs.exact) return [NO_POINTS, EMPTY_WINDOW];
  return [pointsGiven(doc) ?? pointsOf(shown, data), widened(shown.window)];
}

/** @param {Answers} shown @param {Frame|null} data @returns {Points} */
function pointsOf({ curve }, data) {
  const { points, targets, test_points: kept, test_targets: keptTargets } = data?.arrays.data ?? {};
  const numbers = [...points.data, ...(kept?.data ?? [])];
  return pointsDrawn({
    places: Array.from({ length: numbers.length / 2 }, (_, k) => [numbers[2 * k], numbers[2 * k + 1]]),
    targets: [...targets.data, ...(keptTargets?.data ?? [])],
    names: data?.meta.data.class_names ?? null,
    inputs: curve ? 1 : 2,
  });
}

/** @param {Drawing["window"]} sides */
const widened = (sides) =>
  /** @type {Drawing["window"]} */ (
    sides.map(([low, high]) => [low - ROOM * (high - low), high + ROOM * (high - low)])
  );
