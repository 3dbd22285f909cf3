/** The sampled surface as a solid thing: its height anywhere, and what it hides from an eye. Pure. */

import { minus } from "./camera.js";

/** @import { Heights, Surface } from "../document/types.js" */
/** @import { Box, Vec } from "./camera.js" */

/** A point this share of the box's height under the surface counts as lying on it: less than one sees. */
const ON_SURFACE = 0.008;
/** How far a ray starts from its point, in cells: a point on the surface must not be hidden by its own cell. */
const CLEAR_OF_START = 0.75;

/**
 * @typedef {object} HeightField
 * @property {Box} box
 * @property {number} columns
 * @property {number} rows
 * @property {Float32Array} z        Heights in scene units, row-major, NaN where there is no surface.
 * @property {number} peak           The greatest of them.
 */

/** @param {Surface} surface @param {Heights} heights @param {Box} box @returns {HeightField} */
export function heightFieldOf(surface, heights, box) {
  const z = new Float32Array(surface.cost.length);
  let peak = -Infinity;
  const scale = box.size[2] / (box.high[2] - box.low[2]);
  for (let k = 0; k < z.length; k += 1) {
    const height = Math.max(heights.low, Math.min(heights.of(surface.cost[k]), heights.high));
    z[k] = (height - (box.low[2] + box.high[2]) / 2) * scale;
    if (z[k] > peak) peak = z[k];
  }
  return { box, columns: surface.a.length, rows: surface.b.length, z, peak };
}

/**
 * Height of the surface at fractional grid coordinates, bilinear as drawn; NaN outside.
 * @param {HeightField} heightField
 * @param {number} column
 * @param {number} row
 */
export function heightAt({ columns, rows, z }, column, row) {
  if (!(column >= 0 && row >= 0 && column <= columns - 1 && row <= rows - 1)) return NaN;
  const i = Math.min(columns - 2, Math.floor(column));
  const j = Math.min(rows - 2, Math.floor(row));
  const [s, t] = [column - i, row - j];
  const k = j * columns + i;
  return (1 - t) * ((1 - s) * z[k] + s * z[k + 1]) + t * ((1 - s) * z[k + columns] + s * z[k + columns + 1]);
}

/**
 * The surface's cost at (a, b), interpolated bilinearly between the samples; NaN outside or where one is not finite.
 * @param {Surface} surface
 * @param {number} a
 * @param {number} b
 */
export function costAt({ a: as, b: bs, cost }, a, b) {
  const column = ((a - as[0]) / (as[as.length - 1] - as[0])) * (as.length - 1);
  const row = ((b - bs[0]) / (bs[bs.length - 1] - bs[0])) * (bs.length - 1);
  return heightAt(/** @type {HeightField} */ ({ columns: as.length, rows: bs.length, z: cost }), column, row);
}

/**
 * A ray in grid coordinates: column, row and scene height move by one cell or less for each step.
 * @param {HeightField} heightField
 * @param {Vec} from
 * @param {Vec} toward
 */
function gridRay({ columns, rows, box: { size } }, from, toward) {
  const perX = (columns - 1) / size[0];
  const perY = (rows - 1) / size[1];
  const across = Math.max(Math.abs(toward[0]) * perX, Math.abs(toward[1]) * perY, 1e-9);
  return {
    column: (from[0] + size[0] / 2) * perX,
    row: (from[1] + size[1] / 2) * perY,
    z: from[2],
    dColumn: (toward[0] * perX) / across,
    dRow: (toward[1] * perY) / across,
    dz: toward[2] / across,
    cells: across,
  };
}

/**
 * Whether the eye sees a point of the scene, or the surface is in between.
 * @param {HeightField} heightField
 * @param {Vec} point
 * @param {Vec} eye
 */
export function seen(heightField, point, eye) {
  const slack = ON_SURFACE * heightField.box.size[2];
  const ray = gridRay(heightField, point, minus(eye, point));
  const below = heightAt(heightField, ray.column, ray.row) - point[2] > slack;
  const eyeAbove = eye[2] > heightField.peak || eye[2] > point[2];
  if (below && eyeAbove) return false;
  for (let t = CLEAR_OF_START; t < ray.cells; t += 1) {
    const z = ray.z + t * ray.dz;
    const level = heightAt(heightField, ray.column + t * ray.dColumn, ray.row + t * ray.dRow);
    if ((ray.dz > 0 && z > heightField.peak) || Number.isNaN(level)) return true;
    if (level > z + slack) return false;
  }
  return true;
}

/**
 * The first point of the surface that a ray from the eye meets, in scene coordinates.
 * @param {HeightField} heightField
 * @param {Vec} eye
 * @param {Vec} toward
 * @returns {Vec|null}
 */
export function strike(heightField, eye, toward) {
  const { size } = heightField.box;
  // From the eye to where the ray has surely left the box.
  const reach = Math.hypot(...eye) + Math.hypot(...size);
  const norm = Math.hypot(...toward);
  const ray = gridRay(heightField, eye, /** @type {any} */ (toward.map((part) => (part / norm) * reach)));
  let over = null;
  for (let t = 0; t < ray.cells; t += 0.5) {
    const gap =
      ray.z + t * ray.dz - heightAt(heightField, ray.column + t * ray.dColumn, ray.row + t * ray.dRow);
    if (over !== null && gap <= 0) {
      const hit = t - (0.5 * gap) / (gap - over);
      const share = hit / ray.cells;
      return /** @type {any} */ (eye.map((part, k) => part + (share * reach * toward[k]) / norm));
    }
    over = Number.isNaN(gap) || gap < 0 ? null : gap;
  }
  return null;
}
