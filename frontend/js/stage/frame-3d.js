/** The 3D picture's quiet frame: floor and back walls under the surface, glass sides down from its rim. */

import { toScene } from "../plot/camera.js";
import { linearTicks } from "../plot/ticks.js";
import { strokeLine, trace } from "../ui/canvas.js";

/** @import { Box, Projector, Vec } from "../plot/camera.js" */
/** @import { HeightField } from "../plot/height-field.js" */
/** @import { Picture } from "../plot/picture.js" */
/** @import { Tick } from "../plot/ticks.js" */
/** @import { Context, Ink, Point } from "../ui/canvas.js" */

const FLOOR_TICKS = 5;

/**
 * @typedef {object} Frame
 * @property {Box} box
 * @property {HeightField} heightField
 * @property {[number, number]} near      The floor's corner next to the eye, as signs along a and b.
 * @property {[boolean, boolean]} faces   Whether the side there faces the eye, across a and across b.
 * @property {(point: Vec) => Point} project
 * @property {{a: Tick[], b: Tick[], height: Tick[]}} ticks
 */

/** @param {Picture} picture @param {HeightField} heightField @param {Projector} view @returns {Frame} */
export function frameOf({ box, heights }, heightField, { eye, project }) {
  const below = eye[2] < -box.size[2] / 2;
  const faces = (/** @type {number} */ axis) => !below && Math.abs(eye[axis]) > box.size[axis] / 2;
  return {
    box,
    heightField,
    near: [eye[0] >= 0 ? 1 : -1, eye[1] >= 0 ? 1 : -1],
    faces: [faces(0), faces(1)],
    project,
    ticks: {
      a: linearTicks(box.low[0], box.high[0], FLOOR_TICKS),
      b: linearTicks(box.low[1], box.high[1], FLOOR_TICKS),
      height: heights.ticks.map(([cost, text]) => ({ at: heights.of(cost), text })),
    },
  };
}

/**
 * Floor and the two far walls, with a line for each tick.
 * @param {Context} context
 * @param {Frame} frame
 * @param {Ink} ink
 */
export function drawRoom(context, { box, near, project, ticks }, ink) {
  const [x, y, z] = box.size.map((size) => size / 2);
  const [farX, farY] = [-near[0] * x, -near[1] * y];
  const line = (/** @type {Vec[]} */ points) =>
    strokeLine(context, points.map(project), { color: ink.line, width: 1 });
  for (const { at } of ticks.a) {
    const px = toScene(box, at, 0, 0)[0];
    line([
      [px, -farY, -z],
      [px, farY, -z],
      [px, farY, z],
    ]);
  }
  for (const { at } of ticks.b) {
    const py = toScene(box, 0, at, 0)[1];
    line([
      [-farX, py, -z],
      [farX, py, -z],
      [farX, py, z],
    ]);
  }
  for (const { at } of ticks.height) {
    const pz = toScene(box, 0, 0, at)[2];
    line([
      [-farX, farY, pz],
      [farX, farY, pz],
      [farX, -farY, pz],
    ]);
  }
  line([
    [-x, -y, -z],
    [x, -y, -z],
    [x, y, -z],
    [-x, y, -z],
    [-x, -y, -z],
  ]);
}

/**
 * The cut through the surface on the sides that face the eye: a pane of glass down to the floor, so that the surface stands
 * on something. It lies over the drawn surface, where nothing is in front of it.
 * @param {Context} context
 * @param {Frame} frame
 * @param {Ink} ink
 */
export function drawSides(context, { box, heightField, near, faces, project }, ink) {
  const [x, y, z] = box.size.map((edge) => edge / 2);
  const { columns, rows, z: rim } = heightField;
  const column = near[0] > 0 ? columns - 1 : 0;
  const row = near[1] > 0 ? rows - 1 : 0;
  if (faces[0]) {
    const points = Array.from(
      { length: rows },
      (_, j) => /** @type {Vec} */ ([near[0] * x, ((2 * j) / (rows - 1) - 1) * y, rim[j * columns + column]]),
    );
    drawSide(context, points, z, project, ink);
  }
  if (faces[1]) {
    const points = Array.from(
      { length: columns },
      (_, i) => /** @type {Vec} */ ([((2 * i) / (columns - 1) - 1) * x, near[1] * y, rim[row * columns + i]]),
    );
    drawSide(context, points, z, project, ink);
  }
}

/** @param {Context} context @param {Vec[]} rim @param {number} z @param {(point: Vec) => Point} project @param {Ink} ink */
function drawSide(context, rim, z, project, ink) {
  const solid = rim.filter((point) => !Number.isNaN(point[2]));
  if (solid.length < 2) return;
  const top = solid.map(project);
  const ends = [solid[solid.length - 1], solid[0]].map(([px, py]) => project([px, py, -z]));
  trace(context, [...top, ...ends]);
  context.closePath();
  context.globalAlpha = 0.5;
  context.fillStyle = ink.panel;
  context.fill();
  context.globalAlpha = 1;
  strokeLine(context, [top[0], ends[1], ends[0], top[top.length - 1]], { color: ink.line, width: 1 });
}
