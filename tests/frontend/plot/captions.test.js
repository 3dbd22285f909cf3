import assert from "node:assert/strict";
import test from "node:test";
import { captionsOf, inBrief, lineOf } from "../../../frontend/js/plot/captions.js";
import { runOf, sliceState } from "../page-state.js";

const said = (state) => Object.fromEntries(captionsOf(state).map((caption) => [caption.key, caption]));

test("the plane's and the axis' sentences are the service's, around those of the runs", () => {
  const axis = {
    ...sliceState().heights,
    captions: [{ key: "log", strong: "Height", text: "log of the cost", brief: null, warn: false }],
  };
  assert.deepEqual(
    captionsOf(sliceState({ heights: axis })).map(({ key }) => key),
    ["slice", "run-0", "note", "log"],
  );
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

test("a gap larger than the surface's whole range is a warning", () => {
  const state = sliceState({ runs: [runOf("GD", [3, 3], { projectedCost: [0.1, 0.1] })] });
  assert.equal(said(state)["run-0"].warn, true);
});

test("an exact picture has no projection to speak of", () => {
  const state = sliceState();
  state.plane.exact = true;
  assert.equal(said(state)["run-0"].text, "");
});

test("a peak that is drawn flat is no part of the range that a gap is held against", () => {
  const state = sliceState({ runs: [runOf("GD", [3, 3], { projectedCost: [2.3, 2.3] })] });
  assert.equal(said(state)["run-0"].warn, false);
  state.heights = { ...state.heights, span: 0.5 };
  assert.equal(said(state)["run-0"].warn, true);
});

test("in brief a slice says what must be said: how much is shown, chance, and the focused run's two heights", () => {
  const state = sliceState();
  state.runs = [...state.runs, runOf("GD", [0.3, 0.2])];
  assert.deepEqual(inBrief(captionsOf(state)).map(lineOf), [
    "Slice: 2 of 105",
    "Adam 0.250, projected 0.500, off plane 1.00",
  ]);
});

test("in brief no warning is left out", () => {
  const state = sliceState({
    runs: [runOf("Adam", [0.3, 0.2]), runOf("GD", [3, 3], { projectedCost: [0.1, 0.1] })],
  });
  state.plane.captions = [
    { key: "share", strong: "80 %", text: "of the variance", brief: "no more than chance", warn: true },
  ];
  const said = inBrief(captionsOf(state));
  assert.deepEqual(
    said.filter(({ warn }) => warn).map(({ key }) => key),
    ["share", "run-1"],
  );
});
