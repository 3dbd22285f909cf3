/** Numbers as people type them in answer to a question. Pure. */

import { valuesOf } from "./arithmetic.js";

const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/;
/** What may be written before a number without making it another one. */
const BEFORE = /^(?:[≈~*x]|about|approx(?:imately)?\.?|ca\.?|by|a?factor(?:of)?)+/;
const GROUPED = /^([+-]?\d{1,3})(,\d{3})+$/;

/**
 * What a text may mean as a number: decimal point or comma, scientific notation, a fraction, a percentage, a sum or
 * product, a unit of the question. More than one value where a comma may be either; none where it is no number.
 * @param {string} text
 * @param {Record<string, number>} [units]   What each unit that may follow is worth in the answer's own.
 * @returns {number[]}
 */
export function numbersIn(text, units = {}) {
  // What was worked out may stand before its result.
  const plain = plainText(text).split("=").at(-1)?.replace(BEFORE, "") ?? "";
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
