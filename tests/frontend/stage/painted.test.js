import assert from "node:assert/strict";
import { test } from "node:test";
import { boxOf, projector } from "../../../frontend/js/plot/camera.js";
import { heightFieldOf } from "../../../frontend/js/plot/height-field.js";
import { heightsOf } from "../../../frontend/js/plot/heights.js";
import { farToNear, paintSurface } from "../../../frontend/js/stage/painted.js";
import { bowl, surfaceOf } from "../sampled-surface.js";

/** A canvas that keeps the cells painted on it, each as its corners. */
function fakeContext() {
  const cells = [];
  let path = [];
  return {
    cells,
    beginPath() {
      path = [];
    },
    moveTo(...at) {
      path.push(at);
    },
    lineTo(...at) {
      path.push(at);
    },
    closePath() {},
    stroke() {},
    fill() {
      cells.push({ path, color: this.fillStyle });
    },
  };
}

function painted(surface) {
  const heights = heightsOf(surface.height.linear);
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
  const context = fakeContext();
  paintSurface(
    context,
    heightField,
    heights,
    projector({ eye: [1.4, 1.1, 0.9], center: [0, 0, 0] }, 400, 300),
  );
  return context.cells;
}

test("cells come from the far ends towards the eye, from both sides when it is between", () => {
  assert.deepEqual(farToNear(4, 9), [0, 1, 2, 3]);
  assert.deepEqual(farToNear(4, -3), [3, 2, 1, 0]);
  assert.equal(farToNear(5, 2.5).at(-1), 2);
});

test("every cell is painted once, the one next to the eye last", () => {
  const cells = painted(surfaceOf((a, b) => -a - b, { columns: 9, rows: 9 }));
  assert.equal(cells.length, 64);
  const lowest = Math.max(...cells.flatMap(({ path }) => path.map(([, y]) => y)));
  assert.ok(cells.at(-1).path.some(([, y]) => y === lowest));
});

test("low places are dark and high ones light; where there is none nothing is painted", () => {
  const surface = surfaceOf((a) => a, { columns: 9, rows: 9 });
  const light = ({ color }) =>
    color
      .match(/\d+/g)
      .map(Number)
      .reduce((sum, part) => sum + part, 0);
  const cells = painted(surface);
  const sorted = [...cells].sort((p, q) => light(p) - light(q));
  assert.ok(light(sorted.at(-1)) > 2 * light(sorted[0]));
  surface.cost[0] = NaN;
  assert.equal(painted(surface).length, cells.length - 1);
});

test("a fine grid is painted no finer than one frame allows", () => {
  assert.ok(painted(surfaceOf(bowl, { columns: 201, rows: 201 })).length <= 3600);
});
