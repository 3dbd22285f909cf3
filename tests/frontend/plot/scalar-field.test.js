import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import {
  between,
  CLASS_COLORS,
  levelSegments,
  pixels,
  TWO_CLASSES,
} from "../../../frontend/js/plot/scalar-field.js";

const gridOf = (width, height, f) => ({
  width,
  height,
  values: Float64Array.from({ length: width * height }, (_, k) => f(k % width, Math.floor(k / width))),
});

test("a linear field's level line is straight and exact", () => {
  const segments = levelSegments(
    gridOf(8, 6, (x, y) => x + 2 * y),
    7.3,
  );
  assert.ok(segments.length > 5);
  for (const [x0, y0, x1, y1] of segments) {
    assert.ok(Math.abs(x0 + 2 * y0 - 7.3) < 1e-12 && Math.abs(x1 + 2 * y1 - 7.3) < 1e-12);
  }
});

test("a circle's level line closes: every end is met by another", () => {
  const ends = new Map();
  for (const [x0, y0, x1, y1] of levelSegments(
    gridOf(21, 21, (x, y) => Math.hypot(x - 10, y - 10)),
    6.3,
  )) {
    for (const end of [`${x0.toFixed(9)},${y0.toFixed(9)}`, `${x1.toFixed(9)},${y1.toFixed(9)}`])
      ends.set(end, (ends.get(end) ?? 0) + 1);
  }
  assert.ok(ends.size > 30);
  assert.ok([...ends.values()].every((count) => count === 2));
});

test("a saddle cell is cut so that equal corners stay joined through its mean", () => {
  const cut = (corners) =>
    levelSegments({ width: 2, height: 2, values: [corners[0], corners[1], corners[3], corners[2]] }, 0);
  const joined = cut([3, -1, 3, -1]);
  assert.equal(joined.length, 2);
  // The mean is positive: the two negative corners are cut off on their own.
  for (const [x0, y0, x1, y1] of joined) {
    const nearLowerRight = Math.hypot((x0 + x1) / 2 - 1, (y0 + y1) / 2) < 0.5;
    const nearUpperLeft = Math.hypot((x0 + x1) / 2, (y0 + y1) / 2 - 1) < 0.5;
    assert.ok(nearLowerRight || nearUpperLeft);
  }
});

test("row 0 of the field is the bottom row of the picture", () => {
  const rgba = pixels(
    gridOf(1, 2, (_, y) => y),
    (index) => (index === 0 ? [1, 2, 3] : [9, 8, 7]),
  );
  assert.deepEqual([...rgba], [9, 8, 7, 255, 1, 2, 3, 255]);
});

test("colours meet in the middle and stop at the ends", () => {
  const stops = TWO_CLASSES.dark;
  assert.deepEqual(
    [between(stops, -3), between(stops, 0.5), between(stops, 2)],
    [stops[0], stops[1], stops[2]],
  );
});

/** What is seen without the long or the middle cones, in linear RGB: Machado, Oliveira & Fernandes (2009), severity 1. */
const SIGHTS = {
  all: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  long: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  middle: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.042943, 0.968881],
  ],
};
const times = (matrix, vector) =>
  matrix.map((row) => row.reduce((sum, part, k) => sum + part * vector[k], 0));

/** CIELAB under D65 of an sRGB colour, as a kind of sight has it. */
function lab(rgb, sight = SIGHTS.all) {
  const linear = rgb.map((value) =>
    value <= 10.31475 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4,
  );
  const seen = times(sight, linear).map((part) => Math.max(0, Math.min(1, part)));
  const [x, y, z] = times(
    [
      [0.4124564 / 0.95047, 0.3575761 / 0.95047, 0.1804375 / 0.95047],
      [0.2126729, 0.7151522, 0.072175],
      [0.0193339 / 1.08883, 0.119192 / 1.08883, 0.9503041 / 1.08883],
    ],
    seen,
  ).map((part) => (part > 216 / 24389 ? Math.cbrt(part) : (part * 24389) / 27 / 116 + 16 / 116));
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}
const apart = (one, other, sight) =>
  Math.hypot(...lab(one, sight).map((part, k) => part - lab(other, sight)[k]));

test("classes and units have no run's colour, and the first six are told apart by the colour-blind too", () => {
  const tokens = readFileSync(new URL("../../../frontend/styles/tokens.css", import.meta.url), "utf8");
  const runs = [...tokens.matchAll(/--run-\d: #(..)(..)(..);/g)].map(([, ...parts]) =>
    parts.map((part) => Number.parseInt(part, 16)),
  );
  assert.equal(runs.length, 8);
  for (const color of CLASS_COLORS)
    for (const run of runs) assert.ok(apart(color, run) > 20, `${color} ${run}`);
  const first = CLASS_COLORS.slice(0, 6);
  for (const sight of Object.values(SIGHTS))
    first.forEach((one, k) => {
      for (const other of first.slice(0, k)) assert.ok(apart(one, other, sight) >= 24, `${one} and ${other}`);
    });
});
