/** The tour's stops, and which one a link names. Pure. */

/** @import { Experiment } from "../document/types.js" */

const PREFIX = "#tour=";

/**
 * @typedef {object} Question
 * @property {"choice"|"number"|"state"} kind
 * @property {string} text
 * @property {string[]} [choices]
 * @property {number} [answer]      The right choice's place, or the number.
 * @property {number[]} [also]      Further right numbers, such as the reciprocal of a factor.
 * @property {number} [tolerance]   How far a number may be off.
 * @property {Record<string, number>} [units]   Units that may follow a number, and what each is worth.
 * @property {{run?: number, status?: string, problem?: Record<string, any>}} [state]   What has to be so in the experiment.
 * @property {string[]} hints       One after the other, each helping further; none is the solution.
 * @property {string} [solution]    How to bring the state about.
 * @property {string} right         Said after the right answer: why it is so.
 *
 * @typedef {object} Stop
 * @property {string} id
 * @property {string} title
 * @property {string} text
 * @property {string} look
 * @property {string} try
 * @property {string} tab
 * @property {string} [point]       The part of the page that the stop speaks of.
 * @property {Experiment} experiment
 * @property {Question} question
 */

/** @param {Stop} stop */
export const linkOfStop = (stop) => `${PREFIX}${stop.id}`;

/** The stop that an address names; null where it names none. @param {string} hash @param {Stop[]} stops */
export function stopOfLink(hash, stops) {
  if (!hash.startsWith(PREFIX)) return null;
  const at = stops.findIndex(({ id }) => id === hash.slice(PREFIX.length));
  return at < 0 ? null : at;
}
