/** The 3D picture's quiet frame: floor and back walls under the ground, ticks and numbers over it. */
import { toScene } from "../camera.js";
import { overlap } from "../labels.js";
import { groundAt } from "../terrain.js";
import { heightTicks, linearTicks } from "../ticks.js";
import { strokeLine } from "./canvas.js";

/** @typedef {import("../camera.js").Vec} Vec */
/** @typedef {import("./canvas.js").Context} Context */
/** @typedef {import("./canvas.js").Point} Point */

const TICK = 0.025;
const NUMBER = 0.062;
const TITLE = 0.165;
const HEIGHT_TICKS = 6;
const FLOOR_TICKS = 5;

/**
 * @typedef {object} Frame
 * @property {import("../camera.js").Box} box
 * @property {import("../terrain.js").Terrain} terrain
 * @property {[number, number]} near      The floor's corner next to the eye, as signs along a and b.
 * @property {[boolean, boolean]} faces   Whether the side there faces the eye, across a and across b.
 * @property {(point: Vec) => Point} project
 * @property {{a: import("../ticks.js").Tick[], b: import("../ticks.js").Tick[], height: import("../ticks.js").Tick[]}} ticks
 */

/**
 * @param {import("../picture.js").Picture} picture
 * @param {import("../terrain.js").Terrain} terrain
 * @param {import("../camera.js").Projector} view
 * @returns {Frame}
 */
export function frameOf({ box, heights }, terrain, { eye, project }) {
  const below = eye[2] < -box.size[2] / 2;
  const faces = (/** @type {number} */ axis) => !below && Math.abs(eye[axis]) > box.size[axis] / 2;
  return {
    box,
    terrain,
    near: [eye[0] >= 0 ? 1 : -1, eye[1] >= 0 ? 1 : -1],
    faces: [faces(0), faces(1)],
    project,
    ticks: {
      a: linearTicks(box.low[0], box.high[0], FLOOR_TICKS),
      b: linearTicks(box.low[1], box.high[1], FLOOR_TICKS),
      height: heightTicks(heights, HEIGHT_TICKS),
    },
  };
}

/**
 * Floor and the two far walls, with a line for each tick.
 * @param {Context} context
 * @param {Frame} frame
 * @param {import("./canvas.js").Ink} ink
 */
export function drawRoom(context, { box, near, project, ticks }, ink) {
  const [x, y, z] = box.size.map((size) => size / 2);
  const [farX, farY] = [-near[0] * x, -near[1] * y];
  const line = (/** @type {Vec[]} */ points) => strokeLine(context, points.map(project), { color: ink.line, width: 1 });
  for (const { at } of ticks.a) {
    const px = toScene(box, at, 0, 0)[0];
    line([[px, -farY, -z], [px, farY, -z], [px, farY, z]]);
  }
  for (const { at } of ticks.b) {
    const py = toScene(box, 0, at, 0)[1];
    line([[-farX, py, -z], [farX, py, -z], [farX, py, z]]);
  }
  for (const { at } of ticks.height) {
    const pz = toScene(box, 0, 0, at)[2];
    line([[-farX, farY, pz], [farX, farY, pz], [farX, -farY, pz]]);
  }
  line([[-x, -y, -z], [x, -y, -z], [x, y, -z], [-x, y, -z], [-x, -y, -z]]);
}

/**
 * The cut through the ground on the sides that face the eye: a pane of glass down to the floor, so that the ground stands
 * on something. It lies over the drawn surface, where nothing is in front of it.
 * @param {Context} context
 * @param {Frame} frame
 * @param {import("./canvas.js").Ink} ink
 */
export function drawSides(context, { box, terrain, near, faces, project }, ink) {
  const [x, y, z] = box.size.map((edge) => edge / 2);
  const { columns, rows, z: ground } = terrain;
  const column = near[0] > 0 ? columns - 1 : 0;
  const row = near[1] > 0 ? rows - 1 : 0;
  if (faces[0]) {
    const points = Array.from({ length: rows }, (_, j) => /** @type {Vec} */ ([near[0] * x, ((2 * j) / (rows - 1) - 1) * y, ground[j * columns + column]]));
    drawSide(context, points, z, project, ink);
  }
  if (faces[1]) {
    const points = Array.from({ length: columns }, (_, i) => /** @type {Vec} */ ([((2 * i) / (columns - 1) - 1) * x, near[1] * y, ground[row * columns + i]]));
    drawSide(context, points, z, project, ink);
  }
}

/** @param {Context} context @param {Vec[]} rim @param {number} z @param {(point: Vec) => Point} project @param {import("./canvas.js").Ink} ink */
function drawSide(context, rim, z, project, ink) {
  const solid = rim.filter((point) => !Number.isNaN(point[2]));
  if (solid.length < 2) return;
  const top = solid.map(project);
  const ends = [solid[solid.length - 1], solid[0]].map(([px, py]) => project([px, py, -z]));
  context.beginPath();
  [...top, ...ends].forEach(([px, py], k) => (k === 0 ? context.moveTo(px, py) : context.lineTo(px, py)));
  context.closePath();
  context.globalAlpha = 0.5;
  context.fillStyle = ink.panel;
  context.fill();
  context.globalAlpha = 1;
  strokeLine(context, [top[0], ends[1], ends[0], top[top.length - 1]], { color: ink.line, width: 1 });
}

/**
 * Numbers and titles along the two near edges of the floor and up the left side; those that would cover another are left out.
 * @param {Context} context
 * @param {Frame} frame
 * @param {[string, string, string]} titles   Along a, along b, height.
 * @param {import("./canvas.js").Ink} ink
 * @param {{width: number, height: number, taken: import("../labels.js").Rect[]}} pane   What is taken is kept clear.
 * @returns {import("../labels.js").Rect[]}   Where they are, and what was taken.
 */
export function drawNumbers(context, frame, titles, ink, pane) {
  const { box, near, ticks } = frame;
  const z = box.size[2] / 2;
  context.font = `12px ${ink.font}`;
  const write = writer(context, frame, ink, pane);
  const [corner, out] = leftCorner(frame);
  write.heading([...corner, -z], [...corner, z], titles[2]);
  write.title(onSide(frame, 1, 0), [0, near[1], 0], titles[0]);
  write.title(onSide(frame, 0, 0), [near[0], 0, 0], titles[1]);
  for (const { at, text } of ticks.height) write.tick([...corner, toScene(box, 0, 0, at)[2]], out, text);
  for (const { at, text } of ticks.a) write.tick(onSide(frame, 1, toScene(box, at, 0, 0)[0]), [0, near[1], 0], text);
  for (const { at, text } of ticks.b) write.tick(onSide(frame, 0, toScene(box, 0, at, 0)[1]), [near[0], 0, 0], text);
  return write.rects;
}

/**
 * A place on the near side across an axis: at its foot, or, where the ground hides that, on the ground's rim.
 * @param {Frame} frame
 * @param {0|1} across
 * @param {number} along   Scene coordinate along the other axis.
 * @returns {Vec}
 */
function onSide({ box, terrain, near, faces }, across, along) {
  const [x, y] = across === 0 ? [(near[0] * box.size[0]) / 2, along] : [along, (near[1] * box.size[1]) / 2];
  const foot = -box.size[2] / 2;
  if (faces[across]) return [x, y, foot];
  const rim = groundAt(terrain, (x / box.size[0] + 0.5) * (terrain.columns - 1), (y / box.size[1] + 0.5) * (terrain.rows - 1));
  return [x, y, Number.isNaN(rim) ? foot : rim];
}

/**
 * The corner farthest to the left, and the way out from it that leads most to the left.
 * @param {Frame} frame
 * @returns {[[number, number], Vec]}
 */
function leftCorner({ box, project }) {
  const [x, y] = box.size.map((size) => size / 2);
  const corners = /** @type {[number, number][]} */ ([[-x, -y], [x, -y], [x, y], [-x, y]]);
  const left = (/** @type {Vec} */ point) => project(point)[0];
  const corner = corners.reduce((best, one) => (left([...one, 0]) < left([...best, 0]) ? one : best));
  const ways = /** @type {Vec[]} */ ([[Math.sign(corner[0]), 0, 0], [0, Math.sign(corner[1]), 0]]);
  const off = (/** @type {Vec} */ way) => left([corner[0] + 0.1 * way[0], corner[1] + 0.1 * way[1], 0]);
  return [corner, off(ways[0]) < off(ways[1]) ? ways[0] : ways[1]];
}

/**
 * @param {Context} context
 * @param {Frame} frame
 * @param {import("./canvas.js").Ink} ink
 * @param {{width: number, height: number, taken: import("../labels.js").Rect[]}} pane
 */
function writer(context, { project }, ink, { width, height, taken }) {
  const off = (/** @type {Vec} */ at, /** @type {Vec} */ out, /** @type {number} */ reach) =>
    project(/** @type {Vec} */ (at.map((part, k) => part + reach * out[k])));

  /** @type {import("../labels.js").Rect[]} */
  const rects = [...taken];

  /** @param {string} text @param {Point} at @param {Point} toward @param {string} color */
  function put(text, [px, py], [dx, dy], color) {
    const wide = context.measureText(text).width;
    const left = dx > 0.35 ? px : dx < -0.35 ? px - wide : px - wide / 2;
    const middle = py + (Math.abs(dx) <= 0.35 ? Math.sign(dy) * 4 : 0);
    // Numbers that would leave the picture are moved inside, never cut.
    const x = Math.max(4, Math.min(width - wide - 4, left));
    const y = Math.max(10, Math.min(height - 10, middle));
    const rect = { x: x - 3, y: y - 8, width: wide + 6, height: 16 };
    if (rects.some((other) => overlap(rect, other))) return false;
    rects.push(rect);
    context.textAlign = "left";
    context.textBaseline = "middle";
    // A turned picture may bring the ground behind a number.
    context.globalAlpha = 0.7;
    context.lineWidth = 3;
    context.strokeStyle = ink.ground;
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
      if (put(text, number, heading(from, number), ink.quiet)) strokeLine(context, [from, to], { color: ink.quiet, width: 1, alpha: 0.6 });
    },
    /** @param {Vec} at @param {Vec} out @param {string} text */
    title(at, out, text) {
      const to = off(at, out, TITLE);
      put(text, to, heading(project(at), to), ink.text);
    },
    /** At the upper end of an edge, or as high along it as there is room. @param {Vec} low @param {Vec} high @param {string} text */
    heading(low, high, text) {
      for (let share = 1; share > 0.3; share -= 0.05) {
        const [px, py] = project(/** @type {Vec} */ (low.map((part, k) => part + share * (high[k] - part))));
        if (py > 26 && put(text, [px, py - 16], [0, 0], ink.text)) return;
      }
    },
  };
}
