/** What a knob knows of its Field without any element: its scale, its bounds, where it is in the document. */

import { formatInput } from "./number-format.js";

/** @import { Fault } from "./types.js" */

/**
 * @typedef {import("./types.js").Field & {typical?: [number, number]|null, empty?: string}} Field
 *   typical: the part of the bounds that is worth a slider. empty: what leaving an optional field empty means.
 */
/** @typedef {(string|number)[]} Path */

/** How many stops a slider has: finer than a pixel of any slider here, coarse enough for the arrow keys. */
const STOPS = 200;

/** @param {Field} field */
export const isNumeric = (field) => /^(optional_)?(number|integer)$/.test(field.type);

/** @param {Field} field */
export const isInteger = (field) => field.type.endsWith("integer");

/** @param {Field} field */
const isOptional = (field) => field.type.startsWith("optional_");

/**
 * Whether a slider helps: both ends are known, and the range is one that a hand can travel.
 * @param {Field} field
 */
export function hasSlider(field) {
  const [low, high] = rangeOf(field);
  if (!isNumeric(field) || isOptional(field) || !Number.isFinite(low) || !Number.isFinite(high)) return false;
  return isLog(field) || !isInteger(field) || high - low <= 100_000;
}

/** The ends of a field's slider. @param {Field} field @returns {[number, number]} */
const rangeOf = (field) => field.typical ?? [field.low ?? NaN, field.high ?? NaN];

/**
 * Three decades or more are travelled by decades, whether the field asks for it or not; but not a seed's range, which
 * has no order of magnitude that would matter.
 * @param {Field} field
 */
function isLog(field) {
  const [low, high] = rangeOf(field);
  return Boolean(field.log) || (low > 0 && high / low >= 1000 && high < 1e6);
}

/**
 * The values that a field's slider can stand on, ascending. All differ, so that an arrow key always moves the
 * number. A log scale that reaches down to zero keeps its first stop for zero, since "off" has to be reachable.
 * @param {Field} field
 * @returns {number[]}
 */
export function stopsOf(field) {
  const [low, high] = rangeOf(field);
  const scale = isLog(field) ? logScale(low > 0 ? low : smallest(field), high) : linearScale(low, high);
  const stops = Array.from({ length: STOPS + 1 }, (_, index) =>
    clamp(tidy(scale(index / STOPS), isInteger(field)), low, high),
  );
  const first = isLog(field) && field.low === 0 ? 0 : low;
  return [...new Set([first, ...stops, high])].sort((one, other) => one - other);
}

/** @param {Field} field */
const smallest = (field) => (isInteger(field) ? 1 : rangeOf(field)[1] * 1e-6);

/** @param {number} low @param {number} high */
const linearScale = (low, high) => (/** @type {number} */ share) => ({
  value: low + share * (high - low),
  fineness: (high - low) / STOPS,
});

/** @param {number} low @param {number} high */
const logScale = (low, high) => (/** @type {number} */ share) => {
  const value = low * (high / low) ** share;
  return { value, fineness: value / 20 };
};

/**
 * Rounds to the digits that the slider's fineness can tell apart, so that the number beside it stays short.
 * @param {{value: number, fineness: number}} point
 * @param {boolean} whole
 */
function tidy({ value, fineness }, whole) {
  if (whole) return Math.round(value);
  return Number(value.toFixed(clamp(Math.ceil(-Math.log10(fineness)), 0, 20)));
}

/**
 * Where a value stands among a slider's stops: the index of the nearest one.
 * @param {number[]} stops
 * @param {number} value
 */
export function nearestStop(stops, value) {
  let low = 0;
  let high = stops.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (stops[middle] <= value) low = middle;
    else high = middle;
  }
  return value - stops[low] <= stops[high] - value ? low : high;
}

/**
 * Where a value lies along a slider, between two of its stops too: 0 at the first and before it, 1 at the last.
 * @param {number[]} stops
 * @param {number} value
 */
export function placeAmong(stops, value) {
  const last = stops.length - 1;
  const above = stops.findIndex((stop) => stop >= value);
  if (above <= 0) return above === 0 ? 0 : 1;
  const [low, high] = [stops[above - 1], stops[above]];
  return (above - 1 + (value - low) / (high - low)) / last;
}

/** @param {number} value @param {number} low @param {number} high */
export const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

/** A field's bounds in words: "between 0.001 and 10". @param {Field} field */
export function boundsText(field) {
  const [low, high] = [field.low, field.high].map((bound) =>
    Number.isFinite(bound) ? formatInput(bound) : null,
  );
  const kind = isInteger(field) ? "a whole number" : "a number";
  if (low !== null && high !== null) return `${kind} between ${low} and ${high}`;
  if (low !== null) return `${kind} of at least ${low}`;
  return high === null ? kind : `${kind} of at most ${high}`;
}

/**
 * Reads what was typed. The true minus sign that we print, a decimal comma and a power of ten are all understood.
 * @param {string} text
 * @param {Field} field
 * @returns {{value: number|null} | {error: string}}
 */
export function parseNumber(text, field) {
  const plain = text
    .trim()
    .replace(/\u2212/g, "-")
    .replace(/^(-?\d*),(\d+)$/, "$1.$2");
  if (plain === "" && isOptional(field)) return { value: null };
  const value = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(plain) ? Number(plain) : NaN;
  const inside = value >= (field.low ?? -Infinity) && value <= (field.high ?? Infinity);
  const whole = !isInteger(field) || Number.isInteger(value);
  return Number.isFinite(value) && inside && whole ? { value } : { error: `must be ${boundsText(field)}` };
}

/**
 * Reads a list of whole numbers: "0, 3".
 * @param {string} text
 * @returns {{value: number[]} | {error: string}}
 */
export function parseIntegers(text) {
  const parts = text.split(/[\s,;]+/).filter(Boolean);
  if (parts.every((part) => /^\d{1,9}$/.test(part))) return { value: parts.map(Number) };
  return { error: "must be whole numbers, separated by commas" };
}

/** @param {any} doc @param {Path} path */
export function valueAt(doc, path) {
  return path.reduce((node, key) => node?.[key], doc);
}

/**
 * Where a field lies: a name with dots reaches into a group of its own.
 * @param {Path} group
 * @param {string} name
 * @returns {Path}
 */
export const fieldPath = (group, name) => [...group, ...name.split(".")];

/** A path as the service's errors write it: runs[0].optimizer.learning_rate. @param {Path} path */
export function pathText(path) {
  return path.map((key, at) => (typeof key === "number" ? `[${key}]` : `${at ? "." : ""}${key}`)).join("");
}

/**
 * What the service says of this knob, or of something inside it; null when it has nothing against it.
 * @param {Fault|null} fault
 * @param {Path} path
 */
export function faultAt(fault, path) {
  const here = pathText(path);
  const error = fault?.errors.find(
    ({ field }) => field === here || field.startsWith(`${here}[`) || field.startsWith(`${here}.`),
  );
  return error ? error.message : null;
}

/**
 * A new list with one place changed.
 * @template T
 * @param {readonly T[]} list
 * @param {number} at
 * @param {T} value
 * @returns {T[]}
 */
export const withItem = (list, at, value) => list.map((item, index) => (index === at ? value : item));

/**
 * One of the catalogue's tables as the choices of a select.
 * @param {{kind: string, label: string}[]|undefined} table
 */
export const choicesOf = (table) => (table ?? []).map(({ kind, label }) => ({ value: kind, label }));
