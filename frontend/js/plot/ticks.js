/** Round numbers along an axis. Pure. */

import { formatNumber } from "../document/number-format.js";

/**
 * @typedef {object} Tick
 * @property {number} at     Place on the axis.
 * @property {string} text
 */

/** The smallest of 1, 2, 5 times a power of ten that is not below `size`. @param {number} size */
function roundStep(size) {
  const power = 10 ** Math.floor(Math.log10(size));
  const rest = size / power;
  if (rest <= 1) return power;
  if (rest <= 2) return 2 * power;
  return rest <= 5 ? 5 * power : 10 * power;
}

/**
 * Multiples of a round step inside [low, high].
 * @param {number} low
 * @param {number} high
 * @param {number} most
 * @returns {Tick[]}
 */
export function linearTicks(low, high, most) {
  if (!(high > low)) return [];
  const step = roundStep((high - low) / Math.max(1, most));
  // Far from zero and close together, numbers differ late.
  const digits = Math.max(
    4,
    Math.min(6, 1 + Math.ceil(Math.log10(Math.max(Math.abs(low), Math.abs(high)) / step))),
  );
  const ticks = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; k += 1) {
    // k·step carries rounding dirt (0.30000000000000004): twelve digits are the number that was meant.
    const at = Number((k * step).toPrecision(12));
    ticks.push({ at, text: formatNumber(at, digits) });
  }
  return ticks;
}

/**
 * Ticks of an axis that shows decimal logarithms: powers of ten, with 2 and 5 between where there is room.
 * @param {number} low
 * @param {number} high
 * @param {number} most
 * @returns {Tick[]}
 */
export function logTicks(low, high, most) {
  const decades = high - low;
  if (decades < 0.8)
    return linearTicks(10 ** low, 10 ** high, most)
      .filter(({ at }) => at > 0)
      .map(({ at, text }) => ({ at: Math.log10(at), text }));
  const factors = decades * 3 <= most ? [1, 2, 5] : decades * 2 <= most ? [1, 3] : [1];
  const every = Math.max(1, Math.ceil(decades / most));
  const ticks = [];
  for (let power = Math.floor(low); power <= high; power += 1) {
    if (power % every !== 0) continue;
    for (const factor of factors) {
      const at = power + Math.log10(factor);
      if (at >= low && at <= high)
        ticks.push({ at, text: formatNumber(factor * 10 ** power, 2).replace(/^1×/, "") });
    }
  }
  return ticks;
}

/** Decimal logarithms; what is not above zero is a gap. @param {ArrayLike<number>} values */
export const logs = (values) => Float64Array.from(values, (value) => (value > 0 ? Math.log10(value) : NaN));
