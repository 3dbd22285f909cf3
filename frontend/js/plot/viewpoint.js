/** The first look: from where the paths, their ends and the low places are best seen. Pure. */

import { direction, fitCamera, length, minus, projector, toScene } from "./camera.js";
import { heightAt, seen } from "./height-field.js";

/** @import { Heights, Run } from "../document/types.js" */
/** @import { Box, Camera, Insets, Vec } from "./camera.js" */
/** @import { HeightField } from "./height-field.js" */
/** @import { Rect } from "./labels.js" */

const AZIMUTHS = 24;
/**
 * Steep enough to see into valleys, low enough that hills stay hills; and steeper ones, each for where all before it hide a
 * start, an end or a lowest point.
 */
const ELEVATIONS = [[34, 42, 50], [57], [64], [72]].map((group) =>
  group.map((degrees) => (degrees * Math.PI) / 180),
);
const END_ON = 0.4;
/** Directions are compared in a picture of this shape, so that the same experiment looks the same in every window. */
const REFERENCE = { width: 900, height: 600, insets: { top: 40, right: 30, bottom: 40, left: 30 } };
const SAMPLES_PER_RUN = 40;
/** What counts in views that hide as little: that the paths are seen, how wide they spread, that one looks from below. */
const WEIGHTS = { paths: 3, spread: 1, lowSide: 0.8 };

/** @typedef {{width: number, height: number, insets: Insets}} Pane */

/**
 * @param {HeightField} heightField
 * @param {Run[]} runs
 * @param {Heights} heights
 * @param {Pane} picture
 * @param {Rect[]} [controls]   That lie over the picture.
 * @returns {Camera}
 */
export function firstCamera(heightField, runs, heights, picture, controls = []) {
  const toEye = firstDirection(heightField, runs, heights);
  const outline = outlineOf(heightField, runs, heights);
  return besideControls(controls, outline, picture, (pane) => fitCamera(toEye, outline, pane));
}

/** How far down from the top of the pane to the foot of its controls a picture begins: as little as need be. */
const LOWER = [0, 0.25, 0.5, 0.75, 1];

/**
 * The camera that fits a pane, farther down where a control would lie on what must be seen.
 * @param {Rect[]} controls
 * @param {Vec[]} outline
 * @param {Pane} pane
 * @param {(pane: Pane) => Camera} fit
 * @returns {Camera}
 */
export function besideControls(controls, outline, pane, fit) {
  const { top } = pane.insets;
  const foot = Math.min(pane.height / 2, Math.max(top, ...controls.map(({ y, height }) => y + height)));
  const lowered = LOWER.map((share) => ({
    ...pane,
    insets: { ...pane.insets, top: top + share * (foot - top) },
  }));
  for (const one of lowered) {
    const camera = fit(one);
    if (!covers(controls, outline, camera, pane)) return camera;
  }
  return fit(lowered[lowered.length - 1]);
}

/** @param {Rect[]} controls @param {Vec[]} outline @param {Camera} camera @param {Pane} pane */
function covers(controls, outline, camera, { width, height }) {
  const { project } = projector(camera, width, height);
  const pixels = outline.map(project);
  return controls.some((rect) =>
    pixels.some(([x, y]) => x > rect.x && x < rect.x + rect.width && y > rect.y && y < rect.y + rect.height),
  );
}

/**
 * @param {HeightField} heightField
 * @param {Run[]} runs
 * @param {Heights} heights
 * @returns {Vec}   From the centre towards the eye.
 */
function firstDirection(heightField, runs, heights) {
  const paths = runs
    .map((run) => samplesOf(run, heightField.box, heights))
    .filter(({ length }) => length > 0);
  const important = paths.flatMap(importantOf).map((point) => raised(heightField, point));
  const outline = outlineOf(heightField, runs, heights);
  let best = { hidden: Infinity, score: -Infinity, toEye: direction(-Math.PI / 3, ELEVATIONS[0][0]) };
  for (const elevations of ELEVATIONS) {
    for (const toEye of elevations.flatMap(directions)) {
      const camera = fitCamera(toEye, outline, REFERENCE);
      const hidden = important.filter((point) => !seen(heightField, point, camera.eye)).length;
      if (hidden > best.hidden) continue;
      const score = scoreOf(heightField, paths.flat(), camera, REFERENCE);
      if (hidden < best.hidden || score > best.score + 1e-9) best = { hidden, score, toEye };
    }
    if (best.hidden === 0) break;
  }
  return best.toEye;
}

/** All around at an elevation, but for those from where an axis is seen end-on: it cannot be read. @param {number} elevation */
const directions = (elevation) =>
  Array.from({ length: AZIMUTHS }, (_, k) => (k / AZIMUTHS) * 2 * Math.PI)
    .filter((azimuth) => Math.min(Math.abs(Math.sin(azimuth)), Math.abs(Math.cos(azimuth))) >= END_ON)
    .map((azimuth) => direction(azimuth, elevation));

/** What of a path must be seen: its start, its end, where it is lowest. @param {Vec[]} path @returns {Vec[]} */
const importantOf = (path) => [
  path[0],
  path[path.length - 1],
  path.reduce((lowest, point) => (point[2] < lowest[2] ? point : lowest)),
];

/** The same on the surface, where it lies under it: there no eye above sees it. @param {HeightField} heightField @param {Vec} point @returns {Vec} */
function raised(heightField, [x, y, z]) {
  const { columns, rows, box } = heightField;
  const level = heightAt(
    heightField,
    (x / box.size[0] + 0.5) * (columns - 1),
    (y / box.size[1] + 0.5) * (rows - 1),
  );
  return [x, y, Number.isNaN(level) ? z : Math.max(z, level)];
}

/** An eye nearer than this share of the fitting distance came close on purpose. */
const CLOSE = 0.75;

/**
 * The same look at a picture of another size or shape.
 * @param {Camera} camera
 * @param {Vec[]} outline
 * @param {Pane} pane
 * @param {Pane} [before]   The pane that the camera was made for: a learner's zoom in it is kept.
 * @returns {Camera}
 */
export function refitCamera({ eye, center }, outline, pane, before) {
  const toEye = minus(eye, center);
  const fitted = fitCamera(toEye, outline, pane);
  if (!before) return fitted;
  const zoom = length(toEye) / length(minus(...ends(fitCamera(toEye, outline, before))));
  return { eye: lerp(...ends(fitted), zoom), center: fitted.center };
}

/**
 * A link holds the eye as seen from the centre. Panes differ, so what it says for sure is the direction; the picture is
 * filled as it is here, unless the eye was clearly closer than that, and than in a pane of the usual shape.
 * @param {Vec} toEye
 * @param {Vec[]} outline
 * @param {Pane} pane
 * @returns {Camera}
 */
export function linkedCamera(toEye, outline, pane) {
  const fitted = fitCamera(toEye, outline, pane);
  const usual = length(minus(...ends(fitCamera(toEye, outline, REFERENCE))));
  const zoom = length(toEye) / length(minus(...ends(fitted)));
  return Math.max(zoom, length(toEye) / usual) < CLOSE
    ? { eye: lerp(...ends(fitted), zoom), center: fitted.center }
    : fitted;
}

/** @param {Camera} camera @returns {[Vec, Vec]} */
const ends = ({ eye, center }) => [eye, center];

/** From the centre towards the eye. @param {Vec} eye @param {Vec} center @param {number} share @returns {Vec} */
const lerp = (eye, center, share) =>
  /** @type {Vec} */ ([0, 1, 2].map((k) => center[k] + share * (eye[k] - center[k])));

/** @param {Run} run @param {Box} box @param {Heights} heights @returns {Vec[]} */
function samplesOf(run, box, heights) {
  const count = Math.min(SAMPLES_PER_RUN, run.count);
  const points = [];
  for (let k = 0; k < count; k += 1) {
    const entry = count === 1 ? 0 : Math.round((k * (run.count - 1)) / (count - 1));
    const point = toScene(
      box,
      run.a[entry],
      run.b[entry],
      Math.max(heights.low, heights.of(run.cost[entry])),
    );
    if (point.every((part, axis) => Math.abs(part) <= box.size[axis] / 2 + 1e-9)) points.push(point);
  }
  return points;
}

/**
 * @param {HeightField} heightField
 * @param {Vec[]} points   Of all paths.
 * @param {Camera} camera
 * @param {{width: number, height: number}} picture
 */
function scoreOf(heightField, points, camera, { width, height }) {
  const { project } = projector(camera, width, height);
  const inSight = points.filter((point) => seen(heightField, point, camera.eye));
  const pixels = points.map(project);
  const spread =
    Math.sqrt(deviation(pixels.map(([x]) => x)) * deviation(pixels.map(([, y]) => y))) /
    Math.min(width, height);
  return (
    (WEIGHTS.paths * inSight.length) / Math.max(1, points.length) +
    WEIGHTS.spread * 4 * spread +
    WEIGHTS.lowSide * lowSide(heightField, camera)
  );
}

/** @param {number[]} values */
function deviation(values) {
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length));
}

/**
 * How much lower the near half of the surface is than the far half, in shares of the box's height.
 * @param {HeightField} heightField
 * @param {Camera} camera
 */
function lowSide(heightField, { eye, center }) {
  let sum = 0;
  let weight = 0;
  const norm = Math.hypot(eye[0] - center[0], eye[1] - center[1]);
  for (let j = 0; j <= 8; j += 1) {
    for (let i = 0; i <= 8; i += 1) {
      const z = heightAt(heightField, (i / 8) * (heightField.columns - 1), (j / 8) * (heightField.rows - 1));
      if (Number.isNaN(z)) continue;
      const nearness = ((i / 8 - 0.5) * (eye[0] - center[0]) + (j / 8 - 0.5) * (eye[1] - center[1])) / norm;
      sum -= nearness * z;
      weight += Math.abs(nearness);
    }
  }
  return weight > 0 ? (2 * sum) / weight / heightField.box.size[2] : 0;
}

/** Room for numbers and titles around the floor, in scene units. */
const RIM = 0.17;

/**
 * What must be inside the picture: the floor with room for its numbers, the surface's own silhouette, the paths.
 * @param {HeightField} heightField
 * @param {Run[]} runs
 * @param {Heights} heights
 * @returns {Vec[]}
 */
export function outlineOf(heightField, runs, heights) {
  const [x, y, z] = heightField.box.size.map((size) => size / 2);
  /** @type {Vec[]} */
  const points = [
    [-1, -1],
    [1, -1],
    [1, 1],
    [-1, 1],
  ].map(([i, j]) => [i * x, j * y, -z]);
  for (const side of [-1, 1]) points.push([side * (x + RIM), 0, -z], [0, side * (y + RIM), -z]);
  for (let j = 0; j <= 8; j += 1) {
    for (let i = 0; i <= 8; i += 1) {
      const level = heightAt(
        heightField,
        (i / 8) * (heightField.columns - 1),
        (j / 8) * (heightField.rows - 1),
      );
      if (!Number.isNaN(level)) points.push([(i / 4 - 1) * x, (j / 4 - 1) * y, level]);
    }
  }
  return [...points, ...runs.flatMap((run) => samplesOf(run, heightField.box, heights))];
}
