/** The data plane: what the network answers everywhere, its lines, and the examples on it. */

import { clamp } from "../document/controls.js";
import { between, classColor, exampleColor, pixels, TWO_CLASSES, VALUE_COLOR } from "../plot/scalar-field.js";
import { linearTicks } from "../plot/ticks.js";
import { createCanvas, disc, fillRimmed, inkOf, strokeLevels, strokeLine } from "./canvas.js";

/** @import { Answers } from "../plot/answers.js" */
/** @import { Grid, Rgb } from "../plot/scalar-field.js" */
/** @import { Ink } from "./canvas.js" */

const MARGIN = { left: 34, right: 8, top: 8, bottom: 24 };

/**
 * @typedef {{x: number, from: number, to: number, color: string, width: number}} Upright   A stroke at one input, from one value to another.
 */

/** @param {HTMLElement} host */
export function createDataPlane(host) {
  const surface = createCanvas(host, "data-plane");
  const tile = document.createElement("canvas");

  return {
    /** @param {Answers} answers @param {"light"|"dark"} theme @param {Upright[]} [uprights]   Under the examples. */
    draw(answers, theme, uprights = []) {
      const context = surface.begin();
      const ink = inkOf(host);
      const place = placement(host, answers.window);
      context.save();
      context.beginPath();
      context.rect(place.left, place.top, place.width, place.height);
      context.clip();
      paintField(context, tile, place, answers, theme);
      const line = theme === "dark" ? "#ffffff" : "#16181d";
      for (const hyperplane of answers.lines) drawHyperplane(context, place, hyperplane, line);
      if (answers.grid)
        strokeLevels(context, answers.grid, [answers.level], place, { color: line, width: 2.5 });
      if (answers.curve) drawCurve(context, place, answers.curve, ink.text);
      for (const { x, from, to, color, width } of uprights)
        strokeLine(
          context,
          [
            [place.x(x), place.y(from)],
            [place.x(x), place.y(to)],
          ],
          { color, width },
        );
      drawPoints(context, place, answers);
      context.restore();
      drawAxes(context, place, answers.window, ink);
    },
  };
}

/** @typedef {ReturnType<typeof placement>} Place */

/** @param {HTMLElement} host @param {Answers["window"]} window */
export function placement(host, [[x0, x1], [y0, y1]]) {
  const left = MARGIN.left;
  const top = MARGIN.top;
  const width = Math.max(1, host.clientWidth - left - MARGIN.right);
  const height = Math.max(1, host.clientHeight - top - MARGIN.bottom);
  return {
    left,
    top,
    width,
    height,
    x: (/** @type {number} */ value) => left + ((value - x0) / (x1 - x0)) * width,
    y: (/** @type {number} */ value) => top + height - ((value - y0) / (y1 - y0)) * height,
    /** The point of the window nearest to a pixel. @param {number} px @param {number} py @returns {[number, number]} */
    at: (px, py) => [
      x0 + clamp((px - left) / width, 0, 1) * (x1 - x0),
      y0 + clamp((top + height - py) / height, 0, 1) * (y1 - y0),
    ],
    window: /** @type {Answers["window"]} */ ([
      [x0, x1],
      [y0, y1],
    ]),
  };
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {HTMLCanvasElement} tile
 * @param {Place} place
 * @param {Answers} answers
 * @param {"light"|"dark"} theme
 */
function paintField(context, tile, place, { grid, winners }, theme) {
  const shape = grid ?? winners;
  if (!shape) return;
  tile.width = shape.width;
  tile.height = shape.height;
  const size = { ...shape, values: [] };
  const colorAt = grid
    ? fieldColor(grid, theme)
    : winnerColor(/** @type {NonNullable<Answers["winners"]>} */ (winners), theme);
  tile.getContext("2d")?.putImageData(new ImageData(pixels(size, colorAt), shape.width, shape.height), 0, 0);
  context.imageSmoothingEnabled = true;
  // The grid's outer points lie on the window's edges: half a cell of the picture lies outside.
  const cellX = place.width / (shape.width - 1);
  const cellY = place.height / (shape.height - 1);
  context.drawImage(
    tile,
    place.left - cellX / 2,
    place.top - cellY / 2,
    place.width + cellX,
    place.height + cellY,
  );
}

/** @param {Grid} grid @param {"light"|"dark"} theme */
const fieldColor = (grid, theme) => (/** @type {number} */ index) =>
  between(TWO_CLASSES[theme], grid.values[index]);

/** @param {NonNullable<Answers["winners"]>} winners @param {"light"|"dark"} theme */
function winnerColor({ winner, sure }, theme) {
  const background = theme === "dark" ? 14 : 246;
  const strength = theme === "dark" ? 0.5 : 0.45;
  return (/** @type {number} */ index) => {
    const share = strength * Math.min(1, sure[index]);
    return /** @type {Rgb} */ (
      classColor(winner[index]).map((value) => Math.round(background + share * (value - background)))
    );
  };
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Place} place
 * @param {[number, number, number]} hyperplane
 * @param {string} color
 */
function drawHyperplane(context, place, [w1, w2, b], color) {
  const [[x0, x1], [y0, y1]] = place.window;
  const steep = Math.abs(w1) > Math.abs(w2);
  if (w1 === 0 && w2 === 0) return;
  /** @type {[number, number][]} */
  const ends = steep
    ? [y0, y1].map((y) => [place.x(-(w2 * y + b) / w1), place.y(y)])
    : [x0, x1].map((x) => [place.x(x), place.y(-(w1 * x + b) / w2)]);
  strokeLine(context, ends, { color, width: 1, alpha: 0.4 });
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Place} place
 * @param {{x: ArrayLike<number>, y: ArrayLike<number>}} curve
 * @param {string} color
 */
function drawCurve(context, place, { x, y }, color) {
  const points = Array.from(
    x,
    (value, k) => /** @type {[number, number]} */ ([place.x(value), place.y(y[k])]),
  );
  strokeLine(context, points, { color, width: 2.5 });
}

/** @param {CanvasRenderingContext2D} context @param {Place} place @param {Answers} answers */
function drawPoints(context, place, { points: { x, y, label }, kind, winners }) {
  for (let k = 0; k < x.length; k += 1) {
    const fill = kind === "values" ? VALUE_COLOR : exampleColor(label[k], winners !== null);
    mark(context, place.x(x[k]), place.y(y[k]), kind === "classes" && label[k] % 2 === 1);
    fillRimmed(context, fill, "rgba(10,12,16,0.75)", 1.25);
  }
}

/**
 * Classes differ in shape as well as in colour: a disc, and a diamond for odd labels.
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} y
 * @param {boolean} diamond
 */
function mark(context, x, y, diamond) {
  if (!diamond) {
    disc(context, x, y, 3);
    return;
  }
  context.beginPath();
  context.moveTo(x, y - 4);
  context.lineTo(x + 4, y);
  context.lineTo(x, y + 4);
  context.lineTo(x - 4, y);
  context.closePath();
}

/** @param {CanvasRenderingContext2D} context @param {Place} place @param {Answers["window"]} window @param {Ink} ink */
function drawAxes(context, place, [[x0, x1], [y0, y1]], ink) {
  context.fillStyle = ink.quiet;
  context.font = `${11 * ink.scale}px ${ink.font}`;
  context.textAlign = "center";
  context.textBaseline = "top";
  for (const { at, text } of linearTicks(x0, x1, 4))
    context.fillText(text, place.x(at), place.top + place.height + 6);
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const { at, text } of linearTicks(y0, y1, 4)) context.fillText(text, place.left - 6, place.y(at));
  context.strokeStyle = ink.line;
  context.lineWidth = 1;
  context.strokeRect(place.left + 0.5, place.top + 0.5, place.width - 1, place.height - 1);
}
