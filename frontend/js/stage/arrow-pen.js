/** Draws the arrows of the step under the cursor, along the surface. */

import { stepArrows } from "../model/step-arrows.js";
import { modelArrows } from "../plot/quadratic-model.js";
import { drawArrow, strokeLine } from "../ui/canvas.js";
import { placeAt } from "./surface-overlays.js";

/** @import { AppState, Pair } from "../document/types.js" */
/** @import { Picture } from "../plot/picture.js" */
/** @import { Context, Point } from "../ui/canvas.js" */
/** @import { OverlayArrow, Space } from "./overlay-model.js" */

/** Straight pieces that an arrow follows the surface with. */
const PIECES = 24;
const CASING = "rgba(10,12,16,0.75)";
/** An arrow shorter than this on the screen is none, in pixels. */
const SHORTEST = 3;
/** Room for the head, in pixels. */
const HEAD = 9;

const STYLES = /** @type {Record<string, {width: number, dash?: number[]}>} */ ({
  other: { width: 1.25 },
  downhill: { width: 1.75 },
  memory: { width: 1.75, dash: [5, 4] },
  step: { width: 3.5 },
  newton: { width: 2.5 },
  free: { width: 2.5 },
});
/** As in the Step view: tokens.css names the same ones. */
const COLORS = /** @type {Record<string, string>} */ ({ newton: "#f08cab", free: "#d9c8ff" });

/** @param {AppState} state @param {Picture} picture @param {Space} space @returns {OverlayArrow[]} */
export function overlayArrows(state, picture, space) {
  const steps = stepArrows(state, picture.extent);
  const own = steps ? { step: steps.color } : {};
  return [modelArrows(state, picture.extent), steps].flatMap((found) =>
    (found?.arrows ?? []).flatMap(({ kind, along, text }) => {
      const shown = draped(/** @type {NonNullable<typeof found>} */ (found).at, along, picture, space);
      const tag = /** @type {Record<string, string>} */ ({ ...COLORS, ...own })[kind] ?? null;
      return shown ? [{ kind, text, color: tag ?? "#ffffff", tag, ...shown }] : [];
    }),
  );
}

/**
 * The arrow along the surface, as far as the picture goes.
 * @param {Pair} at @param {Pair} along
 * @param {Picture} picture @param {Space} space
 */
function draped([a, b], [da, db], picture, space) {
  const lines = /** @type {OverlayArrow["lines"]} */ ([]);
  let last = /** @type {Point|null} */ (null);
  let before = /** @type {Point|null} */ (null);
  const within = Math.min(1, room(a, da, picture.extent[0]), room(b, db, picture.extent[1]));
  if (!(within > 0)) return null;
  for (let k = 0; k <= PIECES; k += 1) {
    const share = (within * k) / PIECES;
    const place = placeAt([a + share * da, b + share * db], picture);
    if (place.some(Number.isNaN)) break;
    const [point, seen] = [space.pixel(place), space.seen(place)];
    const open = lines[lines.length - 1];
    if (open?.seen === seen) open.points.push(point);
    else lines.push({ points: last ? [last, point] : [point], seen });
    [before, last] = [last, point];
  }
  if (!last || !before) return null;
  const start = lines[0].points[0];
  if (Math.hypot(last[0] - start[0], last[1] - start[1]) < SHORTEST) return null;
  return {
    lines,
    tip: within === 1 ? last : null,
    toward: /** @type {Point} */ ([last[0] - before[0], last[1] - before[1]]),
  };
}

/**
 * The share of a way along one axis that lies in the picture; nothing where it begins outside.
 * @param {number} from
 * @param {number} way
 * @param {Pair} ends
 */
function room(from, way, [low, high]) {
  if (from < low || from > high) return 0;
  return way === 0 ? Infinity : ((way > 0 ? high : low) - from) / way;
}

/** @param {Context} context @param {OverlayArrow[]} arrows @param {number} scale */
export function drawStepArrows(context, arrows, scale) {
  for (const { kind, color, lines, tip, toward } of arrows) {
    const { dash } = STYLES[kind];
    const width = scale * STYLES[kind].width;
    for (const { points, seen } of lines)
      if (seen) strokeLine(context, points, { color: CASING, width: width + 2.25 });
    for (const { points, seen } of lines)
      strokeLine(context, points, {
        color,
        width: seen ? width : 1.25,
        alpha: seen ? 1 : 0.5,
        dash: seen ? dash : [2, 4],
      });
    if (tip) drawHead(context, tip, toward, color);
  }
}

/** The head ends where the arrow does. @param {Context} context @param {Point} tip @param {Point} toward @param {string} color */
function drawHead(context, [x, y], [dx, dy], color) {
  const norm = Math.hypot(dx, dy) || 1;
  drawArrow(context, [x - (HEAD * dx) / norm, y - (HEAD * dy) / norm], [dx, dy], color);
}
