/** The stage as it stands, as a PNG, with what the strip says of it below: a picture should not travel without it. */

import { lineOf } from "../plot/captions.js";
import { inkOf } from "../ui/canvas.js";
import { plotImage } from "../ui/plotly.js";

const PADDING = 16;
const LINE = 20;

/**
 * @param {HTMLElement} stage
 * @param {import("../document/types.js").Truth[]} said
 * @returns {Promise<Blob>}
 */
export async function snapshot(stage, said) {
  const scale = Math.max(2, window.devicePixelRatio || 1);
  const words = said.map(lineOf);
  const { width, height } = stage.getBoundingClientRect();
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round((height + words.length * LINE + 2 * PADDING) * scale);
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.scale(scale, scale);
  const ink = inkOf(stage);
  context.fillStyle = ink.ground;
  context.fillRect(0, 0, canvas.width, canvas.height);
  await drawStage(context, stage, scale);
  drawWords(context, words, height + PADDING, ink);
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("The browser made no picture.")))),
  );
}

/** Graphs and the layers over them, in the order in which they lie. @param {CanvasRenderingContext2D} context @param {HTMLElement} stage @param {number} scale */
async function drawStage(context, stage, scale) {
  const origin = stage.getBoundingClientRect();
  const layers = [...stage.querySelectorAll(".js-plotly-plot, canvas")].filter(
    (layer) => layer.parentElement?.closest(".js-plotly-plot") === null,
  );
  for (const layer of layers) {
    const { left, top, width, height } = layer.getBoundingClientRect();
    if (
      width === 0 ||
      height === 0 ||
      !layer.checkVisibility({ visibilityProperty: true, opacityProperty: true })
    )
      continue;
    const image =
      layer instanceof HTMLCanvasElement
        ? layer
        : await graphImage(/** @type {HTMLElement} */ (layer), width, height, scale);
    context.drawImage(image, left - origin.left, top - origin.top, width, height);
  }
}

/** @param {HTMLElement} graph @param {number} width @param {number} height @param {number} scale */
async function graphImage(graph, width, height, scale) {
  const image = new Image();
  image.src = await plotImage(graph, {
    format: "png",
    width,
    height,
    scale,
  });
  await image.decode();
  return image;
}

/** @param {CanvasRenderingContext2D} context @param {string[]} words @param {number} top @param {import("../ui/canvas.js").Ink} ink */
function drawWords(context, words, top, ink) {
  context.fillStyle = ink.text;
  context.font = `13px ${ink.font}`;
  context.textBaseline = "top";
  words.forEach((line, k) => context.fillText(line, PADDING, top + k * LINE));
}
