import assert from "node:assert/strict";
import test from "node:test";
import { createStore } from "../../../frontend/js/app/store.js";
import {
  besideLive,
  createDerivedStore,
  surfacesOf,
  throughLive,
} from "../../../frontend/js/model/derived-store.js";
import { liveOf } from "../../../frontend/js/model/live-slice.js";
import { wantedOf } from "../../../frontend/js/model/overlay-answers.js";
import { captionsOf } from "../../../frontend/js/plot/captions.js";
import {
  arrowsOf,
  basinsSaid,
  criticalMarks,
  criticalSaid,
  tilesOf,
} from "../../../frontend/js/plot/overlay-shapes.js";
import { pictureOf } from "../../../frontend/js/plot/picture.js";
import {
  densityOf,
  densityTicks,
  factsOf,
  nameOf,
  sampleSaid,
  sharpnessSaid,
  signedLog,
  verdictOf,
} from "../../../frontend/js/plot/spectrum.js";
import { inflate } from "../../../frontend/js/wire/inflate.js";
import { runOf, sliceState } from "../page-state.js";
import { heightOf } from "../sampled-surface.js";

const array = (data, shape = [data.length]) => ({ data: Float64Array.from(data), shape });
const saddle = {
  classification: "saddle",
  index: 1,
  negative_count: 1,
  complete: true,
  dim: 2,
  grad_norm: 0,
  critical_below: 1e-6,
  condition: 3,
};

test("a verdict names a critical point, and says how far from one any other place is", () => {
  assert.equal(verdictOf(saddle).strong, "Saddle of index 1");
  assert.match(verdictOf(saddle).text, /falls along 1 direction and rises/);
  assert.match(
    verdictOf({ ...saddle, classification: "not_critical", index: null, grad_norm: 0.0123 }).strong,
    /^Not critical: ‖∇C‖ = 0.0123$/,
  );
  assert.equal(nameOf({ classification: "degenerate", index: 0 }), "degenerate point");
  assert.equal(
    verdictOf({ ...saddle, classification: "minimum", index: 0 }).text,
    "The surface rises in every direction from here.",
  );
});

test("a count that is a lower bound is called one", () => {
  const frame = {
    kind: "study",
    meta: { ...saddle, complete: false, dim: 4810 },
    arrays: { eigenvalues: array([-2, 5]) },
  };
  assert.deepEqual(factsOf(frame), [
    ["highest curvature λ", "5.00"],
    ["lowest curvature λ", "−2.00"],
    ["negative eigenvalues", "at least 1 of 4,810"],
    ["condition number", "not known from the ends"],
  ]);
  assert.equal(verdictOf(frame.meta).strong, "Saddle of index at least 1");
  assert.match(
    verdictOf({ ...frame.meta, classification: "minimum", index: 0 }).text,
    /rises in every direction from here\. So far as the ends/,
  );
});

test("curvature from a part of the examples says how many, along the run too", () => {
  const sample = { examples: 638, all_examples: 1797 };
  assert.match(sampleSaid(sample), /^From 638 of 1,797 examples: .*lower bound/);
  assert.equal(sampleSaid({ examples: 150, all_examples: 150 }), "");
  assert.equal(sampleSaid({ examples: null, all_examples: null }), "");
  const curve = {
    kind: "study",
    meta: { complete: false, ...sample },
    arrays: { steps: array([0, 9]), highest: array([1, 2]), negative_count: array([3, 4]) },
  };
  assert.match(sharpnessSaid(curve), /from at least 3 to at least 4\. From 638 of/);
});

test("the spectrum's axis keeps signs and order, and shows zero", () => {
  const density = densityOf([-3, -1e-4, 0, 1e-4, 20]);
  assert.deepEqual(
    [...density.at].sort((p, q) => p - q),
    [...density.at],
  );
  assert.equal(Math.max(...density.y), 1);
  assert.ok(densityTicks(density).some(({ at, text }) => at === 0 && text === "0"));
  assert.equal(signedLog(-5, 0.1), -signedLog(5, 0.1));
});

test("arrows point downhill and stay within their cell", () => {
  const frame = {
    kind: "study",
    meta: {},
    arrays: {
      a: array([0, 1]),
      b: array([0, 2]),
      arrows: array([1, 0, 0, -100, 0, 0, 3, 4], [2, 2, 2]),
      share: array([1, 1, 1, 0.5], [2, 2]),
    },
  };
  const arrows = arrowsOf(frame);
  assert.equal(arrows.length, 3);
  assert.deepEqual(arrows[0].from, [0, 0]);
  assert.ok(arrows[0].to[0] > 0 && arrows[0].to[1] === 0);
  assert.ok(arrows[1].to[1] < 0);
  for (const { from, to } of arrows) assert.ok(Math.hypot(to[0] - from[0], (to[1] - from[1]) / 2) <= 0.86);
  const [only, ...others] = arrowsOf(frame, 2);
  assert.deepEqual([only.from, only.to[0], others], [[0, 0], 2 * arrows[0].to[0], []]);
});

const critical = {
  kind: "study",
  arrays: {},
  meta: {
    points: [{ at: [0, 0], cost: 1e-31, ...saddle }],
    curves: [],
    flat: 0,
    resolution: 81,
    spacing: [0.1, 0.1],
  },
};

test("critical points are marked by name, and the search says how finely it looked", () => {
  assert.equal(criticalMarks(critical, 1)[0].text, "saddle of index 1: 0");
  assert.match(criticalMarks(critical, 1e-20)[0].text, /saddle of index 1: .*×10⁻/);
  assert.equal(
    criticalSaid(critical),
    "Found 1 saddle. Searched on 81 × 81 points: closer than 0.1 × 0.1, two may look like one.",
  );
});

test("basins say what chance of a minimum there is, and where two optimizers disagree", () => {
  const arrays = {
    a: array([0, 1]),
    b: array([0, 1]),
    label: array([0, 1, -1, 1], [2, 2]),
    arrival: array([0, 9, -1, 3], [2, 2]),
    differ: array([0, 1, 0, 0], [2, 2]),
  };
  const frame = {
    kind: "study",
    meta: { of: "minima", optimizer: 0, against: 1, steps: 9, share: 0.25 },
    arrays,
  };
  assert.deepEqual(tilesOf(frame).group, [0, 1, null, 1]);
  assert.equal(tilesOf(frame).shade[1], 1);
  assert.match(
    basinsSaid(frame, [{ label: "GD" }, { label: "Adam" }]),
    /that GD reaches.*none \(25 %\).*Adam reaches another one, 25 % of the starts/,
  );
});

test("only the overlays that are on are asked for", () => {
  const doc = {
    view: {
      overlays: { gradient_field: true, critical_points: false, basins: "against", random_walk: false },
    },
  };
  assert.deepEqual(wantedOf({ doc, problem: { exact: true }, focus: 1, runs: [1, 2] }), {
    field: { kind: "field", resolution: 21 },
    basins: { kind: "basins", optimizer: 1, against: 0 },
  });
});

const slice = (surface) => ({
  kind: "study",
  meta: {
    run: 0,
    step: 1,
    surface,
    follow: true,
    height: heightOf([1, 2, 3, 4]),
    runs: [{ first: 1 }],
  },
  arrays: inflate({
    a: array([0, 1]),
    b: array([0, 1]),
    cost: array([1, 2, 3, 4]),
    "runs.0.cost": array([7]),
    "runs.0.shadow_cost": array([8]),
    "runs.0.off_plane": array([0]),
  }),
});

test("over the travelling slice a path keeps its true cost, and what is not told is no number", () => {
  const state = sliceState();
  const {
    runs: [run],
  } = liveOf(state, slice("train"));
  assert.deepEqual([...run.cost.slice(0, 3)], [0.5, 0.25, 0.125]);
  assert.deepEqual([...run.projectedCost.slice(0, 3)], [NaN, 8, NaN]);
  assert.equal(liveOf(state, slice("batch")).runs[0].cost[1], 7);
  assert.deepEqual(
    [...state.runs[0].projectedCost.slice(0, 3)],
    [0.5, 0.5, 0.5],
    "the run itself is left alone",
  );
});

test("the derived store shows the live slice, and tells those who watch the surface", () => {
  const state = sliceState({ live: null });
  const store = createStore(state);
  const derived = createDerivedStore(store, throughLive, { surface: ["live"] });
  let told = 0;
  derived.watch(["surface"], () => {
    told += 1;
  });
  const before = told;
  const live = { ...liveOf(state, slice("train")), travels: true };
  store.set({ live });
  assert.equal(told, before + 1);
  assert.equal(derived.get().surface, live.surface);
  assert.equal(store.get().surface, state.surface);
});

const both = (surface, more = {}) => {
  const state = sliceState({ doc: { view: { height: "linear", stage: "both" } } });
  return {
    ...state,
    live: { ...liveOf(state, slice(surface)), travels: false, examples: 16, all: 200, ...more },
  };
};
const panes = (state) => [
  pictureOf(throughLive(state), null, besideLive(state)),
  pictureOf(besideLive(state), null, throughLive(state)),
];

test("a batch's surface stands beside that of all examples, on one scale, each named", () => {
  const state = both("batch");
  const [space, map] = panes(state);
  assert.deepEqual([...space.surface.cost], [1, 2, 3, 4]);
  assert.deepEqual([...map.surface.cost], [0, 0.25, 0.5, 1]);
  assert.deepEqual([space.heights.low, space.heights.high], [map.heights.low, map.heights.high]);
  assert.ok(space.heights.low <= 0 && space.heights.high >= 4);
  assert.deepEqual(surfacesOf(state), { space: "next step’s 16 examples", map: "all 200 examples" });
  assert.deepEqual([...besideLive(state).runs[0].cost.slice(0, 3)], [0.5, 0.25, 0.125]);
});

test("both panes show one surface where it is the training set's, or where one pane is on show", () => {
  const [space, map] = panes(both("train"));
  assert.deepEqual(space.surface.cost, map.surface.cost);
  assert.equal(surfacesOf(both("train")), null);
  const alone = { ...both("batch"), doc: { view: { height: "linear", stage: "contour" } } };
  assert.equal(besideLive(alone).surface, alone.live.surface);
});

test("two surfaces say when one travels, is the test set's, or is the same", () => {
  assert.deepEqual(surfacesOf(both("test", { travels: true, examples: 50, all: 150 })), {
    space: "the 50 test examples, travelling",
    map: "all 150 training examples, fitted plane",
  });
  assert.equal(
    surfacesOf(both("batch", { examples: 200 })).space,
    "all 200 examples: the next step takes every one",
  );
});

test("the captions say that the slice travels and whose cost the surface is", () => {
  const live = { run: 0, step: 4, surfaceCost: "batch", travels: true };
  const keys = captionsOf({ ...sliceState(), live, runs: [runOf("Adam", [1, 2])] }).map(({ key, text }) => [
    key,
    text,
  ]);
  assert.deepEqual(keys.slice(0, 2), [
    ["travels", "through Adam at step 4, along the same two directions"],
    ["surface", "surface and heights are the batch cost, on the examples of step 5 alone"],
  ]);
});
