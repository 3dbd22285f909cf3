import assert from "node:assert/strict";
import test from "node:test";
import { advance, clampStep, pace } from "../../../frontend/js/model/player.js";

test("a run of any length plays in about nine seconds, but never in a rush", () => {
  assert.equal(pace(900), 100);
  assert.equal(pace(10), 12);
});

test("the cursor moves by pace, speed and time", () => {
  const now = { position: 10, steps: 900, arrived: 900, speed: 2 };
  assert.equal(advance(now, 0.5).position, 110);
});

test("it waits for steps that have not arrived, and ends only at the end", () => {
  assert.deepEqual(advance({ position: 10, steps: 900, arrived: 12, speed: 1 }, 1), {
    position: 12,
    ended: false,
  });
  assert.deepEqual(advance({ position: 899, steps: 900, arrived: 900, speed: 1 }, 1), {
    position: 900,
    ended: true,
  });
});

test("a sought step is a whole number within the run", () => {
  assert.deepEqual([clampStep(-3, 10), clampStep(3.6, 10), clampStep(11, 10)], [0, 4, 10]);
});
