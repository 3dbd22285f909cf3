/** The tour's stops, and which one a link names. Pure. */

/** @import { Experiment } from "../document/types.js" */

const PREFIX = "#tour=";

/**
 * @typedef {{run?: number, status?: string, problem?: Record<string, any>}} State   What is so in the experiment.
 *
 * @typedef {object} Mistake   One that is often made, and what it takes for what.
 * @property {number[]} [at]    The numbers that it leads to,
 * @property {State} [state]    or the state.
 * @property {string} says
 *
 * @typedef {object} Question
 * @property {"choice"|"number"|"state"} kind
 * @property {string} text
 * @property {string[]} [choices]
 * @property {(string|null)[]} [why]   Said to each wrong choice; null at the right one.
 * @property {number} [answer]      The right choice's place, or the number.
 * @property {number[]} [also]      Further right numbers, such as the reciprocal of a factor.
 * @property {number} [tolerance]   How far a number may be off.
 * @property {Record<string, number>} [units]   Units that may follow a number, and what each is worth.
 * @property {State} [state]        What has to be so.
 * @property {Mistake[]} [mistakes]
 * @property {string} [low]         Said to any other number below the right one,
 * @property {string} [high]        or above it,
 * @property {string} [otherwise]   or to any other state.
 * @property {string[]} hints       One after the other, each helping further; none is the solution.
 * @property {string} [solution]    How to bring the state about.
 * @property {string} right         Said after the right answer: why it is so.
 *
 * @typedef {object} Notes   For who teaches with it.
 * @property {string} aim
 * @property {number} minutes
 * @property {string[]} ask         What to ask the class.
 * @property {string} believed      What many believe at first.
 *
 * @typedef {object} Stop
 * @property {string} id
 * @property {string} title
 * @property {string} text
 * @property {string} look
 * @property {string} try
 * @property {string} tab
 * @property {string} point         The part of the page to look at.
 * @property {string} [reach]       The part to try something on, where that is another.
 * @property {Experiment} experiment
 * @property {Question} question
 * @property {string} learnt        In one sentence, for the end.
 * @property {string} on            The curated experiment that goes on from here.
 * @property {Notes} notes
 */

/** @param {Pick<Stop, "id">} stop */
export const linkOfStop = (stop) => `${PREFIX}${stop.id}`;

/** The stop that an address names; null where it names none. @param {string} hash @param {Pick<Stop, "id">[]} stops */
export function stopOfLink(hash, stops) {
  if (!hash.startsWith(PREFIX)) return null;
  const at = stops.findIndex(({ id }) => id === hash.slice(PREFIX.length));
  return at < 0 ? null : at;
}
