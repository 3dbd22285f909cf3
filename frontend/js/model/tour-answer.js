/** Answers to the tour's questions: how near one is to the right one, and what is said to it. Pure. */

import { numbersIn } from "./typed-numbers.js";

/** @import { Question, State } from "./tour.js" */

/** @typedef {"empty"|"unread"|"wrong"|"near"|"right"} Verdict   An empty or unreadable answer is no attempt. */
/** @typedef {{runs: {status: string}[], doc?: import("../document/types.js").Experiment|null}} Experiment */

/** A number that is off by no more than this share of the right one is nearly right. */
const NEAR = 0.1;

/** The last digit of a double is nobody's mistake. */
const ROUNDING = 1e-12;

/**
 * How right an answer is: a choice's place, a number as typed, or the state of the experiment.
 * @param {Question} question
 * @param {string|null} given
 * @param {Experiment} experiment
 * @returns {Verdict}
 */
export function judge(question, given, experiment) {
  if (question.kind === "state") return judgeState(question.state ?? {}, experiment);
  if (given === null || given.trim() === "") return "empty";
  if (question.kind === "choice") return Number(given) === question.answer ? "right" : "wrong";
  return judgeNumber(question, numbersIn(given, question.units));
}

/** @param {Question} question @param {number[]} values @returns {Verdict} */
function judgeNumber(question, values) {
  if (values.length === 0) return "unread";
  const least = Math.min(...values.map((value) => offOf(question, value)));
  if (least <= (question.tolerance ?? 0) / Math.abs(Number(question.answer)) + ROUNDING) return "right";
  return least <= NEAR ? "near" : "wrong";
}

/** How far a number is off, as a share of the right one that is next to it. @param {Question} question @param {number} value */
const offOf = (question, value) => apart(value, nextTo(question, value));

/** The right number that is next to one. @param {Question} question @param {number} value */
const nextTo = ({ answer = NaN, also = [] }, value) =>
  [answer, ...also].reduce((one, other) => (apart(value, other) < apart(value, one) ? other : one));

/** @param {number} value @param {number} right */
const apart = (value, right) => Math.abs(value - right) / Math.abs(right);

/**
 * Whether the experiment is as a question asks for.
 * @param {State} state
 * @param {Experiment} experiment
 * @returns {Verdict}
 */
function judgeState(state, experiment) {
  const met = metBy(state, experiment);
  if (met.every(Boolean)) return "right";
  return met.some(Boolean) ? "near" : "wrong";
}

/**
 * Each demand of a state: how a run ended, and what the problem's settings are.
 * @param {State} state
 * @param {Experiment} experiment
 * @returns {boolean[]}
 */
function metBy({ run = 0, status, problem = {} }, { runs, doc }) {
  return [
    ...(status === undefined ? [] : [runs[run]?.status === status]),
    ...Object.entries(problem).map(
      ([name, value]) => JSON.stringify(Object(doc?.problem)[name]) === JSON.stringify(value),
    ),
  ];
}

/**
 * What is said to an answer: why it is right, or what this very answer takes for what.
 * @param {Question} question
 * @param {string|null} given
 * @param {Experiment} experiment
 * @returns {{verdict: Verdict, words: string}}
 */
export function replyTo(question, given, experiment) {
  const verdict = judge(question, given, experiment);
  if (verdict === "right") return { verdict, words: question.right };
  if (verdict === "empty" || verdict === "unread") return { verdict, words: "" };
  if (question.kind === "choice") return { verdict, words: question.why?.[Number(given)] ?? "" };
  if (question.kind === "state") return { verdict, words: wordsOfState(question, experiment) };
  return { verdict, words: wordsOfNumber(question, numbersIn(String(given), question.units)) };
}

/** @param {Question} question @param {number[]} values */
function wordsOfNumber(question, values) {
  const known = question.mistakes?.find(({ at = [] }) =>
    at.some((mistake) => values.some((value) => apart(value, mistake) <= ROUNDING)),
  );
  if (known) return known.says;
  const [nearest] = [...values].sort((one, other) => offOf(question, one) - offOf(question, other));
  const right = nextTo(question, nearest);
  // A factor that is given as its reciprocal is the larger, the smaller it is.
  const low = nearest < right === (right === question.answer);
  return (low ? question.low : question.high) ?? "";
}

/** @param {Question} question @param {Experiment} experiment */
function wordsOfState({ mistakes = [], otherwise = "" }, experiment) {
  const known = mistakes.find(({ state }) => state && metBy(state, experiment).every(Boolean));
  return known?.says ?? otherwise;
}

/** The solution in words, for who asks for it. @param {Question} question */
export function solutionOf({ kind, answer, choices = [], solution = "" }) {
  if (kind === "choice") return choices[Number(answer)];
  return kind === "number" ? String(answer) : solution;
}
