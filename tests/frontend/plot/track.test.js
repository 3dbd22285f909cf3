import assert from "node:assert/strict";
import { test } from "node:test";
import { boxOf } from "../../../frontend/js/plot/camera.js";
import { heightsOf } from "../../../frontend/js/plot/heights.js";
import { clip, createTracks, exitOf, inside, placeOf, trackOf } from "../../../frontend/js/plot/track.js";
import { bowl, surfaceOf, walk } from "../sampled-surface.js";

const heights = heightsOf(surfaceOf(bowl).height.linear);
const box = boxOf(
  [
    [-1, 1],
    [-1, 1],
  ],
  heights,
);
const pointsOf = ({ places, at }) =>
  Array.from(at, (step, k) => ({ step, place: places.slice(3 * k, 3 * k + 3) }));

test("a place is a share of the box along a, b and height", () => {
  const [x, y, z] = placeOf(walk([[-1, 0.5, heights.high / 2]]), 0, box, heights);
  assert.deepEqual([x, y], [0, 0.75]);
  assert.ok(Math.abs(z - 0.5) < 1e-12);
});

test("the track passes through every entry at its own step and its true height", () => {
  const run = walk([
    [-0.9, -0.9, 1.62],
    [0.1, -0.2, 0.7],
    [0.3, 0.4, 0.25],
  ]);
  const points = pointsOf(trackOf(run, box, heights));
  for (let entry = 0; entry < 3; entry += 1) {
    const point = points.find(({ step }) => step === entry);
    const place = placeOf(run, entry, box, heights);
    assert.ok(point && place.every((part, k) => Math.abs(part - point.place[k]) < 1e-6), `entry ${entry}`);
  }
  assert.ok(points.every(({ step }, k) => k === 0 || step > points[k - 1].step));
});

test("a long step is cut so finely that a hill can hide a part of it", () => {
  const points = pointsOf(
    trackOf(
      walk([
        [-1, -1, 1],
        [1, 1, 1],
      ]),
      box,
      heights,
    ),
  );
  assert.ok(points.length > 60);
});

test("thousands of entries in one place make a short track that still ends at the last", () => {
  const run = walk(Array.from({ length: 400 }, (_, k) => [1e-6 * k, 0, 0.5]));
  const track = trackOf(run, box, heights);
  assert.ok(track.at.length < 10, `${track.at.length} points`);
  assert.equal(track.at.at(-1), 399);
});

test("a path that leaves ends at the rim, and its way back is a line of its own", () => {
  const track = trackOf(
    walk([
      [0, 0, 0.1],
      [2, 0, 0.1],
      [0, 0.5, 0.1],
    ]),
    box,
    heights,
  );
  const points = pointsOf(track);
  for (const { place } of points) assert.ok(place[0] <= 1 + 1e-6);
  const out = points.filter(({ step }) => step <= 1).at(-1);
  assert.ok(Math.abs(out.place[0] - 1) < 1e-6 && Math.abs(out.step - 0.5) < 1e-6);
  const back = points.findIndex(({ step }) => step > 1);
  assert.equal(track.joined[back], 0);
});

test("a line between two places outside is not drawn, though it crosses the picture", () => {
  assert.equal(
    trackOf(
      walk([
        [-3, 0, 0.1],
        [3, 0, 0.1],
      ]),
      box,
      heights,
    ).at.length,
    0,
  );
});

test("seen from above only the plane cuts, in 3D height cuts too", () => {
  const high = walk([
    [0, 0, 0.1],
    [0.5, 0, 100],
  ]);
  assert.equal(trackOf(high, box, heights, true).at.at(-1), 1);
  assert.ok(trackOf(high, box, heights).at.at(-1) < 0.1);
});

test("costs beyond any number's size do not break the clipping", () => {
  const run = walk([
    [0, 0, 0.1],
    [1e200, -1e200, 1e300],
  ]);
  const { places } = trackOf(run, box, heights);
  assert.ok(places.length > 0 && places.every(Number.isFinite));
});

test("an entry outside knows where and when the path left", () => {
  const run = walk([
    [0, 0, 0.1],
    [0.5, 0, 0.1],
    [3, 0, 0.1],
    [9, 0, 0.1],
  ]);
  assert.equal(exitOf(run, 1, box, heights), null);
  for (const entry of [2, 3]) {
    const exit = exitOf(run, entry, box, heights);
    assert.equal(exit.entry, 2);
    assert.ok(Math.abs(exit.from[0] - 1) < 1e-12 && exit.toward[0] > 0);
  }
  assert.equal(exitOf(walk([[5, 5, 1]]), 0, box, heights), null);
});

test("clipping keeps exactly the part inside", () => {
  assert.deepEqual(clip([0.5, 0.5, 0.5], [1.5, 0.5, 0.5], false), [0, 0.5]);
  assert.deepEqual(clip([-1, 0.5, 9], [2, 0.5, 9], true), [1 / 3, 2 / 3]);
  assert.equal(clip([-1, 0.5, 9], [2, 0.5, 9], false), null);
  assert.ok(inside([0.5, 0.5, 7], true) && !inside([0.5, 0.5, 7]));
});

test("a track is made anew only where its run has grown, or the picture is another", () => {
  const tracksOf = createTracks();
  const rows = [
    [0, 0, 0.1],
    [0.5, 0, 0.2],
  ];
  const [ended, going] = [walk(rows), walk(rows)];
  const before = tracksOf([ended, going], box, heights);
  assert.deepEqual(before[0], trackOf(ended, box, heights));
  [going.a[2], going.b[2], going.cost[2], going.count] = [0.5, 0.5, 0.3, 3];
  const after = tracksOf([ended, going], box, heights);
  assert.equal(after[0], before[0]);
  assert.deepEqual(after[1], trackOf(going, box, heights));
  // The same entries, with their heights on another surface.
  const lifted = { ...ended, cost: ended.cost.map((cost) => cost + 0.1) };
  assert.deepEqual(tracksOf([lifted, going], box, heights), [trackOf(lifted, box, heights), after[1]]);
  assert.notEqual(tracksOf([lifted, going], { ...box }, heights)[1], after[1]);
});
