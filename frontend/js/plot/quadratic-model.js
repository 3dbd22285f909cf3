/** The quadratic model of the surface around the place under the cursor, and the steps that follow from it. Pure. */

import { formatNumber, formatPercent, formatRunning } from "../document/number-format.js";
import { looksOf } from "../document/view.js";

/** @import { AppState, Extent, Frame, Heights, Model, Pair } from "../document/types.js" */
/** @import { Mark } from "./overlay-shapes.js" */

/** Directions that are no steps are drawn so long, in shares of the picture. */
const DOWNHILL = 0.22;
/** On a log axis what is not above zero has no place: it is drawn so many decades under the picture, and cut there. */
const BELOW = 3;

/** @typedef {Model & {quadratic: {frame: Frame, place: Record<string, any>}}} VisibleModel */

/**
 * The model where it is to be drawn: over the fitted plane and the training set's surface alone.
 * @param {AppState} state
 * @returns {VisibleModel|null}
 */
export function modelOf(state) {
  const { model, plane, live } = state;
  return looksOf(state).quadratic_model && model?.quadratic && !live && model.plane === plane?.id
    ? /** @type {VisibleModel} */ (model)
    : null;
}

/** @param {VisibleModel} model @returns {{a: Float64Array, b: Float64Array, cost: Float32Array}} */
export const sampled = ({
  quadratic: {
    frame: { arrays },
  },
}) => ({ a: arrays.a.data, b: arrays.b.data, cost: arrays.cost.data });

/**
 * The model's costs as the scene wants them; it is the scene that cuts them off at the box.
 * @param {VisibleModel} model
 * @param {Heights} heights
 */
export function modelData(model, heights) {
  const { a, b, cost } = sampled(model);
  const floor = heights.log ? 10 ** (heights.low - BELOW) : -Infinity;
  return {
    x: a,
    y: b,
    z: Array.from(b, (_, row) =>
      Float64Array.from(a, (_, column) => Math.max(floor, cost[row * a.length + column])),
    ),
  };
}

/** What kind of place the model's level point is. @param {ArrayLike<number>} eigenvalues */
function kindOf(eigenvalues) {
  if (eigenvalues[0] > 0) return "bottom";
  return eigenvalues[1] < 0 ? "top" : "saddle";
}

/** Where the model is level, as a mark of the picture. @param {VisibleModel|null} model @returns {Mark[]} */
export function modelMarks(model) {
  if (!model) return [];
  const { meta, arrays } = model.quadratic.frame;
  if (!arrays.critical || meta.level === null) return [];
  const [a, b] = arrays.critical.data;
  return [{ kind: "level", a, b, cost: meta.level, text: `the model’s ${kindOf(arrays.eigenvalues.data)}` }];
}

/**
 * The gradient's direction, Newton's step and the saddle-free one, in the plane's coordinates.
 * @param {AppState} state
 * @param {Extent} extent
 * @returns {{at: Pair, arrows: {kind: "downhill"|"newton"|"free", along: Pair, text: string}[]}|null}
 */
export function modelArrows(state, [[a0, a1], [b0, b1]]) {
  const newton = modelOf(state)?.newton;
  if (!newton) return null;
  const { arrays } = newton.frame;
  const pairOf = (/** @type {Frame["arrays"]} */ { data }) => /** @type {Pair} */ (Array.from(data));
  const [a, b] = pairOf(arrays.along.downhill);
  const long = Math.hypot(a / (a1 - a0), b / (b1 - b0));
  const downhill = /** @type {Pair} */ ([a, b].map((part) => (part * DOWNHILL) / long));
  // Where the step's own arrows are on show, the gradient is one of them.
  const shown = long > 0 && (looksOf(state).arrows === "none" || state.look !== null);
  return {
    at: pairOf(arrays.at),
    arrows: [
      ...(shown ? [{ kind: /** @type {const} */ ("downhill"), along: downhill, text: "−∇C" }] : []),
      { kind: "free", along: pairOf(arrays.along.saddle_free), text: "saddle-free" },
      { kind: "newton", along: pairOf(arrays.along.newton), text: "Newton" },
    ],
  };
}

/** What the model is and how far it is drawn, for the captions. @param {AppState} state */
export function modelSaid(state) {
  const model = modelOf(state);
  if (!model) return "";
  const { meta, arrays } = model.quadratic.frame;
  const { exact = true, orthonormal = true } = state.plane ?? {};
  const where = model.quadratic.place.at
    ? "around the point looked at"
    : `around ${state.runs[model.quadratic.place.run]?.label ?? "the run"}`;
  const level = arrays.critical
    ? `level at ${Array.from(arrays.critical.data, (/** @type {number} */ part) => formatNumber(part)).join(", ")}, its ${kindOf(arrays.eigenvalues.data)} at cost ${formatRunning(meta.level)}`
    : isLevel(model)
      ? "level everywhere"
      : "level nowhere";
  return `${where}: ${level}${exact ? "" : " within the plane"}${newtonSaid(model, exact || !orthonormal)}; drawn as far as the picture’s heights go${state.doc?.view.height === "log" ? ", on the log axis, where it ends as it falls to 0" : ""}`;
}

/** A model without slope or curvature. @param {VisibleModel} model */
const isLevel = ({ quadratic }) =>
  quadratic.frame.arrays.cost.data.every(
    (/** @type {number} */ cost) => cost === quadratic.frame.arrays.cost.data[0],
  );

/** @param {Model} model @param {boolean} whole   Whether nothing is to be said of the part in the plane. */
function newtonSaid({ newton }, whole) {
  if (!newton) return "";
  const { arrays } = newton.frame;
  const norm = Math.hypot(...Array.from(arrays.newton.data));
  const share =
    whole || norm === 0 ? "" : `, ${formatPercent(lengthWithin(newton.frame) / norm)} of it in the plane`;
  return `; Newton’s step is ${formatRunning(norm)} long${share}`;
}

/** @param {Frame} frame */
const lengthWithin = ({ arrays }) => Math.hypot(...Array.from(arrays.along.newton.data));
