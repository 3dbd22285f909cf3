/** The 3D picture's quiet frame: floor and back walls under the ground, ticks and numbers over it. */
import { toScene } from "../camera.js";
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
 * @property {[number, number]} near      The floor's corner next to the eye, as signs along a and b.
 * @property {(point: Vec) => Point} project
 * @property {{a: import("../ticks.js").Tick[], b: import("../ticks.js").Tick[], height: import("../ticks.js").Tick[]}} ticks
 */

/**
 * @param {import("../picture.js").Picture} picture
 * @param {import("../camera.js").Projector} view
 * @returns {Frame}
 */
export function frameOf({ box, heights }, { eye, project }) {
  return {
    box,
    near: [eye[0] >= 0 ? 1 : -1, eye[1] >= 0 ? 1 : -1],
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
 * Numbers and titles along the two near edges of the floor and up the left side.
 * @param {Context} context
 * @param {Frame} frame
 * @param {[string, string, string]} titles   Along a, along b, height.
 * @param {import("./canvas.js").Ink} ink
 * @param {{width: number, height: number}} size
 */
export function drawNumbers(context, frame, titles, ink, size) {
  const { box, near, ticks } = frame;
  const [x, y, z] = box.size.map((edge) => edge / 2);
  context.font = `12px ${ink.font}`;
  const write = writer(context, frame, ink, size);
  for (const { at, text } of ticks.a) write.tick([toScene(box, at, 0, 0)[0], near[1] * y, -z], [0, near[1], 0], text);
  for (const { at, text } of ticks.b) write.tick([near[0] * x, toScene(box, 0, at, 0)[1], -z], [near[0], 0, 0], text);
  write.title([0, near[1] * y, -z], [0, near[1], 0], titles[0]);
  write.title([near[0] * x, 0, -z], [near[0], 0, 0], titles[1]);
  const [edge, out] = leftEdge(frame);
  for (const { at, text } of ticks.height) write.tick([edge[0], edge[1], toScene(box, 0, 0, at)[2]], out, text);
  write.heading([edge[0], edge[1], z], titles[2]);
}

/**
 * The upright edge at the left of the picture, and the way out from it.
 * @param {Frame} frame
 * @returns {[Vec, Vec]}
 */
function leftEdge({ box, near, project }) {
  const [x, y] = box.size.map((size) => size / 2);
  const sides = /** @type {[Vec, Vec][]} */ ([
    [[-near[0] * x, near[1] * y, 0], [-near[0], 0, 0]],
    [[near[0] * x, -near[1] * y, 0], [0, -near[1], 0]],
  ]);
  return project(sides[0][0])[0] < project(sides[1][0])[0] ? sides[0] : sides[1];
}

/**
 * @param {Context} context
 * @param {Frame} frame
 * @param {import("./canvas.js").Ink} ink
 * @param {{width: number, height: number}} size
 */
function writer(context, { project }, ink, size) {
  const off = (/** @type {Vec} */ at, /** @type {Vec} */ out, /** @type {number} */ reach) =>
    project(/** @type {Vec} */ (at.map((part, k) => part + reach * out[k])));

  /** @param {string} text @param {Point} at @param {Point} toward @param {string} color */
  function put(text, [px, py], [dx, dy], color) {
    const wide = context.measureText(text).width;
    const left = dx > 0.35 ? px : dx < -0.35 ? px - wide : px - wide / 2;
    const middle = py + (Math.abs(dx) <= 0.35 ? Math.sign(dy) * 4 : 0);
    // Numbers that would leave the picture are moved inside, never cut.
    const x = Math.max(4, Math.min(size.width - wide - 4, left));
    const y = Math.max(10, Math.min(size.height - 10, middle));
    context.fillStyle = color;
    context.textAlign = "left";
    context.textBaseline = "middle";
    context.fillText(text, x, y);
  }

  /** @param {Point} from @param {Point} to @returns {Point} */
  function heading(from, to) {
    const norm = Math.hypot(to[0] - from[0], to[1] - from[1]) || 1;
    return [(to[0] - from[0]) / norm, (to[1] - from[1]) / norm];
  }

  return {
    /** @param {Vec} at @param {Vec} out @param {string} text */
    tick(at, out, text) {
      const [from, to, number] = [project(at), off(at, out, TICK), off(at, out, NUMBER)];
      strokeLine(context, [from, to], { color: ink.quiet, width: 1, alpha: 0.6 });
      put(text, number, heading(from, number), ink.quiet);
    },
    /** @param {Vec} at @param {Vec} out @param {string} text */
    title(at, out, text) {
      const to = off(at, out, TITLE);
      put(text, to, heading(project(at), to), ink.text);
    },
    /** @param {Vec} at @param {string} text */
    heading(at, text) {
      const [px, py] = project(at);
      put(text, [px, py - 14], [0, 0], ink.text);
    },
  };
}
