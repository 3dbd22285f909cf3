import assert from "node:assert/strict";
import { test } from "node:test";
import { ballsOf, marksOf, pictureOf, subjectOf, summaryOf } from "../../../frontend/js/plot/picture.js";
import { sliceState } from "../page-state.js";
import { bowl, surfaceOf, walk } from "../sampled-surface.js";

const stateOf = (more = {}) =>
  sliceState({
    surface: surfaceOf(bowl),
    runs: [
      walk([
        [0.5, 0.5, 0.5],
        [0.25, 0.25, 0.1],
        [0.3, 0.3, 0.2],
      ]),
    ],
    ...more,
  });

test("without a surface there is no picture, and the words say so", () => {
  assert.equal(pictureOf(stateOf({ surface: null }), null), null);
  assert.match(summaryOf(stateOf(), null), /not arrived/);
});

test("the axis is the surface's own, whatever was drawn before, and stands only while the surface moves", () => {
  const of = (high, live = null) => stateOf({ live, surface: surfaceOf((a, b) => high * bowl(a, b)) });
  const before = pictureOf(of(1), null);
  assert.equal(pictureOf(of(0.8), before).heights.high, pictureOf(of(0.8), null).heights.high);
  assert.equal(pictureOf(of(0.8, { surfaceCost: "train" }), before).heights.high, before.heights.high);
  assert.ok(pictureOf(stateOf({ doc: { view: { height: "log" } } }), before).heights.log);
});

test("titles hold the share of variance, unless the label has it", () => {
  assert.match(pictureOf(stateOf(), null).titles[0], /^PC 1 \(71.%\)$/);
  const state = stateOf();
  const exact = { ...state.plane, exact: true, varianceShare: null, labels: ["w", "b"] };
  assert.deepEqual(pictureOf({ ...state, plane: exact }, null).titles, ["w", "b"]);
});

test("a ball is where its run is at the cursor, or where it ended", () => {
  const runs = [
    walk([
      [0, 0, 3],
      [0, 0, 2],
      [0, 0, 1],
    ]),
    walk([[0, 0, 5]]),
    { ...walk([[0, 0, 5]]), count: 0 },
  ];
  assert.deepEqual(
    ballsOf(stateOf({ runs, step: 2 })).map(({ index, entry }) => [index, entry]),
    [
      [0, 2],
      [1, 0],
    ],
  );
});

test("one start is marked once, two starts twice, and the lowest entry of all runs is the lowest", () => {
  const one = walk([
    [0.5, 0.5, 0.5],
    [0.1, 0.1, 0.02],
    [0.2, 0.2, 0.08],
  ]);
  const same = walk([
    [0.5, 0.5, 0.5],
    [0.4, 0.4, 0.3],
  ]);
  const other = walk([[-0.5, 0.5, 0.5]]);
  const kinds = (runs) => marksOf(stateOf({ runs })).map(({ kind }) => kind);
  assert.deepEqual(kinds([one, same]), ["start", "lowest"]);
  assert.deepEqual(kinds([one, other]), ["start", "start", "lowest"]);
  const lowest = marksOf(stateOf({ runs: [same, one] })).find(({ kind }) => kind === "lowest");
  assert.deepEqual([lowest.a, lowest.b, lowest.cost], [0.1, 0.1, 0.02]);
});

test("known minima are named with their cost, and a lowest point found at one is it", () => {
  const marked = (at, minima) =>
    marksOf(stateOf({ runs: [walk([[0.5, 0.5, 0.5], at])], surface: { ...surfaceOf(bowl), minima } }))
      .slice(1)
      .map(({ text }) => text);
  assert.deepEqual(
    marked(
      [0.4, 0.4, 0.3],
      [
        [0, 0, 0.0178],
        [1, 1, 0],
      ],
    ),
    ["lowest reached: 0.3", "minimum: 0.0178", "minimum: 0"],
  );
  assert.deepEqual(
    marked([0.005, 0, 0.02], [[0, 0, 7.9e-31]]),
    ["minimum: 0"],
    "what rounding leaves of zero is zero",
  );
});

test("the summary says axes, scale, step and every run, diverged ones as such", () => {
  const wild = walk(
    [
      [0, 0, 1],
      [9, 9, 1e9],
    ],
    { status: "diverged", label: "Wild" },
  );
  const state = stateOf({ runs: [wild], step: 40 });
  const words = summaryOf(state, pictureOf(state, null));
  assert.match(words, /PC 1 .* from −1 to 1/);
  assert.match(words, /linear height/);
  assert.match(words, /At step 40: Wild at cost 1×10⁹, diverged/);
});

test("a run that rests where there is no slope is said to", () => {
  const run = {
    ...walk([
      [0.5, 0.5, 0.5],
      [0, 0, 0],
    ]),
    status: "no_slope",
  };
  const state = stateOf({ runs: [run], step: 40 });
  assert.match(summaryOf(state, pictureOf(state, null)), /at cost 0, no slope at step 1/);
});

test("another learning rate is the same subject, another problem is not", () => {
  const doc = {
    problem: { kind: "network", dataset: { kind: "moons", noise: 0.1 } },
    runs: [{ optimizer: { learning_rate: 0.1 } }],
    view: { plane: null },
  };
  assert.equal(subjectOf(doc), subjectOf({ ...doc, runs: [{ optimizer: { learning_rate: 0.5 } }] }));
  assert.notEqual(subjectOf(doc), subjectOf({ ...doc, problem: { kind: "linear" } }));
});

test("what someone has marked lies on the surface", () => {
  const places = [{ at: [0.25, 0.5], text: "answer 1" }];
  const [mark] = marksOf({ ...stateOf({ runs: [] }), places }).filter(({ kind }) => kind === "place");
  const { cost, ...said } = mark;
  assert.deepEqual(said, { kind: "place", a: 0.25, b: 0.5, text: "answer 1" });
  assert.ok(Number.isFinite(cost));
});
