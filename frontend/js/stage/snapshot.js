/**
 * The stage as a PNG of the size asked: drawn anew at that size, with all that a picture should not travel without, its
 * experiment, its runs and their costs, the colours of its heights and what the captions say of it.
 */

import { currentExperiment } from "../document/experiments.js";
import { formatCount, formatRunning } from "../document/number-format.js";
import { endSaid, entryAt } from "../model/runs.js";
import { basinsOf } from "../plot/basins.js";
import { lineOf } from "../plot/captions.js";
import { CONFIG } from "../plot/figure.js";
import { atRatio, disc, inkOf } from "../ui/canvas.js";
import { plotImage } from "../ui/plotly.js";
import { scaleSaid } from "./colour-scale.js";
import { costOn } from "./legend.js";

/** @import { AppState, Caption } from "../document/types.js" */
/** @import { Context, Ink } from "../ui/canvas.js" */

/** @typedef {{image: CanvasImageSource, left: number, top: number, width: number, height: number}} Part */
/** @typedef {{width: number, font: string, ink: Ink}} Page */

const PADDING = 16;
const LINE = 20;
const BAR = { width: 200, height: 10 };
/** Room for a run’s name and cost. */
const CELL = 260;

/**
 * @param {HTMLElement} stage
 * @param {AppState} state
 * @param {Caption[]} said
 * @param {() => void} repaint    Draws what lies over and under the plots.
 * @param {number} scale          Pixels of the picture for one of the screen.
 * @returns {Promise<Blob>}
 */
export async function snapshot(stage, state, said, repaint, scale) {
  const panes = /** @type {HTMLElement} */ (stage.querySelector(".panes"));
  const parts = await partsOf(panes, repaint, scale);
  const { width, height } = panes.getBoundingClientRect();
  const ink = inkOf(stage);
  const page = { width, ink, font: ink.font };
  const canvas = document.createElement("canvas");
  const context = /** @type {Context} */ (canvas.getContext("2d"));
  const above = drawHead(context, state, page, 0);
  const below = drawFoot(context, state, said, page, above + height);
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(below * scale);
  context.scale(scale, scale);
  context.fillStyle = ink.background;
  context.fillRect(0, 0, width, below);
  drawHead(context, state, page, 0);
  for (const part of parts)
    context.drawImage(part.image, part.left, above + part.top, part.width, part.height);
  drawNames(context, panes, above, page);
  drawFoot(context, state, said, page, above + height);
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("The browser made no picture.")))),
  );
}

/**
 * Plots and the canvases around them, in the order in which they lie.
 * @param {HTMLElement} panes
 * @param {() => void} repaint
 * @param {number} scale
 * @returns {Promise<Part[]>}
 */
async function partsOf(panes, repaint, scale) {
  const origin = panes.getBoundingClientRect();
  const seen = [...panes.querySelectorAll(".js-plotly-plot, canvas")].filter(
    (layer) =>
      layer.parentElement?.closest(".js-plotly-plot") === null &&
      layer.clientWidth * layer.clientHeight > 0 &&
      layer.checkVisibility({ visibilityProperty: true, opacityProperty: true }),
  );
  // What is painted is painted anew, larger, and copied before the page paints it again.
  const painted = atRatio(scale, () => {
    repaint();
    return seen.map((layer) => (layer instanceof HTMLCanvasElement ? copyOf(layer) : null));
  });
  repaint();
  return Promise.all(
    seen.map(async (layer, k) => {
      const { left, top, width, height } = layer.getBoundingClientRect();
      const image = painted[k] ?? (await graphImage(layer, width, height, scale));
      return { image, left: left - origin.left, top: top - origin.top, width, height };
    }),
  );
}

/** @param {HTMLCanvasElement} canvas */
function copyOf(canvas) {
  const copy = document.createElement("canvas");
  copy.width = canvas.width;
  copy.height = canvas.height;
  copy.getContext("2d")?.drawImage(canvas, 0, 0);
  return copy;
}

/** @param {any} graph @param {number} width @param {number} height @param {number} scale */
async function graphImage(graph, width, height, scale) {
  const image = new Image();
  const figure = { data: graph.data, layout: graph.layout, config: { ...CONFIG, plotGlPixelRatio: scale } };
  image.src = await plotImage(figure, { format: "png", width, height, scale });
  await image.decode();
  return image;
}

/**
 * The experiment, and the runs with their costs.
 * @param {Context} context
 * @param {AppState} state
 * @param {Page} page
 * @param {number} top
 * @returns {number} Where it ends.
 */
function drawHead(context, state, { width, ink }, top) {
  const { catalog, doc, runs, live, step } = state;
  const title = (catalog && doc && currentExperiment(catalog, doc)?.title) ?? "Descentscape";
  context.textBaseline = "top";
  write(context, title, [PADDING, top + PADDING], `600 18px ${ink.font}`, ink.text);
  const under = `${costOn(live)} at step ${formatCount(Math.floor(step))}`;
  write(context, under, [PADDING, top + PADDING + 26], `13px ${ink.font}`, ink.quiet);
  const columns = Math.max(1, Math.floor((width - 2 * PADDING) / CELL));
  const first = top + PADDING + 26 + LINE;
  runs.forEach((run, k) => {
    const [x, y] = [PADDING + CELL * (k % columns), first + LINE * Math.floor(k / columns)];
    context.fillStyle = run.color;
    disc(context, x + 5, y + 8, 5);
    context.fill();
    const cost = run.count > 0 ? formatRunning(run.cost[entryAt(run, Math.floor(step))]) : "–";
    const words = [`${run.label} ${cost}`, endSaid(run, step)].filter(Boolean).join(", ");
    write(context, words, [x + 16, y], `13px ${ink.font}`, ink.text, CELL - 24);
  });
  return first + LINE * Math.ceil(runs.length / columns) + PADDING / 2;
}

/**
 * The colours of the heights, and what is true of the picture.
 * @param {Context} context
 * @param {AppState} state
 * @param {Caption[]} said
 * @param {Page} page
 * @param {number} top
 * @returns {number} Where it ends.
 */
function drawFoot(context, state, said, { width, ink }, top) {
  const words = `13px ${ink.font}`;
  let y = top + PADDING / 2;
  if (state.heights && state.surface) {
    const bar = scaleSaid(state.heights, basinsOf(state));
    write(context, bar.low, [PADDING, y], words, ink.quiet);
    const from = PADDING + context.measureText(bar.low).width + 8;
    fillBar(context, bar.stops, from, y + 3);
    const note = state.heights.notes.join("; ");
    const after = [`${bar.high}  ${bar.words}`, note].filter(Boolean).join("; ");
    write(context, after, [from + BAR.width + 8, y], words, ink.quiet, width - from - BAR.width - PADDING);
    y += LINE + 4;
  }
  context.font = words;
  for (const line of said.flatMap((caption) => wrapped(context, lineOf(caption), width - 2 * PADDING))) {
    write(context, line, [PADDING, y], words, ink.text);
    y += LINE;
  }
  return y + PADDING / 2;
}

/** @param {Context} context @param {[number, string][]} stops @param {number} x @param {number} y */
function fillBar(context, stops, x, y) {
  const gradient = context.createLinearGradient(x, 0, x + BAR.width, 0);
  for (const [share, color] of stops) gradient.addColorStop(share, color);
  context.fillStyle = gradient;
  context.fillRect(x, y, BAR.width, BAR.height);
}

/**
 * Whose surface each of two panes shows.
 * @param {Context} context
 * @param {HTMLElement} panes
 * @param {number} top
 * @param {Page} page
 */
function drawNames(context, panes, top, { ink }) {
  const origin = panes.getBoundingClientRect();
  for (const label of panes.querySelectorAll(".pane-label")) {
    if (!label.checkVisibility()) continue;
    const { left, top: above } = label.getBoundingClientRect();
    const at = /** @type {[number, number]} */ ([left - origin.left, top + above - origin.top]);
    write(context, label.textContent ?? "", at, `12px ${ink.font}`, ink.text);
  }
}

/**
 * @param {Context} context
 * @param {string} text
 * @param {[number, number]} at
 * @param {string} font
 * @param {string} color
 * @param {number} [most]
 */
function write(context, text, [x, y], font, color, most) {
  context.font = font;
  context.fillStyle = color;
  context.textBaseline = "top";
  context.fillText(text, x, y, most);
}

/** A text in lines of at most so many pixels. @param {Context} context @param {string} text @param {number} most */
function wrapped(context, text, most) {
  /** @type {string[]} */
  const lines = [];
  for (const word of text.split(" ")) {
    const longer = lines.length > 0 ? `${lines[lines.length - 1]} ${word}` : word;
    if (lines.length > 0 && context.measureText(longer).width <= most) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
