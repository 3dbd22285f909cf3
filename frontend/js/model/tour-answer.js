/** Answers to the tour's questions: numbers as people type them, and how near an answer is to the right one. Pure. */

import { valuesOf } from "./arithmetic.js";

/** @import { Question, State } from "./tour.js" */

/** @typedef {"empty"|"unread"|"wrong"|"near"|"right"} Verdict   An empty or unreadable answer is no attempt. */
/** @typedef {{runs: {status: string}[], doc?: import("../document/types.js").Experiment|null}} Experiment */

/** A number that is off by no more than this share of the right one is nearly right. */
const NEAR = 0.1;

/** The last digit of a double is nobody's mistake. */
const ROUNDING = 1e-12;

const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/;
/** What may be written before a number without making it another one. */
const BEFORE = /^(?:[=≈~*x]|about|factor(?:of)?)+/;
const GROUPED = /^([+-]?\d{1,3})(,\d{3})+$/;

/**
 * What a text may mean as a number: decimal point or comma, scientific notation, a fraction, a percentage, a sum or
 * product, a unit of the question. More than one value where a comma may be either; none where it is no number.
 * @param {string} text
 * @param {Record<string, number>} [units]   What each unit that may follow is worth in the answer's own.
 * @returns {number[]}
 */
export function numbersIn(text, units = {}) {
  const plain = plainText(text).replace(BEFORE, "");
  const unit = Object.keys(units)
    .filter((name) => plain.endsWith(plainText(name)))
    .sort((one, other) => other.length - one.length)[0];
  const worth = unit === undefined ? 1 : units[unit];
  const bare = unit === undefined ? plain : plain.slice(0, plain.length - plainText(unit).length);
  return valuesOf(bare, decimalsOf).map((value) => value * worth);
}

/** One spelling for what is written in several ways. @param {string} text */
const plainText = (text) =>
  text
    .toLowerCase()
    .replace(/[\s_’']/g, "")
    .replace(/[−–]/g, "-")
    .replace(/[⁰¹²³⁴⁵⁶⁷⁸⁹]+/g, (digits) => `^${[...digits].map((digit) => RAISED.indexOf(digit)).join("")}`)
    .replace(/⁻\^?/g, "^-")
    .replaceAll("**", "^")
    .replace(/[×·]/g, "*")
    .replace(/[÷:]/g, "/");

/** @param {string} text @returns {number[]} */
function decimalsOf(text) {
  const readings = new Set([
    // The last of several signs is the decimal one; a lone comma is one, and may part thousands too.
    text.lastIndexOf(",") > text.lastIndexOf(".")
      ? text.replaceAll(".", "").replace(",", ".")
      : text.replaceAll(",", ""),
    ...(GROUPED.test(text) ? [text.replaceAll(",", "")] : []),
  ]);
  return [...readings].filter((reading) => NUMBER.test(reading)).map(Number);
}

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
