/** Numbers as people read them: a true minus sign, powers of ten as powers, few digits. Strings in, strings out. */

const MINUS = "\u2212";
const NARROW = "\u202f";
const SUPERSCRIPT = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** @param {string} text */
const trueMinus = (text) => text.replace(/-/g, MINUS);

/** @param {number} exponent */
const superscript = (exponent) =>
  (exponent < 0 ? "⁻" : "") +
  [...String(Math.abs(exponent))].map((digit) => SUPERSCRIPT[Number(digit)]).join("");

/**
 * @param {number} value
 * @returns {string|null}  What a value that is no finite number is called, null for ordinary ones.
 */
function special(value) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  if (Number.isFinite(value)) return null;
  return value > 0 ? "∞" : `${MINUS}∞`;
}

/**
 * A number to some significant digits: 0.0016, 12.3, −4, 1.2×10⁻⁷.
 * @param {number} value
 * @param {number} [digits]
 */
export function formatNumber(value, digits = 3) {
  const named = special(value);
  if (named !== null) return named;
  if (value === 0) return "0";
  const [mantissa, exponent] = value
    .toExponential(digits - 1)
    .split("e")
    .map(Number);
  if (exponent < -4 || exponent >= 6) return `${trueMinus(String(mantissa))}×10${superscript(exponent)}`;
  return trueMinus(String(Number(value.toPrecision(digits))));
}

/**
 * A number that keeps its width while it runs: trailing zeros stay.
 * @param {number} value
 * @param {number} [digits]
 */
export function formatRunning(value, digits = 3) {
  const named = special(value);
  if (named !== null) return named;
  if (value === 0) return (0).toFixed(digits);
  const [mantissa, power] = value.toExponential(digits - 1).split("e");
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 6) return `${trueMinus(mantissa)}×10${superscript(exponent)}`;
  return trueMinus(value.toFixed(Math.max(0, digits - 1 - exponent)));
}

const COUNTS = new Intl.NumberFormat("en-US");

/** A count: 50,000. @param {number} value */
export function formatCount(value) {
  return special(value) ?? trueMinus(COUNTS.format(Math.round(value)));
}

/** A share as a percentage: 0.863 is 86 %, and what rounds to nothing is "< 1 %". @param {number} share */
export function formatPercent(share) {
  const named = special(share);
  if (named !== null) return named;
  if (share > 0 && share < 0.005) return `<${NARROW}1${NARROW}%`;
  return `${trueMinus(String(Math.round(share * 100)))}${NARROW}%`;
}

/** A playing speed: 0.5×. @param {number} speed */
export function formatSpeed(speed) {
  return `${Number(speed.toPrecision(3))}×`;
}

/**
 * A value as an editable field shows it: plain characters that parseNumber reads back to the same number.
 * @param {number|null|undefined} value
 */
export function formatInput(value) {
  if (value === null || value === undefined) return "";
  return trueMinus(String(Number(value.toPrecision(12)))).replace("e+", "e");
}

/** @param {number} count @param {string} one @param {string} [many] */
export function plural(count, one, many = `${one}s`) {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}
