/** Draws the overlays along the surface, in 3D and from above alike. */

import { clamp } from "../document/controls.js";
import { looksOf } from "../document/view.js";
import { basinsOf } from "../plot/basins.js";
import { contourLevels, MODEL_COLOR } from "../plot/figure.js";
import { costAt } from "../plot/height-field.js";
import { arrowsOf, criticalCurves } from "../plot/overlay-shapes.js";
import { modelOf, sampled } from "../plot/quadratic-model.js";
import { joined, levelSegments } from "../plot/scalar-field.js";
import { polyline, strokeCased } from "../ui/canvas.js";

/** @import { AppState, Frame, Pair } from "../document/types.js" */
/** @import { Basins } from "../plot/basins.js" */
/** @import { Picture } from "../plot/picture.js" */
/** @import { Vec } from "../plot/track.js" */
/** @import { Context, Point } from "../ui/canvas.js" */
/** @import { Space } from "./overlay-model.js" */

/** Pixels between two slopes' tails at least, and the ways to thin a field of 21 evenly. */
const CLEAR = 9;
const SPACINGS = [1, 2, 4];
const DIRECTIONS = polyline(1, 0, -1, 0, 0, 1, 0, -1);

/**
 * A pen that remembers where it drew, since most frames move neither the camera nor the surface.
 * @returns {{draw: (context: Context, state: AppState, picture: Picture, space: Space, from: string) => void}}
 */
export function createOverlayPen() {
  const [slopes, lines, hatches] = [remembered(), remembered(), remembered()];

  return {
    draw(context, state, picture, space, from) {
      const { found, look, live } = state;
      const looks = looksOf(state);
      if (look && look.plane === state.plane?.id) drawLook(context, look.at, picture, space);
      // They belong to the fitted plane and the training cost, not to a surface that travels or is another's.
      if (live) return;
      const basins = basinsOf(state);
      if (basins && space.flat) drawTiles(context, basins, picture, space);
      if (basins?.differ)
        drawHatches(
          context,
          hatches([from, basins, picture.surface], () => projectHatches(basins, picture, space)),
        );
      if (looks.gradient_field && found.field) {
        const { field } = found;
        for (const arrow of slopes([from, field, picture.surface], () =>
          projectArrows(field, picture, space),
        ))
          drawSlope(context, arrow);
      }
      const model = space.flat ? modelOf(state) : null;
      if (model)
        drawModel(
          context,
          lines([from, model.quadratic.frame, picture.heights], () =>
            modelLines(sampled(model), picture, space),
          ),
        );
      if (looks.critical_points && found.critical)
        for (const curve of criticalCurves(found.critical)) drawCritical(context, curve, picture, space);
    },
  };
}

/** What was made last, made anew only from other things. @returns {<T>(from: any[], make: () => T) => T} */
function remembered() {
  let before = /** @type {any[]} */ ([]);
  let made = /** @type {any} */ (null);
  return (from, make) => {
    if (from.length !== before.length || from.some((part, k) => part !== before[k]))
      [before, made] = [from, make()];
    return made;
  };
}

/**
 * A place on the plane in shares of the box, on the surface.
 * @param {Pair} at
 * @param {Picture} picture
 * @param {number} [cost]
 * @returns {Vec}
 */
export function placeAt([a, b], { box: { low, high }, heights, surface }, cost = costAt(surface, a, b)) {
  const height = clamp((heights.of(cost) - low[2]) / (high[2] - low[2]), 0, 1);
  return [(a - low[0]) / (high[0] - low[0]), (b - low[1]) / (high[1] - low[1]), height];
}

/** @param {Vec} place */
export const within = (place) => place.every((part) => part >= 0 && part <= 1);

/** @param {Frame} frame @param {Picture} picture @param {Space} space @returns {[Point, Point, number][]} */
function projectArrows(frame, picture, space) {
  return arrowsOf(frame, spacingOf(frame, space)).flatMap(({ from, to, share }) => {
    const [tail, head] = [placeAt(from, picture), placeAt(to, picture)];
    if (!within(tail) || !within(head) || !space.seen(tail)) return [];
    return [/** @type {[Point, Point, number]} */ ([space.pixel(tail), space.pixel(head), share])];
  });
}

/**
 * How many columns and rows of a field stand for one, so that its arrows keep clear of each other.
 * @param {Frame} frame
 * @param {Space} space
 */
function spacingOf({ arrays: { a, b } }, space) {
  const [corner, right, far] = [
    [0, 0, 0],
    [1, 0, 0],
    [0, 1, 0],
  ].map((place) => space.pixel(/** @type {Vec} */ (place)));
  const apart = (/** @type {Point} */ to, /** @type {number} */ count) =>
    Math.hypot(to[0] - corner[0], to[1] - corner[1]) / (count - 1);
  const cell = Math.min(apart(right, a.data.length), apart(far, b.data.length));
  return SPACINGS.find((every) => every * cell >= CLEAR) ?? SPACINGS[SPACINGS.length - 1];
}

/**
 * The model's contour lines, at the surface's own heights.
 * @param {{a: Float64Array, b: Float64Array, cost: Float32Array}} model @param {Picture} picture @param {Space} space
 * @returns {Point[][]}
 */
function modelLines({ a, b, cost }, { heights, box: { low, high } }, space) {
  const grid = { values: Float64Array.from(cost, heights.of), width: a.length, height: b.length };
  const { start, end, size } = contourLevels(heights, heights.scene_lines);
  const levels = Array.from(
    { length: Math.max(0, Math.ceil((end - start) / size)) },
    (_, k) => start + k * size,
  );
  const place = (/** @type {ArrayLike<number>} */ axis, /** @type {number} */ at) =>
    axis[0] + (at / (axis.length - 1)) * (axis[axis.length - 1] - axis[0]);
  return levels.flatMap((level) =>
    joined(levelSegments(grid, level)).map((line) =>
      line.map(([u, v]) =>
        space.pixel([
          (place(a, u) - low[0]) / (high[0] - low[0]),
          (place(b, v) - low[1]) / (high[1] - low[1]),
          0,
        ]),
      ),
    ),
  );
}

/** @param {Context} context @param {[Point, Point, number]} arrow */
function drawSlope(context, [from, to, share]) {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const size = Math.hypot(dx, dy);
  if (size < 1.5) return;
  const alpha = 0.35 + 0.6 * share;
  const barb = Math.min(5, 0.4 * size);
  const [ux, uy] = [dx / size, dy / size];
  const sides = /** @type {Point[]} */ (
    [1, -1].map((side) => [to[0] - barb * (ux + 0.6 * side * uy), to[1] - barb * (uy - 0.6 * side * ux)])
  );
  const lines = /** @type {Point[][]} */ ([
    [from, to],
    [sides[0], to, sides[1]],
  ]);
  const casing = { color: "rgba(10,12,16,0.55)", width: 3, alpha };
  strokeCased(context, lines, casing, { color: "#ffffff", width: 1.25, alpha });
}

/**
 * @param {Context} context
 * @param {{path: Pair[], cost: number, minimum: boolean}} curve
 * @param {Picture} picture
 * @param {Space} space
 */
function drawCritical(context, { path, cost, minimum }, picture, space) {
  // Between its samples the drawn surface lies above a valley's floor, and would hide the curve.
  const places = path.map((at) => placeAt(at, picture, Math.max(cost, costAt(picture.surface, ...at))));
  const lines = /** @type {Point[][]} */ ([[]]);
  for (const place of places) {
    if (within(place) && space.seen(place)) lines[lines.length - 1].push(space.pixel(place));
    else lines.push([]);
  }
  const dash = minimum ? [] : [6, 4];
  for (const line of lines)
    if (line.length > 1)
      strokeCased(
        context,
        [line],
        { color: "rgba(10,12,16,0.7)", width: 4.5 },
        { color: "#ffffff", width: 2, dash },
      );
}

/** @param {Context} context @param {Point[][]} lines */
function drawModel(context, lines) {
  const casing = { color: "rgba(10,12,16,0.35)", width: 2.5 };
  strokeCased(context, lines, casing, { color: MODEL_COLOR, width: 1.5, dash: [6, 4] });
}

/** @param {Context} context @param {Basins} basins @param {Picture} picture @param {Space} space */
function drawTiles(context, basins, picture, space) {
  basins.colors.forEach((color, k) => {
    const [low, high] = cornersOf(basins, k).map((at) =>
      placeAt(at, picture, 0).map((part) => clamp(part, 0, 1)),
    );
    const [[left, bottom], [right, top]] = [low, high].map(([x, y]) => space.pixel([x, y, 0]));
    context.fillStyle = color;
    context.fillRect(left, top, right - left + 0.5, bottom - top + 0.5);
  });
}

/** A tile's lower left and upper right corner. @param {Basins} basins @param {number} k @returns {[Pair, Pair]} */
function cornersOf({ a, b }, k) {
  const [da, db] = [(a[1] - a[0]) / 2, (b[1] - b[0]) / 2];
  const [u, v] = [a[k % a.length], b[Math.floor(k / a.length)]];
  return [
    [u - da, v - db],
    [u + da, v + db],
  ];
}

/**
 * A stroke across every tile on which two runs disagree, along the surface where it is seen.
 * @param {Basins} basins
 * @param {Picture} picture
 * @param {Space} space
 */
function projectHatches(basins, picture, space) {
  const [[a0, a1], [b0, b1]] = picture.extent;
  return Array.from(basins.differ ?? [], (differs, k) => {
    if (!differs) return [];
    const [[u0, v0], [u1, v1]] = cornersOf(basins, k);
    const [from, to] = /** @type {[Pair, Pair]} */ ([
      [Math.max(a0, u0), Math.max(b0, v0)],
      [Math.min(a1, u1), Math.min(b1, v1)],
    ]);
    const places = [from, /** @type {Pair} */ ([(from[0] + to[0]) / 2, (from[1] + to[1]) / 2]), to].map(
      (at) => placeAt(at, picture),
    );
    return places.some((place) => place.some(Number.isNaN)) || !space.seen(places[1])
      ? []
      : places.map(space.pixel);
  });
}

/** @param {Context} context @param {Point[][]} lines */
function drawHatches(context, lines) {
  context.strokeStyle = "#0a0c10";
  context.lineWidth = 1;
  context.beginPath();
  for (const line of lines)
    line.forEach(([x, y], k) => (k === 0 ? context.moveTo(x, y) : context.lineTo(x, y)));
  context.stroke();
}

/** @param {Context} context @param {Pair} at @param {Picture} picture @param {Space} space */
function drawLook(context, at, picture, space) {
  const place = placeAt(at, picture);
  if (!within(place)) return;
  const [x, y] = space.pixel(place);
  const lines = DIRECTIONS.map(([dx, dy]) =>
    [5, 13].map((away) => /** @type {Point} */ ([x + away * dx, y + away * dy])),
  );
  strokeCased(context, lines, { color: "rgba(10,12,16,0.8)", width: 4.5 }, { color: "#ffffff", width: 2 });
}
