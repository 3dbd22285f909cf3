/** Whether the gradient vanishes or explodes: its size in every layer, its ratio across them, and the forward map. Pure. */

import { formatNumber } from "../document/number-format.js";

/** @import { Frame } from "../document/types.js" */

/**
 * @typedef {object} Layer
 * @property {string} name
 * @property {number|null} grad_norm    ‖∂C/∂θˡ‖; null where it is not finite.
 * @property {number|null} theta_norm   ‖θˡ‖.
 */

/** A gradient that falls or grows by this factor from the last layer to the first vanishes or explodes on its way back. */
const STRIKING = 100;
/** Beside its layer’s parameters a gradient below this share has vanished: a million steps of rate 1 would hardly move them. */
const VANISHED = 1e-6;
/** And above this one it has exploded: a step of rate 1 would throw the parameters a hundred times their size. */
const EXPLODED = 100;

/**
 * What becomes of the gradient: its sizes, what the way back through the layers does to it, and what the way forward
 * does to a change of the input.
 * @param {Frame} frame   Of the study `jacobians`.
 */
export function gradientSaid({ meta: { layers }, arrays }) {
  const stretch = arrays.layers[layers.length - 1].product_singular_values.data[0];
  return [...backwardSaid(layers), ...forwardSaid(stretch)].join(" ");
}

/** @param {Layer[]} layers @returns {string[]} */
function backwardSaid(layers) {
  if (layers.some(({ grad_norm: norm }) => norm === null || !Number.isFinite(norm)))
    return ["The gradient is not finite here: it has exploded."];
  if (layers.every(({ grad_norm: norm }) => norm === 0))
    return ["Size: every layer’s gradient is zero here: nothing is passed back."];
  return [sizeSaid(layers), ratioSaid(layers)];
}

/** @param {Layer[]} layers */
function sizeSaid(layers) {
  const norms = layers.map(({ grad_norm: norm }) => Number(norm));
  const [low, high] = [Math.min(...norms), Math.max(...norms)];
  const lead =
    low === high
      ? `Size: ‖∂C/∂θ‖ is ${formatNumber(low, 2)}`
      : `Size: ‖∂C/∂θ‖ is ${formatNumber(low, 2)} to ${formatNumber(high, 2)}`;
  const vanished = layers.filter((layer) => shareOf(layer) < VANISHED);
  const exploded = layers.filter((layer) => shareOf(layer) > EXPLODED);
  if (exploded.length > 0)
    return `${lead}, over ${EXPLODED} times as large as the parameters ${within(exploded, layers)}: it has exploded there.`;
  if (vanished.length > 0)
    return `${lead}, less than a millionth of the parameters’ own size ${within(vanished, layers)}: it has vanished there, as on a plateau or at a minimum.`;
  const most = Math.max(...layers.map(shareOf));
  return `${lead}, at most ${formatNumber(most, 2)} times the parameters’ own size in any layer.`;
}

/** The gradient beside the parameters; beside none it is as large as it is. @param {Layer} layer */
const shareOf = ({ grad_norm: norm, theta_norm: size }) => Number(norm) / (size || 1);

/** @param {Layer[]} some @param {Layer[]} all */
function within(some, all) {
  if (some.length === all.length) return all.length === 1 ? "in its layer" : "in every layer";
  return some.length > 3
    ? `in ${some.length} of ${all.length} layers`
    : `in ${some.map(({ name }) => name).join(", ")}`;
}

/** @param {Layer[]} layers */
function ratioSaid(layers) {
  if (layers.length < 2) return "Ratio: one layer alone, there is nothing for a gradient to pass through.";
  const [first, last] = [Number(layers[0].grad_norm), Number(layers[layers.length - 1].grad_norm)];
  if (last === 0) return "Ratio: the last layer’s gradient is zero, the first one’s is not.";
  const ratio = first / last;
  const compared = `Ratio: the first layer’s gradient is ${formatNumber(ratio, 2)} times the last one’s`;
  if (ratio < 1 / STRIKING) return `${compared}: it vanishes on its way back through the layers.`;
  if (ratio > STRIKING) return `${compared}: it explodes on its way back through the layers.`;
  return `${compared}: on its way back it keeps its size within a factor of ${STRIKING}.`;
}

/** @param {number} stretch   The largest singular value of ∂aᴸ/∂x. @returns {string[]} */
function forwardSaid(stretch) {
  if (stretch < 1 / STRIKING)
    return [
      `Forward, all layers together shrink a change of the input to at most ${formatNumber(stretch, 2)} of it.`,
    ];
  return stretch > STRIKING
    ? [`Forward, all layers together stretch a change of the input up to ${formatNumber(stretch, 2)} times.`]
    : [];
}
