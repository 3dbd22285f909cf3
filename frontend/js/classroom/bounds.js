/** How large what a teacher hands out may be, and the one way of refusing what is larger. Pure. */

import { isGroup } from "../document/view.js";

export const MOST = Object.freeze({
  title: 120,
  task: 4000,
  question: 500,
  choice: 200,
  choices: 8,
  questions: 20,
  name: 80,
  answer: 200,
  /** Changes of a student’s that a link keeps; the newest of them. */
  moves: 60,
  changes: 400,
  depth: 8,
  /** Links that are collected at a time, and characters of all of them. */
  links: 200,
  pasted: 8_000_000,
});

/** @param {string} name @param {string} constraint @param {unknown} value @returns {never} */
export function refuse(name, constraint, value) {
  const text = (JSON.stringify(value) ?? String(value)).slice(0, 60);
  throw new Error(`${name} must be ${constraint}, got ${text}`);
}

/** @param {unknown} value @param {string} name @param {number} most @param {{empty?: boolean}} [options] @returns {string} */
export function textOf(value, name, most, { empty = true } = {}) {
  if (typeof value !== "string") return refuse(name, "a text", value);
  if (value.length > most) return refuse(name, `at most ${most} characters`, `${value.length} of them`);
  return value.trim() === "" && !empty ? refuse(name, "a text that says something", value) : value;
}

/** @param {unknown} value @param {string} name @param {{low?: number, high?: number}} [bounds] @returns {number} */
export function numberOf(value, name, { low = -1e12, high = 1e12 } = {}) {
  if (typeof value !== "number" || !(value >= low && value <= high))
    return refuse(name, `a number between ${low} and ${high}`, value);
  return value;
}

/** @param {unknown} value @param {string} name @param {number} high @returns {number} */
export function indexOf(value, name, high) {
  const index = numberOf(value, name, { low: 0, high });
  return Number.isInteger(index) ? index : refuse(name, "a whole number", value);
}

/** @param {unknown} value @param {string} name @param {number} most @returns {any[]} */
export function listOf(value, name, most) {
  if (!Array.isArray(value)) return refuse(name, "a list", value);
  return value.length <= most ? value : refuse(name, `a list of at most ${most}`, `${value.length} of them`);
}

/** A group of named values, of which it has no others. @param {unknown} value @param {string} name @param {string[]} names @returns {Record<string, any>} */
export function groupOf(value, name, names) {
  if (!isGroup(value)) return refuse(name, "an object", value);
  const group = /** @type {Record<string, any>} */ (value);
  const strange = Object.keys(group).find((key) => !names.includes(key));
  return strange === undefined ? group : refuse(name, `an object of ${names.join(", ")}`, strange);
}
