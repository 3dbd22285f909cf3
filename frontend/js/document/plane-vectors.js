/** A plane that the learner gives as numbers: read, written in short, and what each vector is mostly made of. Pure. */

import { formatNumber, plural } from "./number-format.js";

/** Digits of a number: the document and its link carry three for every parameter. */
const DIGITS = 8;
/** Above so many parameters the document would be larger than a message may be. */
export const MOST_PARAMETERS = 20_000;

/** What a direction can be set to: the study's names, and ours. */
export const DIRECTIONS = [
  { value: "gradient", label: "steepest descent, here" },
  { value: "step", label: "the next step, here" },
  { value: "run", label: "this run, start to end" },
  { value: "highest", label: "highest curvature, here" },
  { value: "lowest", label: "lowest curvature, here" },
  { value: "parameter", label: "one parameter" },
  { value: "random", label: "a random direction" },
];

/** What the origin can be set to. */
export const ORIGINS = [
  { value: "here", label: "where the cursor is" },
  { value: "start", label: "the run’s start" },
  { value: "end", label: "the run’s end" },
  { value: "zero", label: "all zeros" },
];

/** @param {ArrayLike<number>} values @returns {number[]} */
export const inShort = (values) => Array.from(values, (value) => Number(value.toPrecision(DIGITS)));

/** @param {readonly number[]} values */
export const vectorText = (values) => values.join(", ");

/**
 * Reads numbers as they are pasted: separated by commas, semicolons or white space, in brackets or not.
 * @param {string} text
 * @param {number} count   How many there must be.
 * @param {number} most    The largest size of each.
 * @returns {{value: number[]} | {error: string}}
 */
export function parseVector(text, count, most) {
  const parts = text
    .replace(/[[\](){}]/g, " ")
    .replace(/\u2212/g, "-")
    .split(/[\s,;]+/)
    .filter(Boolean);
  const value = parts.map((part) =>
    /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(part) ? Number(part) : NaN,
  );
  const wrong = value.findIndex((number) => !(Math.abs(number) <= most));
  if (wrong >= 0)
    return {
      error: `must be numbers from ${formatNumber(-most)} to ${formatNumber(most)}: number ${wrong + 1} is “${parts[wrong].slice(0, 24)}”`,
    };
  if (value.length !== count)
    return {
      error: `must be exactly ${plural(count, "number")}, one for each parameter: these are ${plural(value.length, "number")}`,
    };
  return { value };
}

/**
 * How long a vector is, and which parameter it moves most.
 * @param {readonly number[]} values
 * @param {readonly string[]} names   Of the parameters; none where there are very many.
 */
export function vectorSaid(values, names) {
  const length = Math.hypot(...values);
  if (length === 0) return "all zeros";
  const most = values.reduce((best, value, k) => (Math.abs(value) > Math.abs(values[best]) ? k : best), 0);
  return `length ${formatNumber(length)}, most in ${names[most] ?? `parameter ${most}`} (${formatNumber(values[most])})`;
}
