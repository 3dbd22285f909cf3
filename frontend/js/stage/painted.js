/** The surface without a graphics card: painted cell by cell from the back to the front, until or instead of the 3D scene. */

import { colorIn } from "../plot/basins.js";
import { lightFrom } from "../plot/camera.js";
import { contourLevels, LIGHTING, VIRIDIS } from "../plot/figure.js";
import { trace } from "../ui/canvas.js";

/** @import { Heights } from "../document/types.js" */
/** @import { Basins } from "../plot/basins.js" */
/** @import { Projector, Vec } from "../plot/camera.js" */
/** @import { HeightField } from "../plot/height-field.js" */
/** @import { Context, Point } from "../ui/canvas.js" */

/** @typedef {{points: Point[], z: number[], shade: number}} Cell   Corners around the cell, their heights in the scene. */

/** Cells painted along a side: enough for a first picture, few enough for one frame. */
const MOST_CELLS = 60;
const LINE = "rgba(255,255,255,0.42)";

/** @param {string} hex @returns {Vec} */
const parsed = (hex) => /** @type {Vec} */ ([1, 3, 5].map((k) => parseInt(hex.slice(k, k + 2), 16)));
const STOPS = VIRIDIS.map(parsed);

/** @param {number} share @returns {Vec} */
function colorAt(share) {
  const place = Math.max(0, Math.min(0.999999, share)) * (STOPS.length - 1);
  const [from, to] = [STOPS[Math.floor(place)], STOPS[Math.floor(place) + 1]];
  return /** @type {Vec} */ (from.map((part, k) => part + (place % 1) * (to[k] - part)));
}

/**
 * Indices from the far ends of a side towards the eye.
 * @param {number} cells
 * @param {number} eye   The eye's own place along the side, in cells.
 */
export function farToNear(cells, eye) {
  const order = Array.from({ length: cells }, (_, k) => k);
  return order.sort((p, q) => Math.abs(q + 0.5 - eye) - Math.abs(p + 0.5 - eye));
}

/**
 * @param {Context} context
 * @param {HeightField} heightField
 * @param {Heights} heights
 * @param {Projector} view
 * @param {Basins|null} [basins]   Whose colours the surface has, in place of its heights'.
 */
export function paintSurface(context, heightField, heights, view, basins = null) {
  const {
    box: { size },
  } = heightField;
  const [wide, deep] = [heightField.columns - 1, heightField.rows - 1];
  const stride = Math.ceil(Math.max(wide, deep) / MOST_CELLS);
  const [across, along] = [Math.ceil(wide / stride), Math.ceil(deep / stride)];
  const levels = levelsIn(heightField, heights);
  const columns = farToNear(across, (view.eye[0] / size[0] + 0.5) * across);
  for (const row of farToNear(along, (view.eye[1] / size[1] + 0.5) * along)) {
    for (const column of columns) {
      const [across, along] = [
        [column, column + 1].map((k) => Math.min(wide, k * stride)),
        [row, row + 1].map((k) => Math.min(deep, k * stride)),
      ];
      const cell = cellAt(heightField, view, across, along);
      if (!cell) continue;
      const middle = /** @type {[number, number]} */ ([
        (across[0] + across[1]) / 2 / wide,
        (along[0] + along[1]) / 2 / deep,
      ]);
      const z = (cell.z[0] + cell.z[1] + cell.z[2] + cell.z[3]) / 4;
      paintCell(
        context,
        cell,
        basins ? parsed(colorIn(basins, heightField.box, middle)) : colorAt(z / size[2] + 0.5),
        levels,
      );
    }
  }
}

/** Heights of the contour lines in the scene. @param {HeightField} heightField @param {Heights} heights */
function levelsIn({ box: { low, high, size } }, heights) {
  const { start, end, size: step } = contourLevels(heights, heights.scene_lines);
  const levels = [];
  for (let level = start; level < end; level += step)
    levels.push(((level - low[2]) / (high[2] - low[2]) - 0.5) * size[2]);
  return levels;
}

/**
 * @param {HeightField} heightField
 * @param {Projector} view
 * @param {number[]} columns
 * @param {number[]} rows
 * @returns {Cell|null}   Null where there is no surface.
 */
function cellAt({ columns: count, rows: lines, z, box: { size } }, view, [i0, i1], [j0, j1]) {
  const corners = /** @type {Vec[]} */ (
    [
      [i0, j0],
      [i1, j0],
      [i1, j1],
      [i0, j1],
    ].map(([i, j]) => [
      (i / (count - 1) - 0.5) * size[0],
      (j / (lines - 1) - 0.5) * size[1],
      z[j * count + i],
    ])
  );
  if (corners.some((corner) => Number.isNaN(corner[2]))) return null;
  return {
    points: corners.map(view.project),
    z: corners.map((corner) => corner[2]),
    shade: shadeOf(corners, view.eye),
  };
}

/** How squarely a cell faces the light, on the side that is seen. @param {Vec[]} corners @param {Vec} eye */
function shadeOf([p, q, r, s], eye) {
  const u = [r[0] - p[0], r[1] - p[1], r[2] - p[2]];
  const v = [s[0] - q[0], s[1] - q[1], s[2] - q[2]];
  const normal = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]];
  const size = Math.hypot(...normal) || 1;
  const along = (/** @type {number[]} */ [x, y, z]) => (normal[0] * x + normal[1] * y + normal[2] * z) / size;
  const facing = along([eye[0] - p[0], eye[1] - p[1], eye[2] - p[2]]) < 0 ? -1 : 1;
  return Math.min(1, LIGHTING.ambient + LIGHTING.diffuse * Math.max(0, facing * along(lightFrom(eye))));
}

/** @param {Context} context @param {Cell} cell @param {Vec} own @param {number[]} levels */
function paintCell(context, { points, z, shade }, own, levels) {
  const color = `rgb(${own.map((part) => Math.round(shade * part)).join(" ")})`;
  trace(context, points);
  context.closePath();
  context.fillStyle = color;
  context.fill();
  // Smoothed edges would let the page through between neighbours.
  context.strokeStyle = color;
  context.lineWidth = 0.8;
  context.stroke();
  const [low, high] = [Math.min(...z), Math.max(...z)];
  for (const level of levels) if (level > low && level < high) paintLine(context, points, z, level);
}

/** @param {Context} context @param {Point[]} points @param {number[]} z @param {number} level */
function paintLine(context, points, z, level) {
  const ends = [0, 1, 2, 3].flatMap((k) => {
    const next = (k + 1) % 4;
    const share = (level - z[k]) / (z[next] - z[k]);
    if (!(share >= 0 && share < 1)) return [];
    return [
      /** @type {Point} */ ([
        points[k][0] + share * (points[next][0] - points[k][0]),
        points[k][1] + share * (points[next][1] - points[k][1]),
      ]),
    ];
  });
  if (ends.length < 2) return;
  context.strokeStyle = LINE;
  context.lineWidth = 1;
  trace(context, ends.slice(0, 2));
  context.stroke();
}
