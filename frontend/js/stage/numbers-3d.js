/** Numbers and titles along the 3D picture's edges, drawn flat so that they can be read from everywhere. */

import { toScene } from "../plot/camera.js";
import { heightAt } from "../plot/height-field.js";
import { overlap } from "../plot/labels.js";
import { strokeLine } from "../ui/canvas.js";

/** @import { Vec } from "../plot/camera.js" */
/** @import { Rect } from "../plot/labels.js" */
/** @import { Context, Ink, Point } from "../ui/canvas.js" */
/** @import { Frame } from "./frame-3d.js" */

/** How far out a tick ends, its number stands and the title stands, in scene units. */
const TICK = 0.025;
const NUMBER = 0.062;
const TITLE = 0.165;
/** Where along its edge a title stands, in shares of it from the middle. */
const ALONG = [0, -0.15, 0.15, -0.3, 0.3, -0.42, 0.42];

/**
 * Numbers and titles along the two near edges of the floor and up the left side; those that would cover another are left out.
 * @param {Context} context
 * @param {Frame} frame
 * @param {[string, string, string]} titles   Along a, along b, height.
 * @param {Ink} ink
 * @param {{width: number, height: number, taken: Rect[]}} pane   What is taken is kept clear.
 * @returns {Rect[]}   Where they are, and what was taken.
 */
export function drawNumbers(context, frame, titles, ink, pane) {
  const { box, near, ticks } = frame;
  const z = box.size[2] / 2;
  context.font = `${12 * ink.scale}px ${ink.font}`;
  const write = writer(context, frame, ink, pane);
  const [corner, out] = leftCorner(frame);
  write.heading([...corner, -z], [...corner, z], titles[2]);
  nameSide(1, [0, near[1], 0], titles[0]);
  nameSide(0, [near[0], 0, 0], titles[1]);
  for (const { at, text } of ticks.height) write.tick([...corner, toScene(box, 0, 0, at)[2]], out, text);
  for (const { at, text } of ticks.a)
    write.tick(onSide(frame, 1, toScene(box, at, 0, 0)[0]), [0, near[1], 0], text);
  for (const { at, text } of ticks.b)
    write.tick(onSide(frame, 0, toScene(box, 0, at, 0)[1]), [near[0], 0, 0], text);
  return write.rects;

  /** In the middle of its edge, or as near to that as there is room. @param {0|1} across @param {Vec} way @param {string} text */
  function nameSide(across, way, text) {
    const edge = box.size[1 - across];
    ALONG.some((share) => write.title(onSide(frame, across, share * edge), way, text));
  }
}

/**
 * A place on the near side across an axis: at its foot, or, where the surface hides that, on the surface's rim.
 * @param {Frame} frame
 * @param {0|1} across
 * @param {number} along   Scene coordinate along the other axis.
 * @returns {Vec}
 */
function onSide({ box, heightField, near, faces }, across, along) {
  const [x, y] = across === 0 ? [(near[0] * box.size[0]) / 2, along] : [along, (near[1] * box.size[1]) / 2];
  const foot = -box.size[2] / 2;
  if (faces[across]) return [x, y, foot];
  const rim = heightAt(
    heightField,
    (x / box.size[0] + 0.5) * (heightField.columns - 1),
    (y / box.size[1] + 0.5) * (heightField.rows - 1),
  );
  return [x, y, Number.isNaN(rim) ? foot : rim];
}

/**
 * The corner farthest to the left, and the way out from it that leads most to the left.
 * @param {Frame} frame
 * @returns {[[number, number], Vec]}
 */
function leftCorner({ box, project }) {
  const [x, y] = box.size.map((size) => size / 2);
  const corners = /** @type {[number, number][]} */ ([
    [-x, -y],
    [x, -y],
    [x, y],
    [-x, y],
  ]);
  const left = (/** @type {Vec} */ point) => project(point)[0];
  const leftOf = (/** @type {[number, number]} */ [px, py]) => left([px, py, 0]);
  const corner = corners.reduce((best, one) => (leftOf(one) < leftOf(best) ? one : best));
  const ways = /** @type {Vec[]} */ ([
    [Math.sign(corner[0]), 0, 0],
    [0, Math.sign(corner[1]), 0],
  ]);
  const off = (/** @type {Vec} */ way) => left([corner[0] + 0.1 * way[0], corner[1] + 0.1 * way[1], 0]);
  return [corner, off(ways[0]) < off(ways[1]) ? ways[0] : ways[1]];
}

/**
 * @param {Context} context
 * @param {Frame} frame
 * @param {Ink} ink
 * @param {{width: number, height: number, taken: Rect[]}} pane
 */
function writer(context, { project }, ink, { width, height, taken }) {
  const off = (/** @type {Vec} */ at, /** @type {Vec} */ out, /** @type {number} */ reach) =>
    project(/** @type {Vec} */ (at.map((part, k) => part + reach * out[k])));

  /** @type {Rect[]} */
  const rects = [...taken];

  /** @param {string} text @param {Point} at @param {Point} toward @param {string} color */
  function put(text, [px, py], [dx, dy], color) {
    const wide = context.measureText(text).width;
    const left = dx > 0.35 ? px : dx < -0.35 ? px - wide : px - wide / 2;
    const middle = py + (Math.abs(dx) <= 0.35 ? Math.sign(dy) * 4 : 0);
    // Numbers that would leave the picture are moved inside, never cut.
    const x = Math.max(4, Math.min(width - wide - 4, left));
    const half = 8 * ink.scale;
    const y = Math.max(half + 2, Math.min(height - half - 2, middle));
    const rect = { x: x - 3, y: y - half, width: wide + 6, height: 2 * half };
    if (rects.some((other) => overlap(rect, other))) return false;
    rects.push(rect);
    context.textAlign = "left";
    context.textBaseline = "middle";
    // A turned picture may bring the surface behind a number.
    context.globalAlpha = 0.7;
    context.lineWidth = 3;
    context.strokeStyle = ink.background;
    context.strokeText(text, x, y);
    context.globalAlpha = 1;
    context.fillStyle = color;
    context.fillText(text, x, y);
    return true;
  }

  /** @param {Point} from @param {Point} to @returns {Point} */
  function heading(from, to) {
    const norm = Math.hypot(to[0] - from[0], to[1] - from[1]) || 1;
    return [(to[0] - from[0]) / norm, (to[1] - from[1]) / norm];
  }

  return {
    rects,
    /** @param {Vec} at @param {Vec} out @param {string} text */
    tick(at, out, text) {
      const [from, to, number] = [project(at), off(at, out, TICK), off(at, out, NUMBER)];
      if (put(text, number, heading(from, number), ink.quiet))
        strokeLine(context, [from, to], { color: ink.quiet, width: 1, alpha: 0.6 });
    },
    /** @param {Vec} at @param {Vec} out @param {string} text */
    title(at, out, text) {
      const to = off(at, out, TITLE);
      return put(text, to, heading(project(at), to), ink.text);
    },
    /**
     * At the upper end of an edge, or as high along it as there is room.
     * @param {Vec} low
     * @param {Vec} high
     * @param {string} text
     */
    heading(low, high, text) {
      for (let share = 1; share > 0.3; share -= 0.05) {
        const [px, py] = project(/** @type {Vec} */ (low.map((part, k) => part + share * (high[k] - part))));
        if (py > 26 && put(text, [px, py - 16], [0, 0], ink.text)) return;
      }
    },
  };
}
