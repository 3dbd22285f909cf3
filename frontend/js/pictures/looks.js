/** How a figure looks: as the page, or as paper; how large it is, in its own pixels and in those of a file. Pure. */

/** @import { Ink } from "../ui/canvas.js" */

/** @typedef {"contour"|"3d"|"both"|"costs"} Subject */

/**
 * @typedef {object} Wanted
 * @property {Subject} subject
 * @property {"page"|"paper"} look
 * @property {number} width          Pixels in the page’s look, millimetres on paper.
 * @property {"sans"|"serif"} letters  On paper.
 * @property {boolean} caption
 * @property {"png"|"svg"|"pdf"} file
 * @property {number} dots           An inch of paper, where the file is pixels.
 */

/** @typedef {{width: number, scale: number, unit: "px"|"mm", of: number, padding: number, size: number}} Measures */

export const MM_PER_INCH = 25.4;
/** A figure in the page’s look is laid out this wide, and then drawn at the size asked. */
const PAGE_WIDTH = 860;
/** On paper, twelve of a figure’s pixels are the seven points of small letters. */
const PIXELS_PER_MM = 12 / ((7 / 72) * MM_PER_INCH);
/** What browsers draw without fail: pixels of a side, and of all. */
const LONGEST_SIDE = 16_000;
const MOST_PIXELS = 64e6;

export const WIDTHS = Object.freeze({ page: [300, 12_000], paper: [60, 600] });
export const DOTS = Object.freeze([72, 1200]);

const LETTERS = Object.freeze({
  sans: 'Helvetica, Arial, "Liberation Sans", "Nimbus Sans", sans-serif',
  serif: '"Times New Roman", Times, "Liberation Serif", "Nimbus Roman", serif',
});

/** Black on white, without the page’s tints. */
const PAPER = Object.freeze({
  background: "#ffffff",
  panel: "#ffffff",
  line: "#9a9a9a",
  text: "#000000",
  quiet: "#222222",
});

/** @param {"sans"|"serif"} letters @returns {Ink} */
export const paperInk = (letters) => ({ ...PAPER, font: LETTERS[letters], scale: 1 });

/** @param {Wanted} wanted @returns {Measures} */
export function measuresOf({ look, width, file, dots }) {
  if (look === "page")
    return {
      width: PAGE_WIDTH,
      scale: width / PAGE_WIDTH,
      unit: "px",
      of: width / PAGE_WIDTH,
      padding: 16,
      size: 13,
    };
  const scale = file === "png" ? dots / MM_PER_INCH / PIXELS_PER_MM : 600 / MM_PER_INCH / PIXELS_PER_MM;
  return { width: width * PIXELS_PER_MM, scale, unit: "mm", of: 1 / PIXELS_PER_MM, padding: 4, size: 12 };
}

/**
 * Why a picture of this size cannot be made; null where it can.
 * @param {number} width
 * @param {number} height   In the file’s pixels.
 */
export function tooLarge(width, height) {
  if (Math.max(width, height) <= LONGEST_SIDE && width * height <= MOST_PIXELS) return null;
  return `A picture must be of at most 64 million pixels and 16,000 along a side, got ${width} × ${height}: ask for a smaller width or fewer dots.`;
}

/** A number within its ends, or what it was before where it is none. @param {number} value @param {readonly number[]} ends @param {number} before */
export const bounded = (value, [low, high], before) =>
  Number.isFinite(value) ? Math.min(high, Math.max(low, value)) : before;
