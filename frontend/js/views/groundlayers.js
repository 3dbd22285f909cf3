/** Draws the layers over the ground, in 3D and from above alike. */
import { arrowsOf, criticalCurves, tilesOf } from "../ground.js";
import { costAt } from "../terrain.js";
import { joined, levelSegments } from "../field.js";
import { MODEL_COLOR, VIRIDIS, contourLevels } from "../figure.js";
import { modelOf, sampled } from "../model.js";
import { RUN_COLORS } from "../runs.js";
import { looksOf } from "../view.js";
import { strokeLine } from "./canvas.js";

/** @typedef {import("./canvas.js").Context} Context */
/** @typedef {import("./canvas.js").Point} Point */
/** @typedef {import("./shown.js").Space} Space */
/** @typedef {import("../picture.js").Picture} Picture */
/** @typedef {import("../types.js").AppState} AppState */
/** @typedef {import("../types.js").Pair} Pair */

/** Colours of minima: Okabe and Ito's, in an order that keeps neighbours apart. */
const BASINS = [5, 1, 2, 3, 4, 0, 6].map((k) => RUN_COLORS[k]);
/** Lines of the quadratic model: fewer than the ground has, which stays in sight. */
const CONTOURS = 12;
const NOWHERE = "#6b7078";
/** Percent of its colour that a start loses which is as late as can be. */
const LATEST = 65;

/**
 * A pen that remembers where it drew, since most frames move neither the camera nor the ground.
 * @returns {{draw: (context: Context, state: AppState, picture: Picture, space: Space, from: string) => void}}
 */
export function createLayerPen() {
  let drawnModel = { from: "", frame: /** @type {any} */ (null), heights: /** @type {any} */ (null), lines: /** @type {Point[][]} */ ([]) };
  let drawn = { from: "", field: /** @type {any} */ (null), surface: /** @type {any} */ (null), arrows: /** @type {[Point, Point, number][]} */ ([]) };

  return {
    draw(context, state, picture, space, from) {
      const { found, look, live } = state;
      const looks = looksOf(state);
      if (look && look.plane === state.plane?.id) drawLook(context, look.at, picture, space);
      // They belong to the fitted plane and the training cost, not to a ground that travels or is another's.
      if (live) return;
      if (looks.basins !== "none" && found.basins && space.flat) drawTiles(context, tilesOf(found.basins), picture, space);
      if (looks.field && found.field) {
        if (drawn.from !== from || drawn.field !== found.field || drawn.surface !== picture.surface) {
          drawn = { from, field: found.field, surface: picture.surface, arrows: projectArrows(found.field, picture, space) };
        }
        for (const arrow of drawn.arrows) drawSlope(context, arrow);
      }
      const model = space.flat ? modelOf(state) : null;
      if (model) {
        const { frame } = model.quadratic;
        if (drawnModel.from !== from || drawnModel.frame !== frame || drawnModel.heights !== picture.heights) {
          drawnModel = { from, frame, heights: picture.heights, lines: modelLines(sampled(model), picture, space) };
        }
        for (const line of drawnModel.lines) strokeLine(context, line, { color: "rgba(10,12,16,0.35)", width: 2.5 });
        for (const line of drawnModel.lines) strokeLine(context, line, { color: MODEL_COLOR, width: 1.5, dash: [6, 4] });
      }
      if (looks.critical && found.critical) for (const curve of criticalCurves(found.critical)) drawCritical(context, curve, picture, space);
    },
  };
}

/** A place on the plane in shares of the box, on the ground. @param {Pair} at @param {Picture} picture @param {number} [cost] @returns {import("../track.js").Vec} */
export function placeAt([a, b], { box: { low, high }, heights, surface }, cost = costAt(surface, a, b)) {
  const height = Math.min(1, Math.max(0, (heights.of(cost) - low[2]) / (high[2] - low[2])));
  return [(a - low[0]) / (high[0] - low[0]), (b - low[1]) / (high[1] - low[1]), height];
}

/** @param {import("../track.js").Vec} place */
export const within = (place) => place.every((part) => part >= 0 && part <= 1);

/** @param {import("../protocol.js").Frame} frame @param {Picture} picture @param {Space} space @returns {[Point, Point, number][]} */
function projectArrows(frame, picture, space) {
  return arrowsOf(frame).flatMap(({ from, to, share }) => {
    const [tail, head] = [placeAt(from, picture), placeAt(to, picture)];
    if (!within(tail) || !within(head) || !space.seen(tail)) return [];
    return [/** @type {[Point, Point, number]} */ ([space.pixel(tail), space.pixel(head), share])];
  });
}

/**
 * The model's contour lines, at the ground's own heights.
 * @param {{a: Float64Array, b: Float64Array, cost: Float32Array}} model @param {Picture} picture @param {Space} space
 * @returns {Point[][]}
 */
function modelLines({ a, b, cost }, { heights, box: { low, high } }, space) {
  const grid = { values: Float64Array.from(cost, heights.of), width: a.length, height: b.length };
  const { start, end, size } = contourLevels(heights, CONTOURS);
  const levels = Array.from({ length: Math.max(0, Math.ceil((end - start) / size)) }, (_, k) => start + k * size);
  const place = (/** @type {ArrayLike<number>} */ axis, /** @type {number} */ at) => axis[0] + (at / (axis.length - 1)) * (axis[axis.length - 1] - axis[0]);
  return levels.flatMap((level) => joined(levelSegments(grid, level)).map((line) =>
    line.map(([u, v]) => space.pixel([(place(a, u) - low[0]) / (high[0] - low[0]), (place(b, v) - low[1]) / (high[1] - low[1]), 0]))));
}

/** @param {Context} context @param {[Point, Point, number]} arrow */
function drawSlope(context, [from, to, share]) {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const size = Math.hypot(dx, dy);
  if (size < 1.5) return;
  const alpha = 0.35 + 0.6 * share;
  const barb = Math.min(5, 0.4 * size);
  const [ux, uy] = [dx / size, dy / size];
  const sides = /** @type {Point[]} */ ([1, -1].map((side) => [to[0] - barb * (ux + 0.6 * side * uy), to[1] - barb * (uy - 0.6 * side * ux)]));
  const lines = /** @type {Point[][]} */ ([[from, to], [sides[0], to, sides[1]]]);
  for (const line of lines) strokeLine(context, line, { color: "rgba(10,12,16,0.55)", width: 3, alpha });
  for (const line of lines) strokeLine(context, line, { color: "#ffffff", width: 1.25, alpha });
}

/** @param {Context} context @param {{path: Pair[], cost: number, minimum: boolean}} curve @param {Picture} picture @param {Space} space */
function drawCritical(context, { path, cost, minimum }, picture, space) {
  // Between its samples the drawn ground lies above a valley's floor, and would hide the curve.
  const places = path.map((at) => placeAt(at, picture, Math.max(cost, costAt(picture.surface, ...at))));
  /** @type {Point[]} */
  let line = [];
  const end = () => {
    if (line.length > 1) {
      strokeLine(context, line, { color: "rgba(10,12,16,0.7)", width: 4.5 });
      strokeLine(context, line, { color: "#ffffff", width: 2, dash: minimum ? [] : [6, 4] });
    }
    line = [];
  };
  for (const place of places) {
    if (within(place) && space.seen(place)) line.push(space.pixel(place));
    else end();
  }
  end();
}

/** @param {Context} context @param {import("../ground.js").Tiles} tiles @param {Picture} picture @param {Space} space */
function drawTiles(context, tiles, picture, space) {
  const { a, b } = tiles;
  const [da, db] = [(a[1] - a[0]) / 2, (b[1] - b[0]) / 2];
  context.save();
  for (let row = 0; row < b.length; row += 1) {
    for (let column = 0; column < a.length; column += 1) {
      const k = row * a.length + column;
      const corners = [[-da, -db], [da, db]].map(([x, y]) => placeAt([a[column] + x, b[row] + y], picture, 0).slice(0, 2).map((part) => Math.min(1, Math.max(0, part))));
      const [[x0, y0], [x1, y1]] = corners.map(([x, y]) => space.pixel([x, y, 0]));
      const [left, top, wide, tall] = [x0, y1, x1 - x0, y0 - y1];
      context.fillStyle = tileColor(tiles, k);
      context.fillRect(left, top, wide + 0.5, tall + 0.5);
      if (tiles.differ?.[k]) hatch(context, left, top, wide, tall);
    }
  }
  context.restore();
}

/** @param {import("../ground.js").Tiles} tiles @param {number} k */
function tileColor({ group, groups, shade }, k) {
  const own = group[k];
  if (own === null) return NOWHERE;
  if (!groups) return VIRIDIS[Math.round(own * (VIRIDIS.length - 1))];
  // Opaque, so that the ground's own colours do not mix in.
  return `color-mix(in srgb, ${BASINS[own % BASINS.length]} ${Math.round(100 - LATEST * shade[k])}%, #20242c)`;
}

/** @param {Context} context @param {number} left @param {number} top @param {number} wide @param {number} tall */
function hatch(context, left, top, wide, tall) {
  context.strokeStyle = "#0a0c10";
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(left, top + tall);
  context.lineTo(left + wide, top);
  context.stroke();
}

/** @param {Context} context @param {Pair} at @param {Picture} picture @param {Space} space */
function drawLook(context, at, picture, space) {
  const place = placeAt(at, picture);
  if (!within(place)) return;
  const [x, y] = space.pixel(place);
  for (const [color, width] of /** @type {[string, number][]} */ ([["rgba(10,12,16,0.8)", 4.5], ["#ffffff", 2]])) {
    for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) strokeLine(context, [[x + 5 * dx, y + 5 * dy], [x + 13 * dx, y + 13 * dy]], { color, width });
  }
}
