/** What floats above the surface: paths with their hidden parts, balls, marks, and labels that cover nothing. */

import { MODEL_COLOR } from "../plot/figure.js";
import { around as discRect, placeLabels } from "../plot/labels.js";
import {
  disc,
  drawArrow,
  drawBall,
  drawRing,
  fillRimmed,
  polyline,
  strokeCased,
  strokeLine,
  trace,
} from "../ui/canvas.js";
import { drawStepArrows } from "./arrow-pen.js";

/** @import { Rect } from "../plot/labels.js" */
/** @import { Context, Ink, Point } from "../ui/canvas.js" */
/** @import { Overlay, OverlayMark, OverlayRun } from "./overlay-model.js" */

const BALL = 7;
const LIFTED_BALL = 8.5;
/** Pixels around a label's text, both sides together. */
const LABEL_PADDING = 12;
const CASING = "rgba(10,12,16,0.5)";
const SHADE = 0.32;
const DARK = "rgba(10,12,16,0.8)";
const DARKER = "rgba(10,12,16,0.85)";

const DIAMOND = polyline(0, -7, 7, 0, 0, 7, -7, 0, 0, -7);
/** A saddle is a cross, a maximum a square, a degenerate point a diamond. */
const CRITICAL = /** @type {Record<string, Point[][]>} */ ({
  saddle: [polyline(-5, -5, 5, 5), polyline(-5, 5, 5, -5)],
  maximum: [polyline(-5, -5, 5, -5, 5, 5, -5, 5, -5, -5)],
  degenerate: [DIAMOND],
});
/** The lowest point of the surface. */
const LOWEST = polyline(0, 5.5, -5.5, -3.5, 5.5, -3.5);

/** A pen for one canvas; it remembers where labels were, so that they stay put while they can. */
export function createPen() {
  /** @type {Map<string, number>} */
  let spots = new Map();

  return {
    /** @param {Context} context @param {Overlay} overlay */
    draw(context, overlay) {
      const ordered = liftedLast(overlay);
      const { scale } = overlay.ink;
      for (const run of ordered)
        drawPath(context, run, fade(run, overlay.lifted), scale * (run.index === overlay.lifted ? 1.5 : 1));
      for (const run of ordered) drawDrop(context, run, fade(run, overlay.lifted), scale);
      for (const mark of overlay.marks) drawMark(context, mark, scale);
      drawStepArrows(context, overlay.arrows, scale);
      for (const run of ordered) drawEnd(context, run, overlay.lifted, scale);
      spots = drawLabels(context, overlay, spots);
    },
  };
}

/** @param {Overlay} overlay */
function liftedLast({ runs, lifted }) {
  return [...runs].sort((p, q) => Number(p.index === lifted) - Number(q.index === lifted));
}

/** @param {OverlayRun} run @param {number|null} lifted */
const fade = (run, lifted) => (lifted === null || lifted === run.index ? 1 : SHADE);

/** @param {Context} context @param {OverlayRun} run @param {number} alpha @param {number} bold  How many times as thick. */
function drawPath(context, run, alpha, bold) {
  const { walked, hidden, ahead } = pieces(run);
  const width = 3 * bold;
  for (const line of ahead)
    strokeLine(context, line, { color: run.color, width: width / 2, alpha: 0.55 * alpha });
  for (const line of hidden)
    strokeLine(context, line, {
      color: run.color,
      width: 2 * bold,
      alpha: 0.8 * alpha,
      dash: [0.5, 5],
    });
  strokeCased(
    context,
    walked,
    { color: CASING, width: width + 2, alpha },
    { color: run.color, width, alpha },
  );
}

/**
 * The path's stretches: walked and in view, walked behind the surface, and still ahead.
 * @param {OverlayRun} run
 */
function pieces({ track, step, ball }) {
  /** @type {Record<"walked"|"hidden"|"ahead", Point[][]>} */
  const lines = { walked: [], hidden: [], ahead: [] };
  let open = /** @type {{kind: "walked"|"hidden"|"ahead", points: Point[]}|null} */ (null);
  const { x, y, at, seen, joined } = track;
  for (let k = 1; k < at.length; k += 1) {
    const past = at[k] <= step;
    const kind = !past
      ? seen[k] && seen[k - 1]
        ? "ahead"
        : null
      : seen[k] && seen[k - 1]
        ? "walked"
        : "hidden";
    if (!joined[k] || kind === null) {
      open = null;
      continue;
    }
    if (open?.kind !== kind) {
      open = { kind, points: [[x[k - 1], y[k - 1]]] };
      lines[kind].push(open.points);
    }
    open.points.push([x[k], y[k]]);
    // A thinned track may skip the very entry at the cursor: the line goes on to the ball.
    if (past && ball && !(at[k + 1] <= step)) open.points.push(ball.at);
  }
  return lines;
}

/** @param {Context} context @param {OverlayRun} run @param {number} alpha @param {number} scale */
function drawDrop(context, { ball, projected, color }, alpha, scale) {
  if (!ball || !projected) return;
  const drop = [[ball.at, projected.at]];
  const casing = { color: CASING, width: 4 * scale, alpha: 0.8 * alpha };
  strokeCased(context, drop, casing, { color, width: 1.75 * scale, alpha });
  context.globalAlpha = alpha;
  context.beginPath();
  context.ellipse(...projected.at, 5 * scale, 2.5 * scale, 0, 0, 2 * Math.PI);
  fillRimmed(context, color, DARK, 1);
  context.globalAlpha = 1;
}

/** @param {Context} context @param {OverlayMark} mark @param {number} scale */
function drawMark(context, { kind, at, seen }, scale) {
  context.globalAlpha = seen ? 1 : 0.55;
  enlarged(context, at, scale, (there) => drawShape(context, kind, there));
  context.globalAlpha = 1;
}

/**
 * Draws at a point, so many times as large.
 * @param {Context} context
 * @param {Point} at
 * @param {number} scale
 * @param {(at: Point) => void} draw
 */
function enlarged(context, at, scale, draw) {
  if (scale === 1) return draw(at);
  context.save();
  context.translate(...at);
  context.scale(scale, scale);
  draw([0, 0]);
  context.restore();
}

/** @param {Context} context @param {string} kind @param {Point} at */
function drawShape(context, kind, at) {
  if (kind === "minimum") drawRing(context, at, 6.5, "#ffffff");
  else if (kind === "place") {
    drawRing(context, at, 9, "#ffffff");
    disc(context, ...at, 2.5);
    fillRimmed(context, "#ffffff", DARKER);
  } else if (kind === "start") {
    disc(context, ...at, 4);
    fillRimmed(context, "#ffffff", DARKER);
  } else if (kind in CRITICAL) {
    const lines = CRITICAL[kind].map((line) => around(line, at));
    strokeCased(context, lines, { color: DARK, width: 4.5 }, { color: "#ffffff", width: 2 });
  } else {
    trace(context, around(kind === "level" ? DIAMOND : LOWEST, at));
    context.closePath();
    if (kind === "level") fillRimmed(context, MODEL_COLOR, "#ffffff", 1.75);
    else fillRimmed(context, "#ffffff", DARKER);
  }
}

/** @param {Point[]} shape @param {Point} at */
const around = (shape, [x, y]) => shape.map(([dx, dy]) => /** @type {Point} */ ([x + dx, y + dy]));

/** @param {Context} context @param {OverlayRun} run @param {number|null} lifted @param {number} scale */
function drawEnd(context, run, lifted, scale) {
  const { index, color, ball, exit } = run;
  context.globalAlpha = fade(run, lifted);
  const look = { color, radius: index === lifted ? LIFTED_BALL : BALL, hidden: ball?.seen === false };
  if (ball) enlarged(context, ball.at, scale, (at) => drawBall(context, at, look));
  if (exit) enlarged(context, exit.at, scale, (at) => drawArrow(context, at, exit.toward, color));
  context.globalAlpha = 1;
}

/**
 * @param {Context} context
 * @param {Overlay} overlay
 * @param {Map<string, number>} before
 * @returns {Map<string, number>}
 */
function drawLabels(context, overlay, before) {
  const { scale, font } = overlay.ink;
  context.font = `${12 * scale}px ${font}`;
  const most = overlay.frame.width - LABEL_PADDING;
  const labels = labelsOf(overlay).map((label) => ({ ...label, text: shortened(context, label.text, most) }));
  const wishes = labels.map(({ id, at: [x, y], radius, text, must }) => ({
    id,
    x,
    y,
    radius: scale * radius,
    width: context.measureText(text).width + LABEL_PADDING,
    height: 20 * scale,
    must,
  }));
  const taken = [...overlay.taken, ...labels.map(({ at: [x, y], radius }) => discRect(x, y, scale * radius))];
  const placed = placeLabels(wishes, taken, overlay.frame, before);
  const labelOf = (/** @type {string} */ id) => /** @type {Label} */ (labels.find((one) => one.id === id));
  for (const { id, rect, far } of placed) if (far) drawLead(context, labelOf(id).at, rect, overlay.ink);
  for (const { id, rect } of placed) drawPill(context, rect, labelOf(id), overlay.ink);
  return new Map(placed.map(({ id, spot }) => [id, spot]));
}

/** The text as far as there is room for it. @param {Context} context @param {string} text @param {number} width */
function shortened(context, text, width) {
  if (context.measureText(text).width <= width) return text;
  let kept = text.length - 1;
  while (kept > 1 && context.measureText(`${text.slice(0, kept)}…`).width > width) kept -= 1;
  return `${text.slice(0, kept).trimEnd()}…`;
}

/** @typedef {{id: string, at: Point, radius: number, text: string, must: boolean, color: string|null}} Label */

/** @param {Overlay} overlay @returns {Label[]} */
function labelsOf({ runs, marks, arrows }) {
  const named = runs.flatMap((run) => {
    const at = run.ball?.at ?? run.exit?.at;
    const text = run.ball ? run.label : run.exit?.text;
    return at && text
      ? [{ id: `run-${run.index}`, at, radius: BALL + 1, text, must: true, color: run.color }]
      : [];
  });
  const marked = marks.map((mark, k) => ({
    id: `${mark.kind}-${k}`,
    at: mark.at,
    radius: 7,
    text: mark.text,
    must: false,
    color: null,
  }));
  const tips = arrows.flatMap(({ kind, tip, text, tag }, k) =>
    tip
      ? [
          {
            id: `arrow-${k}-${text}`,
            at: tip,
            radius: kind === "other" ? 2 : 9,
            text,
            must: tag !== null,
            color: tag,
            other: kind === "other",
          },
        ]
      : [],
  );
  // Steps before directions, and the many others where they find room.
  const pointed = tips.sort(
    (one, two) => Number(two.must) - Number(one.must) || Number(one.other) - Number(two.other),
  );
  return [...named, ...pointed, ...marked];
}

/** @param {Context} context @param {Point} at @param {Rect} rect @param {Ink} ink */
function drawLead(context, [x, y], rect, ink) {
  const end = /** @type {Point} */ ([
    Math.max(rect.x, Math.min(x, rect.x + rect.width)),
    Math.max(rect.y, Math.min(y, rect.y + rect.height)),
  ]);
  const casing = { color: ink.panel, width: 3, alpha: 0.7 };
  strokeCased(context, [[[x, y], end]], casing, { color: ink.text, width: 1, alpha: 0.7 });
}

/** @param {Context} context @param {Rect} rect @param {Label} label @param {Ink} ink */
function drawPill(context, { x, y, width, height }, { text, color }, ink) {
  context.globalAlpha = 0.86;
  context.fillStyle = ink.panel;
  context.beginPath();
  context.roundRect(x, y, width, height, 5);
  context.fill();
  context.globalAlpha = 1;
  if (color) {
    context.fillStyle = color;
    context.beginPath();
    context.roundRect(x, y + 3, 3, height - 6, 1.5);
    context.fill();
  }
  context.fillStyle = color ? ink.text : ink.quiet;
  context.textBaseline = "middle";
  context.textAlign = "left";
  context.fillText(text, x + (color ? 7 : 6), y + height / 2 + 0.5);
}
