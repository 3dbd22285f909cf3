import assert from "node:assert/strict";
import test from "node:test";
import { boundOnSlider, edgeAt, edgeLine, edgeSaid, edgeWords } from "../../../frontend/js/model/edge.js";
import { edgePlot } from "../../../frontend/js/plot/spectrum.js";

const GD = { text: "2 / λ", line: "2 / η", source: "", preconditioned: false };
const ADAM = { text: "38 / λ", line: "38 / η", source: "", preconditioned: true };

/** @param {any[]} rules @param {Record<string, number[]>} edge */
const frameOf = (rules, edge, steps = [0, 10, 20]) =>
  /** @type {any} */ ({
    kind: "study",
    meta: { rules },
    arrays: {
      steps: { data: Int32Array.from(steps) },
      highest: { data: Float64Array.from([1, 5, 9]) },
      edge: Object.fromEntries(
        Object.entries(edge).map(([name, data]) => [name, { data: Float64Array.from(data) }]),
      ),
    },
  });

const PLAIN = frameOf([{ from: 0, bound: GD }], {
  learning_rate: [0.2, 0.2, 0.1],
  factor: [1, 1, 0.5],
  sharpness: [-1, 5, 9],
  bound: [Infinity, 0.4, 2 / 9],
  line: [10, 10, 20],
});

test("the edge is that of the step nearest to the cursor, and on the slider without the schedule", () => {
  const [first, middle, last] = [4, 6, 99].map((step) => edgeAt(PLAIN, step));
  assert.ok(first && middle && last);
  assert.deepEqual([first.step, middle.step, last.step], [0, 10, 20]);
  assert.deepEqual([boundOnSlider(first), boundOnSlider(middle)], [null, 0.4]);
  assert.ok(Math.abs((boundOnSlider(last) ?? 0) - 4 / 9) < 1e-12);
});

test("it is said in words, and what follows for the rate in use", () => {
  const said = [0, 10, 20].map((step) => edgeSaid(/** @type {any} */ (edgeAt(PLAIN, step))));
  assert.equal(said[0], "At step 0 nothing curves upwards: for the quadratic model no rate is too large.");
  assert.equal(
    said[1],
    "At step 10 the edge of stability is 0.4 = 2 / λ, with the highest curvature λ = 5. The rate in use, 0.2, is 50\u202f% of that: along the sharpest direction steps shrink.",
  );
  assert.match(said[2], /The schedule multiplies the rate by 0.5 there: on the slider it is 0.444\./);
  const over = { .../** @type {any} */ (edgeAt(PLAIN, 10)), rate: 0.8 };
  assert.match(edgeSaid(over), /The rate in use, 0.8, is 2 times that: .* steps grow\.$/);
  assert.match(edgeSaid({ ...over, rate: 0.4001 }), /0.4, is just above that: .* steps grow\.$/);
  assert.match(edgeSaid({ ...over, rate: 0.3999 }), /0.4, is all but that: .* steps shrink\.$/);
  assert.match(edgeSaid(over, true), /with the highest curvature λ = 5 on all examples\. /);
});

test("of a descent that is on its way nothing is said that was true of the one before", () => {
  const edge = /** @type {any} */ (edgeAt(PLAIN, 10));
  const state = /** @type {any} */ ({
    phase: "ready",
    inspection: { opening: 2 },
    sharpness: { 0: { opening: 2 }, 1: { opening: 1 } },
    doc: { runs: [{ batch_size: 16 }, { batch_size: "full" }] },
  });
  assert.equal(edgeWords(state, 0, edge), edgeSaid(edge, true));
  assert.match(edgeWords(state, 1, edge), /of the descent before/);
  assert.match(edgeWords({ ...state, phase: "stale" }, 0, edge), /of the descent before/);
});

test("where no bound is known there is none", () => {
  const unknown = { learning_rate: [1], factor: [1], sharpness: [NaN], bound: [NaN], line: [NaN] };
  assert.equal(edgeAt(frameOf([{ from: 0, bound: null }], unknown, [0]), 0), null);
  assert.equal(edgeAt(frameOf([{ from: 0, bound: GD }], unknown, [0]), 0), null);
  assert.equal(edgeAt(null, 0), null);
});

test("each rule’s line stands where the rule was in use", () => {
  const rules = [
    { from: 0, bound: GD },
    { from: 10, bound: ADAM },
  ];
  const mixed = frameOf(rules, {
    learning_rate: [0.2, 0.1, 0.1],
    factor: [1, 1, 1],
    sharpness: [1, 300, 400],
    bound: [2, 0.13, 0.09],
    line: [10, 380, 380],
  });
  const [plain, adaptive] = [edgeLine(mixed, false), edgeLine(mixed, true)];
  assert.deepEqual([plain?.line, plain?.text], [[10, NaN, NaN], "2 / η"]);
  assert.deepEqual(
    [adaptive?.line, adaptive?.sharpness],
    [
      [NaN, 380, 380],
      [NaN, 300, 400],
    ],
  );
  assert.equal(edgeLine(PLAIN, true), null);
});

test("a line far above the curve presses it not flat, and is said", () => {
  const near = edgePlot([0, 10, 20], [[1, 5, 9]], edgeLine(PLAIN, false));
  assert.equal(near.curves.length, 1);
  assert.equal(near.said, "edge 2 / η = 10 to 20");
  assert.ok(near.y[1] > 20 && near.y[0] < 0);
  const far = edgePlot([0, 10, 20], [[0.1, 0.5, 0.9]], edgeLine(PLAIN, false));
  assert.deepEqual(far.curves, []);
  assert.equal(far.said, "edge 2 / η = 10 to 20, above the picture");
  assert.ok(far.y[1] < 1);
});
