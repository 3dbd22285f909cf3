/** Nudges and difference quotients as curves and words. Pure. */

import { formatNumber } from "../document/number-format.js";
import { logs, logTicks } from "../plot/ticks.js";

/** @import { Frame } from "../document/types.js" */
/** @import { Plotted } from "../ui/small-plot.js" */

/** What lies this many decades under the largest is not drawn. */
const DEEPEST = 22;

/**
 * @param {{x: ArrayLike<number>, y: ArrayLike<number>, color: string, dash?: number[], dots?: boolean}[]} lines
 * @param {string} title
 * @param {number[]} [rules]   Places along x, not yet logarithms.
 * @returns {Plotted}
 */
export function logLog(lines, title, rules = []) {
  const curves = lines.map((line) => ({ ...line, x: logs(line.x), y: logs(line.y) }));
  const [x0, x1] = ends(curves.map(({ x }) => x));
  const [low, high] = ends(curves.map(({ y }) => y));
  const y = /** @type {[number, number]} */ ([Math.max(low, high - DEEPEST) - 0.3, high + 0.3]);
  return {
    curves,
    x: [x0, x1],
    y,
    xTicks: powers(x0, x1),
    yTicks: powers(...y),
    title,
    rules: rules.filter((at) => at > 0).map(Math.log10),
  };
}

/** @param {number} low @param {number} high */
const powers = (low, high) => logTicks(low, high, 6);

/** @param {ArrayLike<number>[]} lists @returns {[number, number]} */
function ends(lists) {
  const all = lists.flatMap((list) => Array.from(list)).filter(Number.isFinite);
  return all.length > 0 ? [Math.min(...all), Math.max(...all)] : [0, 1];
}

/** @param {Frame} frame   Of the study `nudge`. */
export function nudgePlot({ meta, arrays }) {
  const x = arrays.sizes.data;
  return logLog(
    [
      { x, y: arrays.first_error.data, color: "--series-0", dots: true },
      { x, y: arrays.second_error.data, color: "--series-1", dots: true },
      { x, y: arrays.ratio_error.data, color: "--series-2" },
      { x, y: arrays.floor.data, color: "--text-quiet", dash: [4, 4] },
    ],
    "size s of the nudge",
    [Math.abs(meta.chosen.size)],
  );
}

/** @param {Frame} frame   Of the study `difference_limit`. */
export function limitPlot({ meta, arrays }) {
  const x = arrays.h.data;
  return logLog(
    [
      { x, y: arrays.forward_error.data, color: "--series-0", dots: true },
      { x, y: arrays.central_error.data, color: "--series-1", dots: true },
      { x, y: arrays.floor.data, color: "--text-quiet", dash: [4, 4] },
    ],
    "step h",
    meta.best ? [meta.best] : [],
  );
}

/**
 * Prediction and what happened, as pairs of a name and a value.
 * @param {Record<string, any>} meta
 * @returns {[string, string][]}
 */
export function nudgeFacts({ chosen, slope, curvature, sides }) {
  return [
    ["slope ⟨∇C, v⟩", formatNumber(slope, 4)],
    ["predicted s ⟨∇C, v⟩", formatNumber(chosen.predicted, 4)],
    ["real C(θ + s v) − C(θ)", formatNumber(chosen.real, 4)],
    [
      "ratio real to predicted",
      typeof chosen.ratio === "number" ? formatNumber(chosen.ratio, 5) : "none: nothing is predicted",
    ],
    ["what is missed", formatNumber(chosen.real - chosen.predicted, 4)],
    ["second order ½ s² vᵀHv", formatNumber(chosen.second, 4)],
    ["curvature vᵀHv", formatNumber(curvature, 4)],
    ["slope from the left, right", `${formatNumber(sides.left, 4)}, ${formatNumber(sides.right, 4)}`],
    ...(isKink(sides)
      ? [/** @type {[string, string]} */ (["subgradient in use", formatNumber(sides.used, 4)])]
      : []),
  ];
}

/** Slopes that differ by more than this share are those of a kink. */
const ALIKE = 1e-3;

/** @param {{left: number, right: number}} sides */
const isKink = ({ left, right }) =>
  Math.abs(left - right) > ALIKE * Math.max(Math.abs(left), Math.abs(right));

/** @param {Record<string, any>} meta */
export function nudgeSaid({ first_order: first, second_order: second, note, sides }) {
  const orders = [
    first !== null && `the linear prediction’s error falls as s to the power ${formatNumber(first, 3)}`,
    second !== null && `with the second-order term to the power ${formatNumber(second, 3)}`,
  ].filter(Boolean);
  const fitted =
    orders.length > 0
      ? `Fitted on the smallest sizes above round-off: ${orders.join(", ")}. `
      : "Every error lies in the round-off: the prediction is exact here. ";
  const kink = isKink(sides)
    ? ` This is a kink: the slope is ${formatNumber(sides.left)} on the left and ${formatNumber(sides.right)} on the right; the subgradient in use gives ${formatNumber(sides.used)}.`
    : "";
  return `${fitted}${note}${kink}`;
}

/** @param {Record<string, any>} meta */
export function limitSaid({ best, sides }) {
  if (isKink(sides))
    return `At a kink difference quotients do not tend to the slope in use, ${formatNumber(sides.used)}: the forward one (orange) tends to the slope on the right, ${formatNumber(sides.right)}, the central one (blue) to the mean of both sides, and what they are off by stays.`;
  return `Difference quotients against the derivative: as h shrinks the forward one (orange) errs as h, the central one (blue) as h², until round-off (dashed, growing as 1/h) drowns both.${best ? ` For the forward one that is at h ≈ ${formatNumber(best, 2)}.` : ""}`;
}
