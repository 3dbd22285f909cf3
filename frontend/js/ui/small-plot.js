/** A small plot of a few curves on one canvas: axes, ticks, a cursor, and clicks that say where. */

import { linearTicks } from "../plot/ticks.js";
import { createCanvas, inkOf, strokeLine, trace } from "./canvas.js";
import { h } from "./dom.js";

/** @import { Pair } from "../document/types.js" */
/** @import { Tick } from "../plot/ticks.js" */
/** @import { Ink, Point } from "./canvas.js" */

/**
 * @typedef {object} Curve
 * @property {ArrayLike<number>} x
 * @property {ArrayLike<number>} y
 * @property {string} color          A colour, or the name of a custom property.
 * @property {number} [width]
 * @property {number[]} [dash]
 * @property {boolean} [dots]        A dot on every point, at least two pixels in radius and as the line is wide.
 * @property {boolean} [steps]       Level up to the next point.
 * @property {boolean} [filled]      Shaded down to the axis.
 */

/**
 * @typedef {object} Plotted
 * @property {Curve[]} curves
 * @property {Pair} [x]              Ends of the axes; fitted to the curves without.
 * @property {Pair} [y]
 * @property {Tick[]} [xTicks]
 * @property {Tick[]} [yTicks]
 * @property {boolean} [noY]         No numbers up the side.
 * @property {string} title          Under the axis.
 * @property {number|null} [cursor]
 * @property {number[]} [rules]      Upright lines.
 * @property {Float64Array|number[]} [rug]   Short strokes on the axis.
 * @property {boolean} [level]       A line at zero.
 */

const MARGIN = { left: 46, right: 10, top: 8, bottom: 34 };
/** Between two numbers on the axis, in pixels: a number without so much room is left out. */
const TICK_GAP = 5;

/** @param {string} className @param {{label: string, pick?: (x: number) => void}} options */
export function createPlot(className, { label, pick }) {
  const host = h("div", { class: `plot-small ${className}`, role: "img", "aria-label": label });
  const { canvas, begin } = createCanvas(host, "plot-canvas");
  let shown = /** @type {Plotted|null} */ (null);
  let axes = { x: /** @type {Pair} */ ([0, 1]), y: /** @type {Pair} */ ([0, 1]) };
  new ResizeObserver(draw).observe(host);
  if (pick) {
    host.classList.add("pickable");
    canvas.addEventListener("click", (event) => shown && pick(valueUnder(event)));
  }

  /** @param {MouseEvent} event */
  function valueUnder(event) {
    const { left, width } = canvas.getBoundingClientRect();
    const share = (event.clientX - left - MARGIN.left) / (width - MARGIN.left - MARGIN.right);
    return axes.x[0] + Math.max(0, Math.min(1, share)) * (axes.x[1] - axes.x[0]);
  }

  /** @param {Plotted} plotted */
  function show(plotted) {
    shown = plotted;
    draw();
  }

  function draw() {
    if (!shown || host.clientWidth === 0) return;
    axes = {
      x:
        shown.x ??
        rangeOf(
          shown.curves.map(({ x }) => x),
          0,
        ),
      y:
        shown.y ??
        rangeOf(
          shown.curves.map(({ y }) => y),
          0.06,
        ),
    };
    const ink = inkOf(host);
    const context = begin();
    const place = placing(axes, host);
    drawAxes(context, shown, axes, place, ink, host);
    for (const curve of shown.curves) drawCurve(context, curve, place, host);
    const { cursor = null } = shown;
    if (cursor !== null)
      strokeLine(context, [place(cursor, axes.y[0]), place(cursor, axes.y[1])], {
        color: ink.text,
        width: 1.25,
        dash: [3, 3],
      });
  }

  return { el: host, show, draw };
}

/** @param {{x: Pair, y: Pair}} axes @param {HTMLElement} host */
function placing({ x, y }, { clientWidth, clientHeight }) {
  const wide = clientWidth - MARGIN.left - MARGIN.right;
  const tall = clientHeight - MARGIN.top - MARGIN.bottom;
  return (/** @type {number} */ u, /** @type {number} */ v) =>
    /** @type {Point} */ ([
      MARGIN.left + (wide * (u - x[0])) / (x[1] - x[0] || 1),
      MARGIN.top + tall * (1 - (v - y[0]) / (y[1] - y[0] || 1)),
    ]);
}

/** @param {ArrayLike<number>[]} lists @param {number} room @returns {Pair} */
export function rangeOf(lists, room) {
  let low = Infinity;
  let high = -Infinity;
  for (const list of lists) {
    for (let k = 0; k < list.length; k += 1) {
      if (!Number.isFinite(list[k])) continue;
      low = Math.min(low, list[k]);
      high = Math.max(high, list[k]);
    }
  }
  if (!(high >= low)) return [0, 1];
  const span = high - low || Math.abs(high) || 1;
  return [low - room * span, high + room * span];
}

/**
 * @param {CanvasRenderingContext2D} context @param {Plotted} plotted @param {{x: Pair, y: Pair}} axes
 * @param {ReturnType<typeof placing>} place @param {Ink} ink @param {HTMLElement} host
 */
function drawAxes(context, plotted, { x, y }, place, ink, host) {
  context.font = `${11 * ink.scale}px ${ink.font}`;
  context.fillStyle = ink.quiet;
  context.textBaseline = "middle";
  context.textAlign = "right";
  for (const { at, text } of plotted.noY ? [] : (plotted.yTicks ?? linearTicks(y[0], y[1], 4))) {
    const [left, top] = place(x[0], at);
    strokeLine(context, [[left, top], place(x[1], at)], { color: ink.line, width: 1 });
    context.fillText(text, left - 6, top, left - 7);
  }
  if (plotted.level && y[0] < 0 && y[1] > 0)
    strokeLine(context, [place(x[0], 0), place(x[1], 0)], { color: ink.quiet, width: 1, alpha: 0.7 });
  strokeLine(context, [place(x[0], y[0]), place(x[1], y[0])], { color: ink.line, width: 1 });
  context.textAlign = "center";
  context.textBaseline = "top";
  let free = -Infinity;
  for (const { at, text } of plotted.xTicks ?? linearTicks(x[0], x[1], 5)) {
    const [left, top] = place(at, y[0]);
    strokeLine(
      context,
      [
        [left, top],
        [left, top + 4],
      ],
      { color: ink.line, width: 1 },
    );
    const half = context.measureText(text).width / 2;
    if (left - half < free) continue;
    context.fillText(text, left, top + 6);
    free = left + half + TICK_GAP;
  }
  context.fillText(plotted.title, (place(x[0], 0)[0] + place(x[1], 0)[0]) / 2, host.clientHeight - 13);
  for (const at of plotted.rules ?? [])
    strokeLine(context, [place(at, y[0]), place(at, y[1])], { color: ink.quiet, width: 1, alpha: 0.6 });
  for (const at of plotted.rug ?? []) {
    const [left, top] = place(at, y[0]);
    strokeLine(
      context,
      [
        [left, top],
        [left, top - 7],
      ],
      { color: ink.text, width: 1, alpha: 0.55 },
    );
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Curve} curve
 * @param {ReturnType<typeof placing>} place
 * @param {HTMLElement} host
 */
function drawCurve(
  context,
  { x, y, color, width = 1.75, dash = [], dots = false, steps = false, filled = false },
  place,
  host,
) {
  const stroke = color.startsWith("--") ? getComputedStyle(host).getPropertyValue(color).trim() : color;
  for (const points of stretches(x, y, steps, place)) {
    if (filled) fillUnder(context, points, place(0, 0)[1], stroke);
    strokeLine(context, points, { color: stroke, width, dash });
  }
  if (!dots) return;
  context.fillStyle = stroke;
  for (let k = 0; k < x.length; k += 1) {
    const [left, top] = place(x[k], y[k]);
    context.beginPath();
    context.arc(left, top, Math.max(2, width), 0, 2 * Math.PI);
    context.fill();
  }
}

/**
 * The parts of a curve without gaps.
 * @param {ArrayLike<number>} x
 * @param {ArrayLike<number>} y
 * @param {boolean} steps
 * @param {ReturnType<typeof placing>} place
 */
function stretches(x, y, steps, place) {
  /** @type {Point[][]} */
  const found = [];
  for (let k = 0; k < x.length; k += 1) {
    if (!Number.isFinite(y[k])) continue;
    const joined = k > 0 && Number.isFinite(y[k - 1]);
    if (!joined) found.push([]);
    const points = found[found.length - 1];
    if (steps && joined) points.push(place(x[k], y[k - 1]));
    points.push(place(x[k], y[k]));
  }
  return found;
}

/** @param {CanvasRenderingContext2D} context @param {Point[]} points @param {number} floor @param {string} color */
function fillUnder(context, points, floor, color) {
  trace(context, [...points, [points[points.length - 1][0], floor], [points[0][0], floor]]);
  context.closePath();
  context.globalAlpha = 0.18;
  context.fillStyle = color;
  context.fill();
  context.globalAlpha = 1;
}
