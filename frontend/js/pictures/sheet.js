/** What stands above and below a picture: its experiment, its runs, the colours of its heights, and what is true of it. */

import { currentExperiment } from "../document/experiments.js";
import { formatCount, formatRunning } from "../document/number-format.js";
import { endSaid, entryAt } from "../model/runs.js";
import { basinsOf } from "../plot/basins.js";
import { costOn } from "../plot/captions.js";
import { scaleSaid } from "../plot/colours-said.js";
import { disc } from "../ui/canvas.js";

/** @import { AppState } from "../document/types.js" */
/** @import { Context, Ink } from "../ui/canvas.js" */

/**
 * @typedef {object} Page
 * @property {number} width
 * @property {Ink} ink
 * @property {number} padding   At its sides.
 * @property {number} size      Of its letters, in its pixels.
 */

/** Room for a run’s cost, and how it ended. */
const LONGEST_COST = "0.00000000, diverged";
const BAR = { width: 200, height: 10 };
/** Of a line, for letters of one pixel. */
const LEADING = 20 / 13;

/** The experiment’s name. @param {AppState} state */
export const titleOf = ({ catalog, doc }) =>
  (catalog && doc && currentExperiment(catalog, doc)?.title) ?? "Descentscape";

/** Which cost, and when. @param {AppState} state */
export const momentOf = ({ live, step }) => `${costOn(live)} at step ${formatCount(Math.floor(step))}`;

/**
 * The experiment and the step.
 * @param {Context} context
 * @param {AppState} state
 * @param {Page} page
 * @param {number} top
 * @returns {number} Where it ends.
 */
export function drawTitle(context, state, { ink, padding, size }, top) {
  write(context, titleOf(state), [padding, top + 16], `600 18px ${ink.font}`, ink.text);
  write(context, momentOf(state), [padding, top + 42], `${size}px ${ink.font}`, ink.quiet);
  return top + 42 + LEADING * size;
}

/**
 * The runs in their colours, with their costs.
 * @param {Context} context
 * @param {AppState} state
 * @param {Page} page
 * @param {number} top
 * @returns {number} Where it ends.
 */
export function drawRuns(context, { runs, step }, { width, ink, padding, size }, top) {
  const font = `${size}px ${ink.font}`;
  context.font = font;
  const said = runs.map((run) => {
    const cost = run.count > 0 ? formatRunning(run.cost[entryAt(run, Math.floor(step))]) : "–";
    return [`${run.label} ${cost}`, endSaid(run, step)].filter(Boolean).join(", ");
  });
  const room = width - 2 * padding;
  // By what does not change from step to step, so that the runs of an animation stay where they are.
  const widest = Math.max(
    0,
    ...runs.map(({ label }) => context.measureText(`${label} ${LONGEST_COST}`).width),
  );
  const columns = Math.max(1, Math.floor(room / (widest + 32)));
  const line = LEADING * size;
  runs.forEach(({ color }, k) => {
    const [x, y] = [padding + (room / columns) * (k % columns), top + line * Math.floor(k / columns)];
    context.fillStyle = color;
    disc(context, x + 5, y + 0.6 * size, 5);
    context.fill();
    write(context, said[k], [x + 16, y], font, ink.text, room / columns - 20);
  });
  return top + line * Math.ceil(runs.length / columns);
}

/**
 * The colours of the heights, where there is a surface.
 * @param {Context} context
 * @param {AppState} state
 * @param {Page} page
 * @param {number} top
 * @returns {number} Where it ends.
 */
export function drawColours(context, state, { width, ink, padding, size }, top) {
  if (!state.heights || !state.surface) return top;
  const font = `${size}px ${ink.font}`;
  const bar = scaleSaid(state.heights, basinsOf(state));
  const long = Math.min(BAR.width, width / 3);
  write(context, bar.low, [padding, top], font, ink.quiet);
  const from = padding + context.measureText(bar.low).width + 8;
  const gradient = context.createLinearGradient(from, 0, from + long, 0);
  for (const [share, color] of bar.stops) gradient.addColorStop(share, color);
  context.fillStyle = gradient;
  context.fillRect(from, top + (LEADING * size - BAR.height) / 2 - 2, long, BAR.height);
  const note = state.heights.notes.join("; ");
  const after = [`${bar.high}  ${bar.words}`, note].filter(Boolean).join("; ");
  const room = width - from - long - 8 - padding;
  context.font = font;
  const lines = wrapped(context, after, room);
  lines.forEach((text, k) =>
    write(context, text, [from + long + 8, top + k * LEADING * size], font, ink.quiet, room),
  );
  return top + lines.length * LEADING * size + 4;
}

/**
 * Paragraphs, each from a line of its own.
 * @param {Context} context
 * @param {string[]} paragraphs
 * @param {Page} page
 * @param {number} top
 * @returns {number} Where they end.
 */
export function drawWords(context, paragraphs, { width, ink, padding, size }, top) {
  context.font = `${size}px ${ink.font}`;
  const lines = paragraphs.flatMap((text) => wrapped(context, text, width - 2 * padding));
  lines.forEach((text, k) =>
    write(context, text, [padding, top + k * LEADING * size], context.font, ink.text),
  );
  return top + lines.length * LEADING * size;
}

/**
 * @param {Context} context
 * @param {string} text
 * @param {[number, number]} at
 * @param {string} font
 * @param {string} color
 * @param {number} [most]
 */
export function write(context, text, [x, y], font, color, most) {
  context.font = font;
  context.fillStyle = color;
  context.textBaseline = "top";
  context.textAlign = "left";
  context.fillText(text, x, y, most);
}

/** A text in lines of at most so many pixels. @param {Context} context @param {string} text @param {number} most */
export function wrapped(context, text, most) {
  /** @type {string[]} */
  const lines = [];
  for (const word of text.split(" ")) {
    const longer = lines.length > 0 ? `${lines[lines.length - 1]} ${word}` : word;
    if (lines.length > 0 && context.measureText(longer).width <= most) lines[lines.length - 1] = longer;
    else lines.push(...broken(context, word, most));
  }
  return lines;
}

/** A word in parts of at most so many pixels: a run may have a long name without a space. @param {Context} context @param {string} word @param {number} most */
function broken(context, word, most) {
  const parts = [""];
  for (const letter of word) {
    const last = parts.length - 1;
    if (parts[last] && context.measureText(parts[last] + letter).width > most) parts.push(letter);
    else parts[last] += letter;
  }
  return parts;
}
