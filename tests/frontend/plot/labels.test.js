import assert from "node:assert/strict";
import { test } from "node:test";
import { around, overlap, placeLabels } from "../../../frontend/js/plot/labels.js";

const frame = { x: 0, y: 0, width: 400, height: 300 };
const wish = (id, x, y, more = {}) => ({ id, x, y, radius: 8, width: 70, height: 20, ...more });

test("labels of marks in one place cover neither each other nor the marks", () => {
  const wishes = ["a", "b", "c", "d"].map((id, k) => wish(id, 200 + k, 150, { must: true }));
  const marks = wishes.map(({ x, y }) => around(x, y, 8));
  const placed = placeLabels(wishes, marks, frame);
  assert.equal(placed.length, 4);
  placed.forEach((one, k) => {
    for (const other of placed.slice(k + 1))
      assert.ok(!overlap(one.rect, other.rect), `${one.id} on ${other.id}`);
    for (const mark of marks) assert.ok(!overlap(one.rect, mark), `${one.id} on a mark`);
  });
});

test("labels stay inside the frame, whatever corner their mark is in", () => {
  for (const [x, y] of [
    [2, 2],
    [398, 2],
    [2, 298],
    [398, 298],
  ]) {
    const [{ rect }] = placeLabels([wish("a", x, y)], [], frame);
    assert.ok(rect.x >= 0 && rect.y >= 0 && rect.x + rect.width <= 400 && rect.y + rect.height <= 300);
  }
});

test("a label that may be left out is, where there is no room; one that must be there is there", () => {
  const full = [{ x: 0, y: 0, width: 400, height: 300 }];
  assert.deepEqual(placeLabels([wish("a", 200, 150)], full, frame), []);
  const [{ rect }] = placeLabels([wish("a", 399, 150, { must: true })], full, frame);
  assert.ok(rect.x + rect.width <= 400);
});

test("where there is room for one label alone, the second is left out rather than written over it", () => {
  const narrow = { x: 0, y: 0, width: 100, height: 36 };
  const wishes = ["a", "b"].map((id) => wish(id, 50, 18, { must: true }));
  const placed = placeLabels(wishes, [around(50, 18, 8)], narrow);
  assert.deepEqual(
    placed.map(({ id }) => id),
    ["a"],
  );
});

test("a label that must cover something covers as little as it can", () => {
  const control = { x: 0, y: 0, width: 400, height: 290 };
  const [{ rect }] = placeLabels([wish("a", 200, 250, { must: true })], [control], frame);
  assert.equal(rect.y, 280);
});

test("a label keeps its spot while it is free and gives it up when it is not", () => {
  const [first] = placeLabels([wish("a", 200, 150)], [{ x: 208, y: 100, width: 190, height: 100 }], frame);
  const again = placeLabels([wish("a", 201, 150)], [], frame, new Map([["a", first.spot]]));
  assert.equal(again[0].spot, first.spot);
  const moved = placeLabels([wish("a", 201, 150)], [first.rect], frame, new Map([["a", first.spot]]));
  assert.notEqual(moved[0].spot, first.spot);
});

test("the more important label has the better spot", () => {
  const [ball, start] = placeLabels(
    [wish("ball", 200, 150, { must: true }), wish("start", 200, 150)],
    [],
    frame,
  );
  assert.ok(ball.spot < start.spot);
});
