/** What a knob knows of its Field without any element: its scale, its bounds, where it is in the document. */

import { formatInput } from "./format.js";

/** @typedef {import("./types.js").Field} Field */
/** @typedef {(string|number)[]} Path */

/** How many stops a slider has: finer than a pixel of any slider here, coarse enough for the arrow keys. */
export const STOPS = 200;

/**
 * @param {Field} field
 */
export const isNumeric = (field) => /^(optional_)?(number|integer)$/.test(field.type);

/**
 * @param {Field} field
 */
export const isInteger = (field) => field.type.endsWith("integer");

/**
 * @param {Field} field
 */
export const isOptional = (field) => field.type.startsWith("optional_");

/**
 * Whether a slider helps: both ends are known, and the range is one that a hand can travel.
 * @param {Field} field
 */
export function hasSlider(field) {
  if (!isNumeric(field) || !Number.isFinite(field.low) || !Number.isFinite(field.high)) return false;
  return Boolean(field.log) || !isInteger(field) || Number(field.high) - Number(field.low) <= 100_000;
}

/**
 * The map between a slider's stops 0..STOPS and a field's values. A log scale that reaches down to zero keeps
 * its first stop for zero, since "off" has to be reachable.
 * @param {Field} field
 * @returns {{toStop: (value: number) => number, toValue: (stop: number) => number}}
 */
export function scaleOf(field) {
  const low = Number(field.low);
  const high = Number(field.high);
  if (!field.log) return linearScale(low, high, isInteger(field));
  return low > 0 ? logScale(low, high, 0, isInteger(field)) : zeroThenLog(low, high, field);
}

/**
 * @param {number} low
 * @param {number} high
 * @param {boolean} whole
 */
function linearScale(low, high, whole) {
  return {
    toStop: (/** @type {number} */ value) => clamp((value - low) / (high - low), 0, 1) * STOPS,
    toValue: (/** @type {number} */ stop) => tidy(low + (stop / STOPS) * (high - low), whole, (high - low) / STOPS),
  };
}

/**
 * @param {number} low
 * @param {number} high
 * @param {number} first  The stop that holds `low`.
 * @param {boolean} whole
 */
function logScale(low, high, first, whole) {
  const span = Math.log(high / low);
  return {
    toStop: (/** @type {number} */ value) => first + clamp(Math.log(Math.max(value, low) / low) / span, 0, 1) * (STOPS - first),
    toValue(/** @type {number} */ stop) {
      const value = low * Math.exp((Math.max(0, stop - first) / (STOPS - first)) * span);
      return clamp(tidy(value, whole, value / 20), low, high);
    },
  };
}

/**
 * @param {number} low
 * @param {number} high
 * @param {Field} field
 */
function zeroThenLog(low, high, field) {
  const scale = logScale(isInteger(field) ? 1 : high * 1e-6, high, 1, isInteger(field));
  return {
    toStop: (/** @type {number} */ value) => (value <= low ? 0 : scale.toStop(value)),
    toValue: (/** @type {number} */ stop) => (stop < 1 ? low : scale.toValue(stop)),
  };
}

/**
 * Rounds to the digits that the slider's fineness can tell apart, so that the number beside it stays short.
 * @param {number} value
 * @param {boolean} whole
 * @param {number} fineness
 */
function tidy(value, whole, fineness) {
  if (whole) return Math.round(value);
  const places = Math.max(0, Math.ceil(-Math.log10(fineness)));
  return Number(value.toFixed(Math.min(places, 20)));
}

/**
 * @param {number} value
 * @param {number} low
 * @param {number} high
 */
export const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

/**
 * A field's bounds in words: "between 0.001 and 10".
 * @param {Field} field
 */
export function boundsText(field) {
  const low = Number.isFinite(field.low) ? formatInput(field.low) : null;
  const high = Number.isFinite(field.high) ? formatInput(field.high) : null;
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
  const plain = text.trim().replace(/\u2212/g, "-").replace(/^(-?\d*),(\d+)$/, "$1.$2");
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

/**
 * @param {any} doc
 * @param {Path} path
 */
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

/**
 * A path as the service's errors write it: runs[0].optimizer.learning_rate.
 * @param {Path} path
 */
export function pathText(path) {
  return path.map((key, at) => (typeof key === "number" ? `[${key}]` : `${at ? "." : ""}${key}`)).join("");
}

/**
 * What the service says of this knob, or of something inside it; null when it has nothing against it.
 * @param {import("./types.js").Fault|null} fault
 * @param {Path} path
 */
export function faultAt(fault, path) {
  const here = pathText(path);
  const error = fault?.errors.find(({ field }) => field === here || field.startsWith(`${here}[`) || field.startsWith(`${here}.`));
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
