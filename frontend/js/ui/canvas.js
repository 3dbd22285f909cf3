/** A canvas that fills its host, and the few marks that are drawn on it. */

import { levelSegments } from "../plot/scalar-field.js";

/** @import { Grid } from "../plot/scalar-field.js" */

/** @typedef {CanvasRenderingContext2D} Context */
/** @typedef {[number, number]} Point */
/** @typedef {{color: string, width: number, alpha?: number, dash?: number[]}} Style */

/** Around what is drawn on a picture of any colour. */
const RIM = "rgba(10,12,16,0.8)";

/**
 * @typedef {object} Ink            The theme's tints, read from the page's custom properties.
 * @property {string} background
 * @property {string} panel
 * @property {string} line
 * @property {string} text
 * @property {string} quiet
 * @property {string} font
 * @property {number} scale         Of letters, marks and paths: above one where they are looked at from afar.
 */

/** @param {HTMLElement} element @returns {Ink} */
export function inkOf(element) {
  const style = getComputedStyle(element);
  const read = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  return {
    background: read("--background"),
    panel: read("--panel"),
    line: read("--line"),
    text: read("--text"),
    quiet: read("--text-quiet"),
    font: read("--font") || "sans-serif",
    scale: Number(read("--letters")) || 1,
  };
}

/** Pixels of a canvas for one of the page; null: as many as the screen has. */
let ratioAsked = /** @type {number|null} */ (null);

/**
 * Does what paints canvases, each pixel of the page as so many of theirs: for a picture larger than the screen.
 * @template T
 * @param {number} ratio
 * @param {() => T} paint
 * @returns {T}
 */
export function atRatio(ratio, paint) {
  ratioAsked = ratio;
  try {
    return paint();
  } finally {
    ratioAsked = null;
  }
}

/** Gives the context that draws in place of a canvas’ own; null: each canvas draws on itself. */
let standIn = /** @type {((canvas: HTMLCanvasElement) => Context)|null} */ (null);

/**
 * Does what paints canvases, and has something else draw what they would have shown.
 * @param {(canvas: HTMLCanvasElement) => Context} contextOf
 * @param {() => void} paint
 */
export function drawnElsewhere(contextOf, paint) {
  standIn = contextOf;
  try {
    paint();
  } finally {
    standIn = null;
  }
}

/** @param {HTMLElement} host @param {string} className */
export function createCanvas(host, className) {
  const canvas = document.createElement("canvas");
  canvas.className = className;
  canvas.setAttribute("aria-hidden", "true");
  host.append(canvas);
  // Rastered on the processor: a software GPU takes four times as long for hundreds of short, dashed, half-clear strokes.
  const own = /** @type {Context} */ (canvas.getContext("2d", { willReadFrequently: true }));

  return {
    canvas,
    /** Clears it, at the host's present size, and gives the context in CSS pixels. */
    begin() {
      const context = standIn ? standIn(canvas) : own;
      const { clientWidth: width, clientHeight: height } = host;
      const ratio = ratioAsked ?? (window.devicePixelRatio || 1);
      const [wide, tall] = [Math.round(width * ratio), Math.round(height * ratio)];
      if (!standIn && (canvas.width !== wide || canvas.height !== tall)) {
        canvas.width = wide;
        canvas.height = tall;
      }
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.clearRect(0, 0, width, height);
      context.lineCap = "round";
      context.lineJoin = "round";
      return context;
    },
  };
}

/** @param {Context} context @param {Point[]} points @param {Style} style */
export function strokeLine(context, points, { color, width, alpha = 1, dash = [] }) {
  context.globalAlpha = alpha;
  context.strokeStyle = color;
  context.lineWidth = width;
  context.setLineDash(dash);
  trace(context, points);
  context.stroke();
  context.setLineDash([]);
  context.globalAlpha = 1;
}

/**
 * Lines over a wider casing under all of them, so that they show on any colour.
 * @param {Context} context
 * @param {Point[][]} lines
 * @param {Style} casing
 * @param {Style} style
 */
export function strokeCased(context, lines, casing, style) {
  for (const one of [casing, style]) for (const line of lines) strokeLine(context, line, one);
}

/** The points x, y, x, y … @param {...number} xy */
export const polyline = (...xy) =>
  Array.from({ length: xy.length / 2 }, (_, k) => /** @type {Point} */ ([xy[2 * k], xy[2 * k + 1]]));

/** Begins a path through points. @param {Context} context @param {Point[]} points */
export function trace(context, points) {
  context.beginPath();
  points.forEach(([x, y], k) => (k === 0 ? context.moveTo(x, y) : context.lineTo(x, y)));
}

/**
 * Fills the path that was begun, with a rim around it.
 * @param {Context} context
 * @param {string} color
 * @param {string} [rim]
 * @param {number} [width]
 */
export function fillRimmed(context, color, rim = RIM, width = 1.5) {
  context.fillStyle = color;
  context.strokeStyle = rim;
  context.lineWidth = width;
  context.fill();
  context.stroke();
}

/**
 * Strokes where a grid over a place has a level.
 * @param {Context} context
 * @param {Grid} grid
 * @param {number[]} levels
 * @param {{left?: number, top?: number, width: number, height: number}} place
 * @param {Style} style
 */
export function strokeLevels(context, grid, levels, { left = 0, top = 0, width, height }, style) {
  const [scaleX, scaleY] = [width / (grid.width - 1), height / (grid.height - 1)];
  context.globalAlpha = style.alpha ?? 1;
  context.strokeStyle = style.color;
  context.lineWidth = style.width;
  context.beginPath();
  for (const [x0, y0, x1, y1] of levels.flatMap((level) => levelSegments(grid, level))) {
    context.moveTo(left + x0 * scaleX, top + height - y0 * scaleY);
    context.lineTo(left + x1 * scaleX, top + height - y1 * scaleY);
  }
  context.stroke();
  context.globalAlpha = 1;
}

/**
 * A run's ball: solid where one sees it, a ring where the surface hides it; its halo shows either way.
 * @param {Context} context
 * @param {Point} at
 * @param {{color: string, radius: number, hidden: boolean}} style
 */
export function drawBall(context, [x, y], { color, radius, hidden }) {
  const glow = context.createRadialGradient(x, y, radius * 0.8, x, y, radius * 2.4);
  glow.addColorStop(0, color);
  glow.addColorStop(1, "rgba(0,0,0,0)");
  context.globalAlpha = 0.42;
  context.fillStyle = glow;
  disc(context, x, y, radius * 2.4);
  context.fill();
  context.globalAlpha = hidden ? 0.4 : 1;
  context.fillStyle = color;
  disc(context, x, y, radius);
  context.fill();
  context.globalAlpha = 1;
  if (!hidden) shine(context, x, y, radius);
  context.lineWidth = hidden ? 3.5 : 1.5;
  context.strokeStyle = RIM;
  disc(context, x, y, radius);
  context.stroke();
  if (!hidden) return;
  context.lineWidth = 1.75;
  context.strokeStyle = color;
  context.stroke();
}

/** @param {Context} context @param {number} x @param {number} y @param {number} radius */
function shine(context, x, y, radius) {
  const light = context.createRadialGradient(x - radius * 0.35, y - radius * 0.4, 0, x, y, radius);
  light.addColorStop(0, "rgba(255,255,255,0.75)");
  light.addColorStop(0.45, "rgba(255,255,255,0.1)");
  light.addColorStop(1, "rgba(0,0,0,0.28)");
  context.fillStyle = light;
  disc(context, x, y, radius);
  context.fill();
}

/** @param {Context} context @param {number} x @param {number} y @param {number} radius */
export function disc(context, x, y, radius) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
}

/** @param {Context} context @param {Point} at @param {number} radius @param {string} color */
export function drawRing(context, [x, y], radius, color) {
  disc(context, x, y, radius);
  context.lineWidth = 4;
  context.strokeStyle = "rgba(10,12,16,0.7)";
  context.stroke();
  context.lineWidth = 1.75;
  context.strokeStyle = color;
  context.stroke();
}

/**
 * An arrow head at a point, pointing along a direction in pixels.
 * @param {Context} context
 * @param {Point} at
 * @param {Point} toward
 * @param {string} color
 */
export function drawArrow(context, [x, y], [dx, dy], color) {
  const norm = Math.hypot(dx, dy) || 1;
  const [ux, uy] = [dx / norm, dy / norm];
  const corner = (/** @type {number} */ along, /** @type {number} */ aside) =>
    /** @type {Point} */ ([x + along * ux - aside * uy, y + along * uy + aside * ux]);
  trace(context, [corner(9, 0), corner(-4, 6), corner(-1, 0), corner(-4, -6)]);
  context.closePath();
  context.fillStyle = color;
  context.strokeStyle = RIM;
  context.lineWidth = 1.5;
  context.stroke();
  context.fill();
}
