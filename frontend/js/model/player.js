/** Where the cursor goes next. Pure: main.js owns the clock. */

const SECONDS_FOR_A_RUN = 9;
const SLOWEST_PACE = 12;

/**
 * Steps a second at speed 1: a whole run takes about as long as one patient look, a short one is not rushed.
 * @param {number} steps
 */
export function pace(steps) {
  return Math.max(SLOWEST_PACE, steps / SECONDS_FOR_A_RUN);
}

/**
 * The cursor after `seconds` of playing; it waits for steps that have not arrived, and stops at the end.
 * @param {{position: number, steps: number, arrived: number, speed: number}} now
 * @param {number} seconds
 * @returns {{position: number, ended: boolean}}
 */
export function advance(now, seconds) {
  const wanted = now.position + pace(now.steps) * now.speed * seconds;
  const reachable = Math.max(0, Math.min(now.steps, now.arrived));
  const position = Math.min(wanted, reachable);
  return { position, ended: now.arrived >= now.steps && position >= now.steps };
}

/** @param {number} step @param {number} steps */
export function clampStep(step, steps) {
  return Math.max(0, Math.min(Math.round(step), steps));
}
