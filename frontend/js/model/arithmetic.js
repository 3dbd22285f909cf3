/** Sums, products and powers as people type them, read without running anything. Pure. */

/** A longer text is no answer. */
const LONGEST = 80;
/** A comma may part thousands or decimals, so that a text may mean several numbers; it is not worth trying more. */
const MOST = 16;

/** @typedef {{text: string, at: number}} Reading   What is read, and how far. */

/**
 * All numbers that a text may mean; none where it is no sum of products of numbers.
 * @param {string} text   Without spaces.
 * @param {(number: string) => number[]} numbers   What a number may mean; none where it is none.
 * @returns {number[]}
 */
export function valuesOf(text, numbers) {
  if (text.length > LONGEST) return [];
  const reading = { text, at: 0 };
  const values = sum(reading, numbers);
  return reading.at === text.length ? values.filter(Number.isFinite) : [];
}

/** @param {Reading} reading @param {(number: string) => number[]} numbers @returns {number[]} */
function sum(reading, numbers) {
  let values = product(reading, numbers);
  for (let sign = take(reading, /[+-]/y); sign; sign = take(reading, /[+-]/y)) {
    const by = sign === "+" ? 1 : -1;
    values = combined(values, product(reading, numbers), (one, other) => one + by * other);
  }
  return values;
}

/** @param {Reading} reading @param {(number: string) => number[]} numbers @returns {number[]} */
function product(reading, numbers) {
  let values = power(reading, numbers);
  for (let sign = take(reading, /[*/]/y); sign; sign = take(reading, /[*/]/y)) {
    const divides = sign === "/";
    values = combined(values, power(reading, numbers), (one, other) => (divides ? one / other : one * other));
  }
  return values;
}

/** A sign belongs to the power: −2² is −4. @param {Reading} reading @param {(number: string) => number[]} numbers @returns {number[]} */
function power(reading, numbers) {
  const sign = take(reading, /[+-]/y);
  const base = atom(reading, numbers);
  const values = take(reading, /\^/y) ? combined(base, exponent(reading, numbers), Math.pow) : base;
  return sign === "-" ? values.map((value) => -value) : values;
}

/** @param {Reading} reading @param {(number: string) => number[]} numbers @returns {number[]} */
function exponent(reading, numbers) {
  const sign = take(reading, /[+-]/y);
  const values = atom(reading, numbers);
  return sign === "-" ? values.map((value) => -value) : values;
}

/** @param {Reading} reading @param {(number: string) => number[]} numbers @returns {number[]} */
function atom(reading, numbers) {
  if (take(reading, /\(/y)) {
    const values = sum(reading, numbers);
    return take(reading, /\)/y) ? values : [];
  }
  const number = take(reading, /[\d.,]+(?:e[+-]?\d+)?/y);
  if (!number) return [];
  const parts = take(reading, /%/y) ? 100 : 1;
  return numbers(number).map((value) => value / parts);
}

/**
 * What stands next, where it is what is looked for.
 * @param {Reading} reading
 * @param {RegExp} what   Sticky.
 */
function take(reading, what) {
  what.lastIndex = reading.at;
  const [found = ""] = what.exec(reading.text) ?? [];
  reading.at += found.length;
  return found;
}

/** @param {number[]} ones @param {number[]} others @param {(one: number, other: number) => number} by */
const combined = (ones, others, by) =>
  ones.flatMap((one) => others.map((other) => by(one, other))).slice(0, MOST);
