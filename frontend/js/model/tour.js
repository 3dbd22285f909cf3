/** The tour's stops: which one a link names, and whether an answer is right. Pure. */

const PREFIX = "#tour=";

/**
 * @typedef {object} Question
 * @property {"choice"|"number"|"state"} kind
 * @property {string} text
 * @property {string[]} [choices]
 * @property {number} [answer]      The right choice's place, or the number.
 * @property {number} [tolerance]   How far a number may be off.
 * @property {{run?: number, status?: string, problem?: Record<string, any>}} [state]   What has to be so in the experiment.
 * @property {string} hint          Said after a wrong answer.
 * @property {string} right         Said after the right one.
 *
 * @typedef {object} Stop
 * @property {string} id
 * @property {string} title
 * @property {string} text
 * @property {string} look
 * @property {string} try
 * @property {string} tab
 * @property {string} [point]       The part of the page that the stop speaks of.
 * @property {import("../document/types.js").Experiment} experiment
 * @property {Question} question
 */

/** @param {Stop} stop */
export const linkOfStop = (stop) => `${PREFIX}${stop.id}`;

/**
 * The stop that an address names; null where it names none.
 * @param {string} hash
 * @param {Stop[]} stops
 */
export function stopOfLink(hash, stops) {
  if (!hash.startsWith(PREFIX)) return null;
  const at = stops.findIndex(({ id }) => id === hash.slice(PREFIX.length));
  return at < 0 ? null : at;
}

/**
 * Whether the experiment is as a question asks for: how a run ended, and what the problem's settings are.
 * @param {NonNullable<Question["state"]>} state
 * @param {{runs: {status: string}[], doc?: import("../document/types.js").Experiment|null}} experiment
 */
function isSo({ run = 0, status, problem = {} }, { runs, doc }) {
  const ended = status === undefined || runs[run]?.status === status;
  return (
    ended &&
    Object.entries(problem).every(
      ([name, value]) => JSON.stringify(Object(doc?.problem)[name]) === JSON.stringify(value),
    )
  );
}

/**
 * Whether an answer is right: a choice's place, a number as typed, or the state of the experiment.
 * @param {Question} question
 * @param {string|number|null} given
 * @param {{runs: {status: string}[], doc?: import("../document/types.js").Experiment|null}} experiment
 * @returns {boolean}
 */
export function isRight(question, given, experiment) {
  if (question.kind === "state") return isSo(question.state ?? {}, experiment);
  const number =
    typeof given === "string"
      ? Number(given.trim().replace(/\s/g, "").replace(",", ".").replace("−", "-"))
      : given;
  if (number === null || given === "" || !Number.isFinite(number)) return false;
  return Math.abs(number - (question.answer ?? NaN)) <= (question.tolerance ?? 0);
}
