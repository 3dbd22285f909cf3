import assert from "node:assert/strict";
import test from "node:test";
import { costliest, gapsOf, residualsOf, sharesSaid, termsOf } from "../../../frontend/js/lab/cost-shares.js";
import { limitSaid, logLog, nudgeFacts, nudgeSaid } from "../../../frontend/js/lab/difference-quotients.js";
import {
  edgePath,
  fitScale,
  graphOf,
  layerBars,
  nodeSaid,
  readable,
  walked,
  zoomed,
} from "../../../frontend/js/lab/graph-walk.js";
import {
  collapseSaid,
  crossingsOf,
  mapsOf,
  matrixSaid,
  zerosSaid,
} from "../../../frontend/js/lab/line-geometry.js";
import { inflate } from "../../../frontend/js/wire/inflate.js";
import { refusalSaid } from "../../../frontend/js/wire/refusal.js";

const array = (/** @type {number[]} */ data, /** @type {number[]} */ shape = [data.length]) => ({
  data: Float64Array.from(data),
  shape,
});

/** C = w · x at w = 3, x = 2. */
const GRAPH = {
  kind: "study",
  meta: {
    root: "C",
    names: ["x", "w", "C"],
    kinds: ["input", "weight", "cost"],
    words: ["input", "weight", "x · w"],
    slopes: ["w", "x"],
    walk: [
      { node: 2, edges: [], sentence: "∂C/∂C = 1" },
      { node: 1, edges: [1], sentence: "∂C/∂w = ∂C/∂C · x = 1 · 2 = 2" },
      { node: 0, edges: [0], sentence: "∂C/∂x = 3" },
    ],
  },
  arrays: {
    columns: array([0, 1, 2]),
    values: array([2, 3, 6]),
    adjoints: array([3, 2, 1]),
    parents: array([0, 1]),
    children: array([2, 2]),
    derivatives: array([3, 2]),
  },
};

test("a graph is laid out column by column, inside its box", () => {
  const graph = graphOf(GRAPH);
  assert.ok(graph.nodes[0].x < graph.nodes[1].x && graph.nodes[1].x < graph.nodes[2].x);
  for (const { x, y, width, height } of graph.nodes) {
    assert.ok(x - width / 2 >= 0 && x + width / 2 <= graph.width);
    assert.ok(y - height / 2 >= 0 && y + height / 2 <= graph.height);
  }
  assert.match(edgePath(graph.nodes[0], graph.nodes[2]), /^M[\d.]+ [\d.]+C/);
});

test("the walk reaches one node a step, and stops at its ends", () => {
  const graph = graphOf(GRAPH);
  assert.equal(walked(graph, 0).reached.size, 0);
  const second = walked(graph, 2);
  assert.deepEqual([second.node, [...second.reached], [...second.edges]], [1, [2, 1], [1]]);
  assert.match(second.sentence, /1 · 2 = 2/);
  assert.equal(walked(graph, 99).at, 3);
  assert.equal(nodeSaid(graph.nodes[1], graph.root, true), "w = 3, weight; ∂C/∂w = 2");
  assert.equal(nodeSaid(graph.nodes[1], graph.root, false), "w = 3, weight");
});

test("a graph is fitted whole, called readable only when it is, and enlarged by steps that end", () => {
  const box = { width: 800, height: 300 };
  assert.equal(fitScale({ width: 1600, height: 300 }, box), 0.5);
  assert.equal(fitScale({ width: 100, height: 50 }, box), 1.2);
  assert.deepEqual(
    [readable({ width: 1600, height: 300 }, box), readable({ width: 900, height: 300 }, box)],
    [false, true],
  );
  assert.deepEqual(
    [zoomed(1, 1), zoomed(1, -1), zoomed(0.63, 1), zoomed(2, 1), zoomed(0.25, -1)],
    [1.2, 0.85, 0.75, 2, 0.25],
  );
});

test("a unit over one input is zero between two points of different sign, and at a point", () => {
  assert.deepEqual(crossingsOf([0, 1, 2, 3], [-1, 3, 0, 2]), [0.25, 2]);
  assert.deepEqual(crossingsOf([0, 1], [1, 2]), []);
});

test("what no line shows of a unit is said", () => {
  const names = ["z¹₁", "z¹₂", "z¹₃"];
  const zeros = {
    names,
    z: [
      [1, 2],
      [-1, 3],
      [0, 0],
    ],
  };
  assert.equal(
    zerosSaid(zeros, -1),
    "1 of 3 units is zero nowhere here. 1 of 3 units is zero everywhere here.",
  );
  assert.equal(zerosSaid(zeros, 0), "z¹₁ is positive everywhere here.");
  assert.equal(zerosSaid(zeros, 1), "");
  assert.equal(zerosSaid({ ...zeros, x: [0, 1] }, 1), "z¹₂ is zero at x = 0.25.");
  assert.equal(zerosSaid(zeros, 2), "z¹₃ is zero everywhere here.");
});

test("layers' bars are logarithmic", () => {
  const layers = [1e-4, 1e-2, 1].map((norm, k) => ({
    name: `layer ${k + 1}`,
    grad_norm: norm,
    mean_slope: 0.25,
  }));
  const values = Object.fromEntries(
    [0, 1, 2].flatMap((k) => [
      [`layers.${k}.singular_values`, array([2, 1])],
      [`layers.${k}.product_singular_values`, array([3])],
    ]),
  );
  const bars = layerBars({ kind: "study", meta: { layers }, arrays: inflate(values) });
  assert.ok(Math.abs(bars[1].share - 0.5) < 1e-12);
  assert.equal(bars[2].share, 1);
  assert.deepEqual([bars[0].own, bars[0].product], ["2 … 1", "3"]);
  const singular = inflate({ ...values, "layers.0.singular_values": array([2, 3e-17]) });
  assert.equal(layerBars({ kind: "study", meta: { layers }, arrays: singular })[0].own, "2 … 0");
});

test("logarithmic curves leave out what is not above zero", () => {
  const { curves, x, rules } = logLog([{ x: [1, 0.1], y: [0.01, 0], color: "red" }], "s", [0.1, -1]);
  assert.equal(curves[0].y[0], -2);
  assert.ok(Number.isNaN(curves[0].y[1]));
  assert.deepEqual(x, [-1, 0]);
  assert.deepEqual(rules, [-1]);
});

const NUDGED = {
  chosen: { size: 0.1, real: 0.3, predicted: 0.2, second: 0.09, ratio: 1.5 },
  slope: 2,
  curvature: 18,
  first_order: 2,
  second_order: 3,
  note: "No kink.",
  sides: { left: 2, right: 2, used: 2 },
};

test("a nudge is told as predicted, real, and what is missed", () => {
  const facts = Object.fromEntries(nudgeFacts(NUDGED));
  assert.equal(facts["what is missed"], "0.1");
  assert.equal(facts["ratio real to predicted"], "1.5");
  assert.equal("subgradient in use" in facts, false);
  assert.match(nudgeSaid(NUDGED), /s to the power 2, with the second-order term to the power 3/);
  assert.doesNotMatch(nudgeSaid(NUDGED), /kink: the slope/);
});

test("a kink is told with its slopes, round-off as such", () => {
  assert.equal(
    Object.fromEntries(nudgeFacts({ ...NUDGED, sides: { left: -1, right: 1, used: 0 } }))[
      "subgradient in use"
    ],
    "0",
  );
  assert.match(
    nudgeSaid({ ...NUDGED, sides: { left: -1, right: 1, used: 0 } }),
    /−1 on the left and 1 on the right; the subgradient in use gives 0/,
  );
  assert.match(nudgeSaid({ ...NUDGED, first_order: null, second_order: null }), /round-off/);
  assert.match(limitSaid({ best: 3.1e-9, sides: { left: 1, right: 1, used: 1 } }), /3.1×10⁻⁹/);
  assert.match(
    limitSaid({ best: 3.1e-9, sides: { left: 0, right: 1, used: 0 } }),
    /forward one \(orange\) tends to the slope on the right, 1,/,
  );
});

const SHARES = {
  kind: "study",
  meta: { of: "mse", shares: { cost: 0.5, penalty: 0 } },
  arrays: inflate({
    "shares.order": array([1, 0]),
    "shares.losses": array([0.25, 0.75]),
    "shares.shares": array([0.75, 0.25]),
    "shares.terms": array([0.125, 0.375], [2, 1]),
    "shares.residuals": array([0.5, -1], [2, 1]),
    outputs: array([0.5, 0], [2, 1]),
    targets: array([0, 1], [2, 1]),
  }),
};

test("the costliest example comes first, and half of the cost is counted", () => {
  assert.deepEqual(
    costliest(SHARES).map(({ example, bar }) => [example, bar]),
    [
      [1, 1],
      [0, 1 / 3],
    ],
  );
  assert.match(sharesSaid(SHARES), /Half of it comes from 1 of 2/);
  assert.match(
    sharesSaid({ ...SHARES, meta: { ...SHARES.meta, shares: { ...SHARES.meta.shares, penalty: 0.25 } } }),
    /0.25 of it is the penalty on the weights. Half of the rest comes from 1 of 2/,
  );
});

test("an example's part of the cost is spelt out", () => {
  const termOf = (/** @type {string} */ of, /** @type {number} */ a, /** @type {number} */ y) =>
    termsOf(
      {
        ...SHARES,
        meta: { ...SHARES.meta, of },
        arrays: { ...SHARES.arrays, outputs: array([a, 0], [2, 1]), targets: array([y, 1], [2, 1]) },
      },
      0,
    )[0].term;
  assert.equal(termOf("mse", 0.5, 0), "(0.5 − 0)² / (2 · 2) = 0.125");
  assert.equal(termOf("mse", 0.5, -1), "(0.5 − (−1))² / (2 · 2) = 0.125");
  assert.equal(termOf("huber", 0.5, 0), "½ (0.5 − 0)² / 2 = 0.125");
  assert.equal(termOf("huber", 3, 1), "(|3 − 1| − ½) / 2 = 0.125");
  assert.equal(termOf("bce", 0.25, 1), "−ln 0.25 / 2 = 0.125");
  assert.equal(termOf("bce", 0.25, 0), "−ln(1 − 0.25) / 2 = 0.125");
  assert.equal(termOf("cross_entropy", 0.25, 0), "0.125");
  assert.equal(termOf("cross_entropy", 0.99999, 1), "0.125");
  assert.deepEqual(Array.from(residualsOf(SHARES, 0)), [-1, 0.5]);
  assert.deepEqual(gapsOf(SHARES, [7, 8]), [
    { x: 7, from: 0, to: 0.5 },
    { x: 8, from: 1, to: 0 },
  ]);
});

test("layers without bends are one matrix, bent ones are not", () => {
  const arrays = inflate({ "collapse.weights": array([1, -2], [1, 2]), "collapse.biases": array([0.5]) });
  const meta = (/** @type {boolean} */ linear, /** @type {number} */ difference) => ({
    collapse: { linear, difference, scale: 2 },
    activations: ["linear", "sigmoid"],
  });
  const flat = collapseSaid({ kind: "study", meta: meta(true, 1e-16), arrays });
  assert.match(flat.one, /^W² W¹ = \(1, −2\), b = \(0.5\)$/);
  assert.match(flat.verdict, /the whole network/);
  assert.match(collapseSaid({ kind: "study", meta: meta(false, 1), arrays }).verdict, /up to 1 \(50/);
  assert.equal(matrixSaid({ data: new Float64Array(50), shape: [5, 10] }), "5 × 10 numbers");
});

test("re-mapped data fill a square", () => {
  const frame = {
    kind: "study",
    meta: {
      layers: [
        { name: "input", share: 1, note: "both inputs" },
        { name: "layer 1", share: 1, note: "the one unit" },
      ],
    },
    arrays: inflate({
      "layers.0.points": array([0, 0, 2, 4], [2, 2]),
      "layers.1.points": array([5, 7], [2, 1]),
    }),
  };
  const [input, output] = mapsOf(frame);
  assert.ok(input.x.every((value) => value >= 0 && value <= 1) && input.x[0] < input.x[1]);
  assert.deepEqual(Array.from(output.y), [0.5, 0.5]);
});

test("a refusal is told in the page's words", () => {
  const of = (/** @type {string} */ field, /** @type {string} */ message) =>
    refusalSaid({ title: "t", detail: "d", errors: [{ field, message }] });
  assert.equal(
    of("study.kind", "must be of a network, which this problem is not, got 'formula'"),
    "This can be shown only of a network, which this problem is not.",
  );
  assert.equal(
    of("study.batch_sizes", "must be from 1 to 30, got [1, 31]"),
    "The batch sizes must be from 1 to 30.",
  );
  assert.equal(
    of("run", "must be one that is computed here: its steps were not recorded"),
    "The run must be one that is computed here: its steps were not recorded.",
  );
  assert.equal(refusalSaid({ title: "Too busy" }), "Too busy");
});
