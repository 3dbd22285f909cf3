import assert from "node:assert/strict";
import test from "node:test";
import {
  classesOf,
  learnsFrom,
  MOST_CLASSES,
  mayBeLearnt,
  NO_POINTS,
  nextClass,
  placesOf,
  pointsDrawn,
  pointsGiven,
  usualLabel,
  withOwnPoints,
  withoutPoint,
  withPoint,
  withPointLabelled,
  withPointMoved,
} from "../../../frontend/js/document/own-points.js";

const catalog = /** @type {any} */ ({ datasets: [], features: [] });
const doc = /** @type {any} */ ({
  problem: { kind: "network", dataset: { kind: "moons" }, hidden: [3], cost: "bce", output: null },
  runs: [{ optimizer: { kind: "adam" }, batch_size: 2 }],
  start: { kind: "theta", values: [1] },
  view: { plane: { kind: "axes" } },
});
const two = withPoint(withPoint(NO_POINTS, [0.12345678, 1], 0), [2, 3], 1);

test("points are added, carried, relabelled and erased, each in a set of its own", () => {
  assert.deepEqual(
    [two.x, two.y],
    [
      [
        [0.1235, 1],
        [2, 3],
      ],
      [0, 1],
    ],
  );
  assert.deepEqual(withPointMoved(two, 0, [5, 6]).x, [
    [5, 6],
    [2, 3],
  ]);
  assert.deepEqual(withPointLabelled(two, 0, 1).y, [1, 1]);
  assert.deepEqual(withoutPoint(two, 0).x, [[2, 3]]);
  assert.equal(NO_POINTS.x.length, 0);
});

test("of one input the height is the value, or the class", () => {
  const line = {
    x: [[1]],
    y: [2],
    inputs: /** @type {const} */ (1),
    task: /** @type {const} */ ("regression"),
  };
  assert.deepEqual(withPoint(line, [3, 4], 9).y, [2, 4]);
  assert.deepEqual(withPointMoved(line, 0, [5, 6]), { ...line, x: [[5]], y: [6] });
  assert.deepEqual(placesOf(line), { x: [1], y: [2], label: [2] });
  const classes = { ...line, y: [1], task: /** @type {const} */ ("classes") };
  assert.deepEqual(withPointMoved(classes, 0, [5, 6]).y, [1]);
  assert.deepEqual(placesOf(classes).y, [1]);
});

test("classes count as the service counts them", () => {
  assert.deepEqual(classesOf({ ...NO_POINTS, y: [10, 9, 10] }), [9, 10]);
  assert.deepEqual(classesOf({ ...NO_POINTS, y: ["setosa", "iris"] }), ["iris", "setosa"]);
  assert.deepEqual(classesOf(NO_POINTS), [0, 1]);
  assert.deepEqual(classesOf({ ...NO_POINTS, y: [1] }), [0, 1]);
  assert.deepEqual(
    placesOf({
      ...NO_POINTS,
      x: [
        [0, 0],
        [1, 1],
      ],
      y: [7, 3],
    }).label,
    [1, 0],
  );
  assert.equal(nextClass(two), 2);
  assert.equal(nextClass({ ...two, y: ["a", "class 1"] }), "class 2");
  assert.equal(nextClass({ ...two, y: Array.from({ length: MOST_CLASSES }, (_, k) => k) }), null);
  assert.equal(usualLabel(NO_POINTS), 0);
});

test("one point will do, unless it is of a class that needs another", () => {
  assert.ok(!mayBeLearnt(NO_POINTS));
  assert.ok(mayBeLearnt(withPoint(NO_POINTS, [0, 0], 1)));
  assert.ok(!mayBeLearnt(withPoint(NO_POINTS, [0, 0], 2)));
  assert.ok(mayBeLearnt(withPoint(two, [0, 0], 2)));
});

test("the examples on show become points under their classes' names", () => {
  const drawn = {
    places: /** @type {[number, number][]} */ ([
      [1, 2],
      [3, 4],
    ]),
    targets: [1, 0],
  };
  assert.deepEqual(pointsDrawn({ ...drawn, names: ["-1", "1"], inputs: 2 }).y, [1, -1]);
  assert.deepEqual(pointsDrawn({ ...drawn, names: ["no", "yes"], inputs: 2 }).y, ["yes", "no"]);
  const line = pointsDrawn({ ...drawn, names: null, inputs: 1 });
  assert.deepEqual([line.x, line.y, line.task], [[[1], [3]], [1, 0], "regression"]);
});

test("a document that learns from points is read back as it was written", () => {
  const learnt = withOwnPoints(doc, catalog, two, two);
  assert.deepEqual(pointsGiven(learnt), two);
  assert.ok(learnsFrom(learnt, two));
  assert.ok(!learnsFrom(learnt, withoutPoint(two, 0)));
  assert.equal(pointsGiven(doc), null);
  const scaled = {
    ...learnt,
    problem: { ...learnt.problem, dataset: { ...learnt.problem.dataset, standardize: true } },
  };
  assert.equal(pointsGiven(/** @type {any} */ (scaled)), null);
});

test("the start stays while points move, and goes where a class more makes other parameters", () => {
  const moved = withOwnPoints(doc, catalog, withPointMoved(two, 0, [9, 9]), two);
  assert.deepEqual([moved.start, moved.view, moved.problem.cost], [doc.start, doc.view, "bce"]);
  const more = withOwnPoints(doc, catalog, withPoint(two, [0, 0], 2), two);
  assert.deepEqual([more.start.kind, more.view.plane, more.problem.cost], ["init", null, "cross_entropy"]);
});

test("a batch larger than all points is all of them", () => {
  assert.equal(withOwnPoints(doc, catalog, two, two).runs[0].batch_size, 2);
  assert.equal(withOwnPoints(doc, catalog, withoutPoint(two, 0), two).runs[0].batch_size, null);
});
