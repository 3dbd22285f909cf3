/** The 3D scene's geometry: the box that holds the picture, and the camera that looks at it. Pure. */

/** @import { Extent, Heights } from "../document/types.js" */

/** plotly's 3D scenes have this vertical field of view. */
const FIELD_OF_VIEW = Math.PI / 4;
const NEAR = 0.01;
const FAR = 1000;

/** @typedef {[number, number, number]} Vec */
/** @typedef {{eye: Vec, center: Vec}} Camera  The z axis always points up. */

/**
 * @typedef {object} Box            Data coordinates (a, b, height) and their place in the scene, which is centred on 0.
 * @property {Vec} low
 * @property {Vec} high
 * @property {Vec} size             Edges in scene units.
 */

/** Relief reads best somewhat flatter than a cube. */
const RELIEF = 0.62;
/** A plane's directions share one scale unless one extent is this much shorter than the other. */
const SLIMMEST = 0.4;

/** @param {Extent} extent @param {Heights} heights @returns {Box} */
export function boxOf([[a0, a1], [b0, b1]], heights) {
  const longest = Math.max(a1 - a0, b1 - b0);
  const size = /** @type {Vec} */ ([
    Math.max(SLIMMEST, (a1 - a0) / longest),
    Math.max(SLIMMEST, (b1 - b0) / longest),
    RELIEF,
  ]);
  return { low: [a0, b0, heights.low], high: [a1, b1, heights.high], size };
}

/** @param {Box} box @param {number} a @param {number} b @param {number} height @returns {Vec} */
export function toScene({ low, high, size }, a, b, height) {
  return [
    ((a - low[0]) / (high[0] - low[0]) - 0.5) * size[0],
    ((b - low[1]) / (high[1] - low[1]) - 0.5) * size[1],
    ((height - low[2]) / (high[2] - low[2]) - 0.5) * size[2],
  ];
}

/** @param {Box} box @param {Vec} point @returns {Vec} */
export function fromScene({ low, high, size }, [x, y, z]) {
  return [
    low[0] + (x / size[0] + 0.5) * (high[0] - low[0]),
    low[1] + (y / size[1] + 0.5) * (high[1] - low[1]),
    low[2] + (z / size[2] + 0.5) * (high[2] - low[2]),
  ];
}

/** @param {Vec} a @param {Vec} b @returns {Vec} */
export const minus = (a, b) => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
/** @param {Vec} a @param {Vec} b @param {number} t @returns {Vec} */
const along = (a, b, t) => [a[0] + t * b[0], a[1] + t * b[1], a[2] + t * b[2]];
/** @param {Vec} a @param {Vec} b */
const dot = (a, b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
/** @param {Vec} a @param {Vec} b @returns {Vec} */
const cross = (a, b) => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
/** @param {Vec} a */
export const length = (a) => Math.sqrt(dot(a, a));
/** @param {Vec} a @returns {Vec} */
const unit = (a) => along([0, 0, 0], a, 1 / (length(a) || 1));

/** @param {number} azimuth @param {number} elevation  Radians. @returns {Vec} */
export function direction(azimuth, elevation) {
  return [
    Math.cos(azimuth) * Math.cos(elevation),
    Math.sin(azimuth) * Math.cos(elevation),
    Math.sin(elevation),
  ];
}

/**
 * The camera after going around its centre, with the eye at the same height.
 * @param {Camera} camera
 * @param {number} angle   Radians, against the clock as seen from above.
 * @returns {Camera}
 */
export function turned({ eye, center }, angle) {
  const [x, y, z] = minus(eye, center);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return { eye: [center[0] + cos * x - sin * y, center[1] + sin * x + cos * y, center[2] + z], center };
}

/** @param {Camera} camera @returns {{right: Vec, up: Vec, back: Vec}} */
function frameOf({ eye, center }) {
  const back = unit(minus(eye, center));
  const right = unit(cross([0, 0, 1], back));
  return { right, up: cross(back, right), back };
}

/** The light stands over the left shoulder of who looks: so far to the left, towards the eye, and up. */
const LIGHT = Object.freeze([0.75, 0.25, 0.85]);

/**
 * Towards the light, which goes around with the eye.
 * @param {Vec} toEye   From the centre, or what is looked at.
 * @returns {Vec}
 */
export function lightFrom([x, y]) {
  const norm = Math.hypot(x, y) || 1;
  const [left, near, up] = LIGHT;
  return unit([(near * x + left * y) / norm, (near * y - left * x) / norm, up]);
}

/**
 * Where the camera's picture shows a point of the scene.
 * @typedef {object} Projector
 * @property {number} width
 * @property {number} height
 * @property {Vec} eye
 * @property {(point: Vec) => [number, number]} project   Scene point to pixels.
 * @property {(x: number, y: number) => Vec} ray          Direction, of any length, from the eye through a pixel.
 */

/** @param {Camera} camera @param {number} width @param {number} height @returns {Projector} */
export function projector(camera, width, height) {
  const { right, up, back } = frameOf(camera);
  const focal = height / 2 / Math.tan(FIELD_OF_VIEW / 2);
  const { eye } = camera;
  return {
    width,
    height,
    eye,
    project(point) {
      const from = minus(point, eye);
      const depth = Math.max(NEAR, -dot(from, back));
      return [width / 2 + (focal * dot(from, right)) / depth, height / 2 - (focal * dot(from, up)) / depth];
    },
    ray(x, y) {
      return along(
        along(along([0, 0, 0], right, (x - width / 2) / focal), up, (height / 2 - y) / focal),
        back,
        -1,
      );
    },
  };
}

/**
 * The camera's view matrix, column by column as WebGL has it; the browser tests hold it against the drawn one.
 * @param {Camera} camera
 * @returns {number[]}
 */
export function viewMatrix(camera) {
  const { right: r, up: u, back: b } = frameOf(camera);
  const { eye } = camera;
  return [
    r[0],
    u[0],
    b[0],
    0,
    r[1],
    u[1],
    b[1],
    0,
    r[2],
    u[2],
    b[2],
    0,
    -dot(r, eye),
    -dot(u, eye),
    -dot(b, eye),
    1,
  ];
}

/**
 * The inverse of what `viewMatrix` does, for a matrix read from the drawn scene.
 * @param {ArrayLike<number>} view
 * @param {number} distance   From the eye to the centre, which the matrix does not hold.
 * @returns {Camera}
 */
export function cameraOf(view, distance) {
  const t = /** @type {Vec} */ ([view[12], view[13], view[14]]);
  const eye = /** @type {Vec} */ (
    [0, 1, 2].map((k) => -dot([view[4 * k], view[4 * k + 1], view[4 * k + 2]], t))
  );
  return { eye, center: along(eye, [view[2], view[6], view[10]], -distance) };
}

/** @typedef {{top: number, right: number, bottom: number, left: number}} Insets  Pixels to keep free. */

const ROUNDS = 16;

/**
 * The camera that looks along `toEye` and fills the free part of the picture with the points. It turns about the box's own
 * upright axis, so that the box stays in the picture when it is turned.
 * @param {Vec} toEye
 * @param {Vec[]} points
 * @param {{width: number, height: number, insets: Insets}} picture
 * @returns {Camera}
 */
export function fitCamera(toEye, points, { width, height, insets }) {
  const back = unit(toEye);
  const free = {
    wide: Math.max(40, width - insets.left - insets.right),
    tall: Math.max(40, height - insets.top - insets.bottom),
  };
  const [x, y] = [insets.left + free.wide / 2, insets.top + free.tall / 2];
  let center = /** @type {Vec} */ ([0, 0, 0]);
  let distance = 2.2;
  for (let round = 0; round < ROUNDS; round += 1) {
    const { project } = projector({ eye: along(center, back, distance), center }, width, height);
    const { left, right, top, bottom } = boundsOf(points.map(project));
    const pixel = (2 * distance * Math.tan(FIELD_OF_VIEW / 2)) / height;
    // Seen from above, a move along z shows shortened.
    const shift = (((top + bottom) / 2 - y) * pixel) / Math.max(0.3, Math.hypot(back[0], back[1]));
    center = [0, 0, Math.max(-1, Math.min(1, center[2] - shift))];
    const fill = Math.max(
      (2 * (x - left)) / free.wide,
      (2 * (right - x)) / free.wide,
      (bottom - top) / free.tall,
    );
    // Half of the correction: what is near grows faster than the distance shrinks.
    distance = Math.min(FAR / 2, Math.max(0.8, distance * Math.sqrt(Math.max(0.2, fill))));
  }
  return { eye: along(center, back, distance), center };
}

/** @param {[number, number][]} pixels */
function boundsOf(pixels) {
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const [x, y] of pixels) {
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return { left, right, top, bottom };
}
