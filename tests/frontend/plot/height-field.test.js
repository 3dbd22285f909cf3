import assert from "node:assert/strict";
import { test } from "node:test";
import { boxOf, toScene } from "../../../frontend/js/plot/camera.js";
import { costAt, heightAt, heightFieldOf, seen, strike } from "../../../frontend/js/plot/height-field.js";
import { heightsOf } from "../../../frontend/js/plot/heights.js";
import { surfaceOf } from "../sampled-surface.js";

const hill = (a, b) => Math.exp(-(a * a + b * b) / 0.05);

function surfaceOn(f, options) {
  const surface = surfaceOf(f, { columns: 61, rows: 41, ...options });
  const heights = heightsOf(surface.height.linear);
  return heightFieldOf(
    surface,
    heights,
    boxOf(
      [
        [-1, 1],
        [-1, 1],
      ],
      heights,
    ),
  );
}

test("between samples the cost is interpolated bilinearly, exactly so for a bilinear function", () => {
  const f = (a, b) => 2 + 3 * a - b + 0.5 * a * b;
  const surface = surfaceOf(f, { columns: 7, rows: 5 });
  for (const [a, b] of [
    [-1, -1],
    [1, 1],
    [0.123, -0.77],
    [0.999, 0.001],
  ])
    assert.ok(Math.abs(costAt(surface, a, b) - f(a, b)) < 1e-6);
  assert.ok(Number.isNaN(costAt(surface, 1.01, 0)));
});

test("a cell with an undefined corner has no cost, as it is drawn open", () => {
  const surface = surfaceOf((a, b) => a + b, { columns: 5, rows: 5 });
  surface.cost[2 * 5 + 2] = NaN;
  assert.ok(Number.isNaN(costAt(surface, 0.1, 0.1)));
  assert.ok(!Number.isNaN(costAt(surface, 0.9, 0.9)));
});

test("a surface above the axis is flat at its top", () => {
  const surface = surfaceOf((a) => (a > 0 ? 1e9 : 1), { columns: 5, rows: 5 });
  const heights = { ...heightsOf(surface.height.linear), low: 0, high: 2 };
  const heightField = heightFieldOf(
    surface,
    heights,
    boxOf(
      [
        [-1, 1],
        [-1, 1],
      ],
      heights,
    ),
  );
  assert.ok(Math.abs(heightAt(heightField, 4, 2) - heightField.box.size[2] / 2) < 1e-6);
});

test("a hill hides what is behind it and nothing in front of it", () => {
  const heightField = surfaceOn(hill);
  const at = (a, b, height = hill(a, b)) => toScene(heightField.box, a, b, height);
  const eye = [2, 0, 0.1];
  assert.equal(seen(heightField, at(-0.6, 0), eye), false);
  assert.equal(seen(heightField, at(0.6, 0), eye), true);
  assert.equal(seen(heightField, at(-0.6, 0.9), eye), true);
  assert.equal(seen(heightField, at(0, 0), eye), true);
});

test("a path under the surface is hidden, one on it or over it is not", () => {
  const heightField = surfaceOn(() => 1, {});
  const box = { ...heightField.box };
  const eye = [1, 1, 1.5];
  const place = (lift) => {
    const point = toScene(box, 0.1, 0.1, 1);
    point[2] = heightField.peak + lift;
    return point;
  };
  assert.equal(seen(heightField, place(0), eye), true);
  assert.equal(seen(heightField, place(0.1), eye), true);
  assert.equal(seen(heightField, place(-0.1), eye), false);
});

test("every point of a smooth slope that faces the eye sees the eye", () => {
  const slope = (a, b) => 0.5 * a * a + b;
  const heightField = surfaceOn(slope);
  for (let k = 0; k < 200; k += 1) {
    const [a, b] = [-0.95 + (1.9 * k) / 200, Math.sin(k) * 0.95];
    assert.ok(seen(heightField, toScene(heightField.box, a, b, slope(a, b)), [0, -1.6, 1]), `(${a}, ${b})`);
  }
});

test("a ray strikes the surface where the surface is, the nearer side first", () => {
  const heightField = surfaceOn(hill);
  const eye = [2, 0.02, 0.3];
  const toward = [-2, -0.02, -0.32];
  const hit = strike(heightField, eye, toward);
  assert.ok(hit && hit[0] > 0, "on the side of the eye");
  const level = heightAt(heightField, (hit[0] + 0.5) * 60, (hit[1] + 0.5) * 40);
  assert.ok(Math.abs(level - hit[2]) < 0.01, `${level} at ${hit}`);
  assert.equal(strike(heightField, eye, [0, 0, 1]), null);
});
