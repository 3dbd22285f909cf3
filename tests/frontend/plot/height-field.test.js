import assert from "node:assert/strict";
import { test } from "node:test";
import { boxOf, toScene } from "../../../frontend/js/plot/camera.js";
import { costAt, groundAt, seen, strike, terrainOf } from "../../../frontend/js/plot/height-field.js";
import { heightsOf } from "../../../frontend/js/plot/heights.js";
import { surfaceOf } from "../ground.js";

const hill = (a, b) => Math.exp(-(a * a + b * b) / 0.05);

function groundOf(f, options) {
  const surface = surfaceOf(f, { columns: 61, rows: 41, ...options });
  const heights = heightsOf(surface.height.linear);
  return terrainOf(
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

test("ground above the axis is flat at its top", () => {
  const surface = surfaceOf((a) => (a > 0 ? 1e9 : 1), { columns: 5, rows: 5 });
  const heights = { ...heightsOf(surface.height.linear), low: 0, high: 2 };
  const terrain = terrainOf(
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
  assert.ok(Math.abs(groundAt(terrain, 4, 2) - terrain.box.size[2] / 2) < 1e-6);
});

test("a hill hides what is behind it and nothing in front of it", () => {
  const terrain = groundOf(hill);
  const at = (a, b, height = hill(a, b)) => toScene(terrain.box, a, b, height);
  const eye = [2, 0, 0.1];
  assert.equal(seen(terrain, at(-0.6, 0), eye), false);
  assert.equal(seen(terrain, at(0.6, 0), eye), true);
  assert.equal(seen(terrain, at(-0.6, 0.9), eye), true);
  assert.equal(seen(terrain, at(0, 0), eye), true);
});

test("a path under the ground is hidden, one on it or over it is not", () => {
  const terrain = groundOf(() => 1, {});
  const box = { ...terrain.box };
  const eye = [1, 1, 1.5];
  const place = (lift) => {
    const point = toScene(box, 0.1, 0.1, 1);
    point[2] = terrain.peak + lift;
    return point;
  };
  assert.equal(seen(terrain, place(0), eye), true);
  assert.equal(seen(terrain, place(0.1), eye), true);
  assert.equal(seen(terrain, place(-0.1), eye), false);
});

test("every point of a smooth slope that faces the eye sees the eye", () => {
  const slope = (a, b) => 0.5 * a * a + b;
  const terrain = groundOf(slope);
  for (let k = 0; k < 200; k += 1) {
    const [a, b] = [-0.95 + (1.9 * k) / 200, Math.sin(k) * 0.95];
    assert.ok(seen(terrain, toScene(terrain.box, a, b, slope(a, b)), [0, -1.6, 1]), `(${a}, ${b})`);
  }
});

test("a ray strikes the ground where the ground is, the nearer side first", () => {
  const terrain = groundOf(hill);
  const eye = [2, 0.02, 0.3];
  const toward = [-2, -0.02, -0.32];
  const hit = strike(terrain, eye, toward);
  assert.ok(hit && hit[0] > 0, "on the side of the eye");
  const ground = groundAt(terrain, (hit[0] + 0.5) * 60, (hit[1] + 0.5) * 40);
  assert.ok(Math.abs(ground - hit[2]) < 0.01, `${ground} at ${hit}`);
  assert.equal(strike(terrain, eye, [0, 0, 1]), null);
});
