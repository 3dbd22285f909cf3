import assert from "node:assert/strict";
import test from "node:test";
import { inBrief, lineOf, truths } from "../../../frontend/js/plot/captions.js";
import { runOf, sliceState } from "../page-state.js";

const said = (state) => Object.fromEntries(truths(state).map((truth) => [truth.key, truth]));

test("a slice says how many parameters it leaves out, and what its directions hold beside chance", () => {
  const { slice, share } = said(sliceState());
  assert.equal(`${slice.strong} ${slice.text}`, "Slice 105 parameters, 2 shown");
  assert.match(`${share.strong} ${share.text}`, /^91\s% of the paths’ variance \(a random walk: 77\s%\)$/);
  assert.equal(share.warn, false);
});

test("a plane of one's own is held against a walk that it was not fitted to, and says so", () => {
  const state = sliceState();
  state.plane.kind = "custom";
  assert.match(said(state).share.text, /\(a random walk in a plane chosen beforehand: 77\s%\)$/);
});

test("a share is said to be of the paths that the plane was fitted to", () => {
  const runs = [runOf("Adam", [0.3, 0.2]), runOf("GD", [3, 3]), runOf("Lion", [3, 3])];
  const whose = (chosen) =>
    said(sliceState({ runs, doc: { view: { plane: { kind: "pca", runs: chosen } } } })).share.text;
  assert.match(whose("all"), /^of the paths’ variance \(/);
  assert.match(whose([1]), /^of the variance of GD’s path \(/);
  assert.match(whose([0, 1]), /^of the variance of 2 of the 3 paths \(/);
});

test("a share that a random walk would reach is a warning", () => {
  const state = sliceState();
  state.plane.varianceShare = [0.6, 0.2];
  assert.equal(said(state).share.warn, true);
});

test("both heights and the distance are those of the step under the cursor", () => {
  assert.equal(lineOf(said(sliceState())["run-0"]), "Adam 0.250, projected cost 0.500, off the plane 1.00");
  assert.match(lineOf(said(sliceState({ step: 99 }))["run-0"]), /^Adam 0.125, .*, computed to step 2$/);
});

test("what rounding leaves of a distance of zero is no distance", () => {
  const off = (distance) =>
    said(sliceState({ runs: [runOf("GD", [0.1, 0.1], { offPlane: [0, distance] })] }))["run-0"].text;
  assert.match(off(2e-15), /off the plane 0.000$/);
  assert.match(off(2e-9), /off the plane 2.00×10⁻⁹$/);
});

test("a gap larger than the ground's whole range is a warning", () => {
  const state = sliceState({ runs: [runOf("GD", [3, 3], { shadowCost: [0.1, 0.1] })] });
  assert.equal(said(state)["run-0"].warn, true);
});

test("an exact picture has no shadow to speak of", () => {
  const state = sliceState();
  state.plane.exact = true;
  assert.deepEqual(Object.keys(said(state)), ["exact", "run-0"]);
  assert.equal(said(state)["run-0"].text, "");
});

test("log height and oblique directions are said", () => {
  const state = sliceState({ heights: { ...sliceState().heights, log: true } });
  state.plane.orthonormal = false;
  const keys = Object.keys(said(state));
  for (const key of ["log", "oblique"]) assert.ok(keys.includes(key), key);
});

test("a log height that the costs do not allow is said to be linear", () => {
  const state = sliceState({ heights: { ...sliceState().heights, refused: true } });
  assert.match(said(state).log.text, /^linear: /);
});

test("ground beyond the axis is said to be flat, on the side where it is", () => {
  const cut = (lowCost, highCost) =>
    said(sliceState({ heights: { ...sliceState().heights, lowCost, highCost } })).clipped?.text;
  assert.match(cut(0, 0.6), /^25\s% of the surface lies above 0.600: drawn flat there$/);
  assert.match(cut(0.1, 1), /^25\s% of the surface lies below 0.100: /);
  assert.match(cut(0.1, 0.6), /above 0.600, 25\s% of the surface lies below 0.100: /);
  assert.equal(cut(0, 1), undefined);
});

test("ground without a value is said to be left out", () => {
  const state = sliceState();
  assert.equal(said(state).holes, undefined);
  state.surface.cost[2] = NaN;
  assert.match(said(state).holes.text, /^on 25\s% of the surface: left out there$/);
});

test("a peak that is drawn flat is no part of the range that a gap is held against", () => {
  const state = sliceState({ runs: [runOf("GD", [3, 3], { shadowCost: [2.3, 2.3] })] });
  assert.equal(said(state)["run-0"].warn, false);
  state.heights = { ...state.heights, highCost: 0.5 };
  assert.equal(said(state)["run-0"].warn, true);
});

test("in brief a slice says what must be said: how much is shown, chance, and the focused run's two heights", () => {
  const state = sliceState();
  state.runs = [...state.runs, runOf("GD", [0.3, 0.2])];
  assert.deepEqual(inBrief(truths(state)).map(lineOf), [
    "Slice 2 of 105",
    "91\u202f% of variance (chance 77\u202f%)",
    "Adam 0.250, projected 0.500, off plane 1.00",
  ]);
});

test("in brief no warning is left out", () => {
  const state = sliceState({
    runs: [runOf("Adam", [0.3, 0.2]), runOf("GD", [3, 3], { shadowCost: [0.1, 0.1] })],
  });
  state.plane.varianceShare = [0.6, 0.2];
  const said = inBrief(truths(state));
  assert.deepEqual(
    said.filter(({ warn }) => warn).map(({ key }) => key),
    ["share", "run-1"],
  );
});
