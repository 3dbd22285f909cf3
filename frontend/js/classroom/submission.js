/** What a student hands in: the answers, and all that was done on the way, as a link carries them. Pure. */

import { formatCount, formatNumber } from "../document/number-format.js";
import { numbersIn } from "../model/typed-numbers.js";
import { readAssignment } from "./assignment.js";
import { groupOf, indexOf, listOf, MOST, numberOf, refuse, textOf } from "./bounds.js";
import { applied, differences, readChanges } from "./differences.js";

/** @import { Assignment, GoalQuestion, Question } from "./assignment.js" */
/** @import { Change } from "./differences.js" */

/** What stands in an address before a student’s answers. */
export const SUBMISSION = "#answers=";
const VERSION = 1;

/**
 * @typedef {Record<string, any>} Document   Of an experiment, as short as a permalink’s.
 *
 * @typedef {object} Reached      That a goal was met: by which experiment, in which of its runs, when.
 * @property {Change[]} changes   From the assignment’s experiment.
 * @property {number} run
 * @property {number} step
 * @property {number} cost
 *
 * @typedef {string|number|[number, number]|Reached|null} Answer   As the question’s kind has it; a number as it was typed.
 *
 * @typedef {object} Submission
 * @property {Assignment} assignment
 * @property {string} name
 * @property {Answer[]} answers
 * @property {Document[]} moves    What each change led to, oldest first.
 * @property {number} count        Of all changes; more than `moves` where the oldest were left out.
 */

/**
 * What of a document decides the descent and the slice that shows it.
 * @param {Document} document @returns {Document}
 */
export function bare({ view, ...dynamics }) {
  return view?.plane ? { ...dynamics, view: { plane: view.plane } } : dynamics;
}

/** As a link carries it. @param {Submission} submission */
export function packedSubmission({ assignment, name, answers, moves, count }) {
  const kept = moves.slice(-MOST.moves);
  const before = [bare(assignment.experiment), ...kept];
  const changes = kept.map((document, at) => differences(before[at], document));
  return { version: VERSION, assignment, name, answers, moves: changes, count };
}

/**
 * @param {unknown} value   As it was unpacked from a link.
 * @returns {Submission}
 * @throws {Error} naming what of it is not as it should be.
 */
export function readSubmission(value) {
  const given = groupOf(value, "answers", ["version", "assignment", "name", "answers", "moves", "count"]);
  if (given.version !== VERSION)
    refuse("version", `${VERSION}: a newer Descentscape may read it`, given.version);
  const assignment = readAssignment(given.assignment);
  const answers = listOf(given.answers, "answers", MOST.questions);
  if (answers.length !== assignment.questions.length)
    refuse("answers", `a list of ${assignment.questions.length}`, answers.length);
  const moves = movesOf(given.moves, bare(assignment.experiment));
  return {
    assignment,
    name: textOf(given.name, "name", MOST.name),
    answers: assignment.questions.map((question, at) => answerOf(question, answers[at], `answers[${at}]`)),
    moves,
    count: Math.max(moves.length, indexOf(given.count, "count", 1e6)),
  };
}

/** @param {unknown} value @param {Document} first @returns {Document[]} */
function movesOf(value, first) {
  let document = first;
  return listOf(value, "moves", MOST.moves).map((changes, at) => {
    document = applied(document, readChanges(changes, `moves[${at}]`));
    return document;
  });
}

/** @param {Question} question @param {any} value @param {string} name @returns {Answer} */
export function answerOf(question, value, name) {
  if (value === null || value === undefined) return null;
  if (question.kind === "choice") return indexOf(value, name, question.choices.length - 1);
  if (question.kind === "number") return textOf(value, name, MOST.answer);
  if (question.kind === "place") {
    const [a, b] = listOf(value, name, 2);
    return [numberOf(a, `${name}[0]`), numberOf(b, `${name}[1]`)];
  }
  const given = groupOf(value, name, ["changes", "run", "step", "cost"]);
  return {
    changes: readChanges(given.changes, `${name}.changes`),
    run: indexOf(given.run, `${name}.run`, 100),
    step: indexOf(given.step, `${name}.step`, 1e6),
    cost: numberOf(given.cost, `${name}.cost`),
  };
}

/** @typedef {"empty"|"unread"|"wrong"|"right"|"claimed"} Verdict   Claimed: a goal that has to be computed again to be sure. */

/** @param {Question} question @param {Answer} answer @returns {Verdict} */
export function verdictOf(question, answer) {
  if (answer === null || answer === "") return "empty";
  if (question.kind === "choice") return answer === question.answer ? "right" : "wrong";
  if (question.kind === "number") return numberVerdict(question, numbersIn(String(answer)));
  if (question.kind === "goal") return "claimed";
  const [a, b] = /** @type {[number, number]} */ (answer);
  const off = Math.hypot(a - question.answer[0], b - question.answer[1]);
  return off <= question.tolerance * (1 + 1e-9) ? "right" : "wrong";
}

/** @param {{answer: number, tolerance: number}} question @param {number[]} values @returns {Verdict} */
function numberVerdict({ answer, tolerance }, values) {
  if (values.length === 0) return "unread";
  const off = Math.min(...values.map((value) => Math.abs(value - answer)));
  // The last digits of a double are nobody's mistake.
  return off <= tolerance + 1e-9 * Math.abs(answer) ? "right" : "wrong";
}

/** An answer as one reads it. @param {Question} question @param {Answer} answer */
export function answerSaid(question, answer) {
  if (answer === null || answer === "") return "";
  if (question.kind === "choice") return question.choices[Number(answer)];
  if (question.kind === "number") return String(answer);
  if (question.kind === "place")
    return /** @type {[number, number]} */ (answer).map((value) => formatNumber(value)).join(", ");
  const { cost, step } = /** @type {Reached} */ (answer);
  return `${formatNumber(cost)} at step ${formatCount(step)}`;
}

/**
 * The first run, and its first step, below the goal’s cost; null where there is none.
 * @param {GoalQuestion} goal
 * @param {{cost: ArrayLike<number|null>, count?: number}[]} runs
 */
export function reachedBy({ below, steps }, runs) {
  let best = /** @type {{run: number, step: number, cost: number}|null} */ (null);
  runs.forEach(({ cost, count = cost.length }, run) => {
    const last = Math.min(count - 1, steps ?? Infinity);
    for (let step = 0; step <= last; step += 1) {
      const here = cost[step];
      if (here === null || !(here < below)) continue;
      if (!best || step < best.step) best = { run, step, cost: here };
      break;
    }
  });
  return best;
}

/** The experiment that met a goal. @param {Assignment} assignment @param {Reached} reached @returns {Document} */
export const experimentThatReached = ({ experiment }, { changes }) => applied(bare(experiment), changes);

/** @param {Assignment} assignment @param {Document} document @param {NonNullable<ReturnType<typeof reachedBy>>} found @returns {Reached} */
export const reachedWith = ({ experiment }, document, found) => ({
  changes: differences(bare(experiment), document),
  ...found,
});

/**
 * A document that was come to, looked at as the assignment is.
 * @param {Assignment} assignment @param {Document} document @returns {Document}
 */
export const asShown = ({ experiment }, document) => ({
  ...document,
  view: { ...Object(experiment.view), step: null, ...document.view },
});

/** Two assignments are one if they ask the same. @param {Assignment} one @param {Assignment} other */
export const isSameAssignment = (one, other) => JSON.stringify(one) === JSON.stringify(other);
