/**
 * The stage as pixels of the size asked: drawn anew at that size, with all that a picture should not travel without, its
 * experiment, its runs and their costs, the colours of its heights and what the captions say of it.
 */

import { lineOf } from "../plot/captions.js";
import { inkOf } from "../ui/canvas.js";
import { copiedLayers } from "./layers.js";
import { drawColours, drawRuns, drawTitle, drawWords, write } from "./sheet.js";

/** @import { AppState, Caption } from "../document/types.js" */
/** @import { Context } from "../ui/canvas.js" */
/** @import { CopiedLayer } from "./layers.js" */
/** @import { Page } from "./sheet.js" */

const PADDING = 16;
const SIZE = 13;

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
  const layers = await copiedLayers(panes, repaint, scale, inkOf(stage).font);
  return blobOf(composed(stage, layers, state, said, scale), "image/png");
}

/**
 * @param {HTMLElement} stage
 * @param {CopiedLayer[]} layers   What its panes show.
 * @param {AppState} state
 * @param {Caption[]} said
 * @param {number} scale
 * @param {HTMLCanvasElement} [canvas]   One to draw on that is there already; it keeps its height.
 */
export function composed(stage, layers, state, said, scale, canvas) {
  const panes = /** @type {HTMLElement} */ (stage.querySelector(".panes"));
  const { width } = panes.getBoundingClientRect();
  const [first, height] = reachOf(layers);
  const ink = inkOf(stage);
  const page = { width, ink, padding: PADDING, size: SIZE };
  const drawn = canvas ?? document.createElement("canvas");
  const context = /** @type {Context} */ (drawn.getContext("2d", { willReadFrequently: true }));
  const above = drawHead(context, state, page);
  const below = drawFoot(context, state, said, page, above + height);
  if (!canvas) {
    drawn.width = Math.round(width * scale);
    drawn.height = Math.round(below * scale);
  }
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.fillStyle = ink.background;
  context.fillRect(0, 0, width, drawn.height / scale);
  drawHead(context, state, page);
  for (const { image, left, top, width: wide, height: tall } of layers)
    context.drawImage(image, left, above + top - first, wide, tall);
  drawNames(context, panes, above - first, page);
  drawFoot(context, state, said, page, above + height);
  return drawn;
}

/** Where the layers begin and how tall they are: a wide contour leaves room above and below it. @param {CopiedLayer[]} layers */
function reachOf(layers) {
  const top = Math.min(...layers.map((layer) => layer.top));
  return layers.length > 0
    ? [top, Math.max(...layers.map((layer) => layer.top + layer.height)) - top]
    : [0, 0];
}

/** @param {HTMLCanvasElement} canvas @param {string} type @returns {Promise<Blob>} */
export const blobOf = (canvas, type) =>
  new Promise((resolve, reject) =>
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error("The browser made no picture of this size."))),
      type,
    ),
  );

/** @param {Context} context @param {AppState} state @param {Page} page @returns {number} Where it ends. */
function drawHead(context, state, page) {
  const below = drawTitle(context, state, page, 0);
  return drawRuns(context, state, page, below) + PADDING / 2;
}

/**
 * @param {Context} context
 * @param {AppState} state
 * @param {Caption[]} said
 * @param {Page} page
 * @param {number} top
 * @returns {number} Where it ends.
 */
function drawFoot(context, state, said, page, top) {
  const below = drawColours(context, state, page, top + PADDING / 2);
  return drawWords(context, said.map(lineOf), page, below) + PADDING / 2;
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
