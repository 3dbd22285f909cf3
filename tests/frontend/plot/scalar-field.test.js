import assert from "node:assert/strict";
import test from "node:test";
import { between, levelSegments, pixels, TWO_CLASSES } from "../../../frontend/js/plot/scalar-field.js";

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
