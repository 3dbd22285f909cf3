/** Answers to the tour's questions: numbers as people type them, and how near an answer is to the right one. Pure. */

/** @import { Question } from "./tour.js" */

/** @typedef {"empty"|"unread"|"wrong"|"near"|"right"} Verdict   An empty or unreadable answer is no attempt. */
/** @typedef {{runs: {status: string}[], doc?: import("../document/types.js").Experiment|null}} Experiment */

/** A number that is off by no more than this share of the right one is nearly right. */
const NEAR = 0.1;

const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/;
const GROUPED = /^([+-]?\d{1,3})(,\d{3})+$/;

/**
 * What a text may mean as a number: decimal point or comma, scientific notation, a fraction, a percentage, a unit of
 * the question. More than one value where a comma may be either; none where it is no number.
 * @param {string} text
 * @param {Record<string, number>} [units]   What each unit that may follow is worth in the answer's own.
 * @returns {number[]}
 */
export function numbersIn(text, units = {}) {
  const plain = plainText(text);
  const unit = Object.keys(units)
    .filter((name) => plain.endsWith(plainText(name)))
    .sort((one, other) => other.length - one.length)[0];
  const worth = unit === undefined ? 1 : units[unit];
  const bare = unit === undefined ? plain : plain.slice(0, plain.length - plainText(unit).length);
  return valuesOf(bare).map((value) => value * worth);
}

/** One spelling for what is written in several ways. @param {string} text */
const plainText = (text) =>
  text
    .toLowerCase()
    .replace(/[\s_’']/g, "")
    .replace(/[−–]/g, "-")
    .replace(/[⁰¹²³⁴⁵⁶⁷⁸⁹]+/g, (digits) => `^${[...digits].map((digit) => RAISED.indexOf(digit)).join("")}`)
    .replace(/⁻\^?/g, "^-")
    .replace(/(\d)[×·*x]10(?:\^|\*\*)\(?([+-]?\d+)\)?/g, "$1e$2")
    .replace(/^([+-]?)10(?:\^|\*\*)\(?([+-]?\d+)\)?/, "$11e$2");

/** @param {string} text @returns {number[]} */
function valuesOf(text) {
  if (text.endsWith("%")) return valuesOf(text.slice(0, -1)).map((value) => value / 100);
  const parts = text.split(/[/÷:]/);
  if (parts.length === 1) return decimalsOf(text);
  if (parts.length > 2) return [];
  const [tops, bottoms] = parts.map(decimalsOf);
  return tops.flatMap((top) => bottoms.map((bottom) => top / bottom)).filter(Number.isFinite);
}

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
function judgeNumber({ answer = NaN, also = [], tolerance = 0 }, values) {
  if (values.length === 0) return "unread";
  const off = (/** @type {number} */ value) =>
    Math.min(...[answer, ...also].map((right) => Math.abs(value - right) / Math.abs(right)));
  const least = Math.min(...values.map(off));
  // A share of the answer; the last digit of a double is nobody's mistake.
  if (least <= tolerance / Math.abs(answer) + 1e-12) return "right";
  return least <= NEAR ? "near" : "wrong";
}

/**
 * Whether the experiment is as a question asks for: how a run ended, and what the problem's settings are.
 * @param {NonNullable<Question["state"]>} state
 * @param {Experiment} experiment
 * @returns {Verdict}
 */
function judgeState({ run = 0, status, problem = {} }, { runs, doc }) {
  const met = [
    ...(status === undefined ? [] : [runs[run]?.status === status]),
    ...Object.entries(problem).map(
      ([name, value]) => JSON.stringify(Object(doc?.problem)[name]) === JSON.stringify(value),
    ),
  ];
  if (met.every(Boolean)) return "right";
  return met.some(Boolean) ? "near" : "wrong";
}

/** The solution in words, for who asks for it. @param {Question} question */
export function solutionOf({ kind, answer, choices = [], solution = "" }) {
  if (kind === "choice") return choices[Number(answer)];
  return kind === "number" ? String(answer) : solution;
}
