/** The playing speeds on offer, multiples of the ordinary pace. */

export const SPEEDS = Object.freeze([0.25, 0.5, 1, 2, 4, 8]);

/** The next speed up or down from the one in use. @param {number} speed @param {1|-1} by */
export function nextSpeed(speed, by) {
  const ordered = by > 0 ? SPEEDS : [...SPEEDS].reverse();
  return ordered.find((candidate) => (candidate - speed) * by > 0) ?? speed;
}
