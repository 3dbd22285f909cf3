/** A close look at the surface around a point, with arrows from it: gradient, steps, Newton's. */

import { VIRIDIS } from "../plot/figure.js";
import { pixels } from "../plot/scalar-field.js";
import { createCanvas, disc, drawArrow, fillRimmed, strokeCased, strokeLevels } from "./canvas.js";
import { h } from "./dom.js";

/** @import { Extent, Pair } from "../document/types.js" */
/** @import { Grid, Rgb } from "../plot/scalar-field.js" */

/**
 * @typedef {object} SampledSurface
 * @property {ArrayLike<number>} a
 * @property {ArrayLike<number>} b
 * @property {ArrayLike<number>} cost   [row of b][column of a]
 */

/** @typedef {{along: Pair, color: string, width?: number}} Vector */
/** @typedef {{surface: SampledSurface, extent: Extent, at: Pair, vectors: Vector[], range?: Pair}} Shown */

/** Height over width of the picture. */
export const ASPECT = 0.62;
const RGB = VIRIDIS.map(
  (color) => /** @type {Rgb} */ ([1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16))),
);
/** Points along the longer side of what is painted, and level lines over it. */
const FINENESS = 72;
const LEVELS = 9;

/** @param {string} label */
export function createVectors(label) {
  const el = h("div", { class: "vectors", role: "img", "aria-label": label });
  const { begin } = createCanvas(el, "plot-canvas");
  const tile = document.createElement("canvas");
  let shown = /** @type {Shown|null} */ (null);
  new ResizeObserver(draw).observe(el);

  function draw() {
    if (!shown || el.clientWidth === 0) return;
    const {
      surface,
      extent: [[a0, a1], [b0, b1]],
      at,
      vectors,
    } = shown;
    const context = begin();
    const [width, height] = [el.clientWidth, el.clientHeight];
    const place = (/** @type {Pair} */ [a, b]) =>
      /** @type {Pair} */ ([((a - a0) / (a1 - a0)) * width, (1 - (b - b0) / (b1 - b0)) * height]);
    const grid = sampled(surface, shown.extent, FINENESS, Math.round((FINENESS * height) / width));
    const range = shown.range ?? rangeOfSurface(grid.values);
    paint(grid, range);
    context.imageSmoothingEnabled = true;
    context.drawImage(tile, 0, 0, width, height);
    const levels = Array.from(
      { length: LEVELS },
      (_, k) => range[0] + ((range[1] - range[0]) * (k + 1)) / (LEVELS + 1),
    );
    strokeLevels(context, grid, levels, { width, height }, { color: "rgba(255,255,255,0.35)", width: 1 });
    for (const { along, color, width: wide = 2.5 } of vectors) {
      const stroke = color.startsWith("--") ? getComputedStyle(el).getPropertyValue(color).trim() : color;
      const [from, to] = [place(at), place([at[0] + along[0], at[1] + along[1]])];
      const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
      if (!(length > 1)) continue;
      strokeCased(
        context,
        [[from, to]],
        { color: "rgba(10,12,16,0.8)", width: wide + 2 },
        { color: stroke, width: wide },
      );
      drawArrow(context, to, [to[0] - from[0], to[1] - from[1]], stroke);
    }
    disc(context, ...place(at), 4);
    fillRimmed(context, "#ffffff");
  }

  /** @param {Grid} grid @param {Pair} range */
  function paint({ values, width, height }, [low, high]) {
    Object.assign(tile, { width, height });
    const rgba = pixels({ values, width, height }, (k) => colorOf((values[k] - low) / (high - low || 1)));
    for (let row = 0; row < height; row += 1) {
      for (let column = 0; column < width; column += 1) {
        if (!Number.isFinite(values[row * width + column]))
          rgba[4 * ((height - 1 - row) * width + column) + 3] = 0;
      }
    }
    tile
      .getContext("2d", { willReadFrequently: true })
      ?.putImageData(new ImageData(rgba, width, height), 0, 0);
  }

  return {
    el,
    draw,
    /** @param {Shown} next */
    show(next) {
      shown = next;
      draw();
    },
  };
}

/** @param {number} share @returns {Rgb} */
function colorOf(share) {
  const at = Math.max(0, Math.min(1, share || 0)) * (RGB.length - 1);
  const from = Math.min(RGB.length - 2, Math.floor(at));
  return /** @type {Rgb} */ (
    RGB[from].map((value, k) => Math.round(value + (at - from) * (RGB[from + 1][k] - value)))
  );
}

/**
 * The surface on a finer grid of a part of it; NaN beyond.
 * @param {SampledSurface} surface
 * @param {Extent} extent
 * @param {number} width
 * @param {number} height
 */
function sampled({ a, b, cost }, [[a0, a1], [b0, b1]], width, height) {
  const values = new Float64Array(width * height);
  const place = (/** @type {ArrayLike<number>} */ axis, /** @type {number} */ value) =>
    ((value - axis[0]) / (axis[axis.length - 1] - axis[0])) * (axis.length - 1);
  for (let row = 0; row < height; row += 1) {
    const v = place(b, b0 + ((b1 - b0) * (row + 0.5)) / height);
    for (let column = 0; column < width; column += 1) {
      const u = place(a, a0 + ((a1 - a0) * (column + 0.5)) / width);
      values[row * width + column] = bilinear(cost, a.length, b.length, u, v);
    }
  }
  return { values, width, height };
}

/** @param {ArrayLike<number>} cost @param {number} columns @param {number} rows @param {number} u @param {number} v */
function bilinear(cost, columns, rows, u, v) {
  if (u < 0 || v < 0 || u > columns - 1 || v > rows - 1) return NaN;
  const [j, i] = [Math.min(columns - 2, Math.floor(u)), Math.min(rows - 2, Math.floor(v))];
  const [s, t] = [u - j, v - i];
  const at = i * columns + j;
  return (
    (1 - t) * ((1 - s) * cost[at] + s * cost[at + 1]) +
    t * ((1 - s) * cost[at + columns] + s * cost[at + columns + 1])
  );
}

/** The least and the greatest finite height. @param {ArrayLike<number>} cost @returns {Pair} */
export function rangeOfSurface(cost) {
  let [low, high] = [Infinity, -Infinity];
  for (let k = 0; k < cost.length; k += 1) {
    if (!Number.isFinite(cost[k])) continue;
    low = Math.min(low, cost[k]);
    high = Math.max(high, cost[k]);
  }
  return [low, high];
}
