import assert from "node:assert/strict";
import test from "node:test";
import {
  changed,
  exampleOf,
  filled,
  isDrawnHere,
  looksOf,
  withDrawn,
} from "../../../frontend/js/document/view.js";

const USUAL = {
  plane: null,
  grid: { resolution: 101, extent: "fit" },
  camera: null,
  layers: { field: false, basins: "none" },
};

test("a view is filled up and shortened group by group", () => {
  const short = { plane: { kind: "pca" }, grid: { resolution: 61 }, layers: { basins: "minima" } };
  const whole = {
    plane: { kind: "pca" },
    grid: { resolution: 61, extent: "fit" },
    camera: null,
    layers: { field: false, basins: "minima" },
  };
  assert.deepEqual(filled(USUAL, short), whole);
  assert.deepEqual(changed(USUAL, whole), short);
  assert.deepEqual(changed(USUAL, filled(USUAL, {})), {});
  assert.deepEqual(changed(USUAL, { ...USUAL, camera: { eye: { x: 1, y: 0, z: 0 } } }), {
    camera: { eye: { x: 1, y: 0, z: 0 } },
  });
});

test("what the page alone draws is no question to the service, and stays as it is by now", () => {
  assert.equal(isDrawnHere(["view", "layers", "field"]), true);
  assert.equal(isDrawnHere(["view", "grid", "resolution"]), false);
  assert.equal(isDrawnHere(["runs", 0, "batch_size"]), false);
  const answered = { steps: 30, view: { plane: { kind: "pca" }, travels: false } };
  assert.deepEqual(withDrawn(answered, { steps: 20, view: { plane: null, travels: true } }), {
    steps: 30,
    view: { plane: { kind: "pca" }, travels: true },
  });
  assert.deepEqual(withDrawn(answered, null), answered);
});

const asked = (view, problem = {}) => ({ version: 1, problem, view });

test("a choice that the problem does not have waits until it has", () => {
  const view = {
    colors: "rank",
    travels: true,
    ground: "test",
    layers: { field: true, critical: true, basins: "against", null: true },
  };
  const slice = { exact: false };
  const looks = looksOf({
    doc: asked(view, { kind: "network", dataset: { test_fraction: 0.2 } }),
    problem: slice,
  });
  assert.deepEqual(looks, {
    colors: "rank",
    travels: true,
    ground: "test",
    field: true,
    critical: false,
    basins: "against",
    arrows: "none",
    model: false,
    null: true,
  });
  assert.equal(
    looksOf({ doc: asked(view, { kind: "network", dataset: {} }), problem: slice }).ground,
    "train",
  );
  const formula = looksOf({
    doc: asked({ ...view, ground: "batch" }, { kind: "formula" }),
    problem: { exact: true },
  });
  assert.deepEqual(
    [formula.travels, formula.ground, formula.critical, formula.null],
    [false, "train", true, false],
  );
});

test("the lab follows the first example where there are not as many as the link says", () => {
  const data = { arrays: { "data.points": { shape: [20, 2] } } };
  assert.equal(exampleOf({ doc: asked({ example: 7 }), data }), 7);
  assert.equal(exampleOf({ doc: asked({ example: 20 }), data }), 0);
  assert.equal(exampleOf({ doc: asked({ example: 300 }), data: null }), 300);
  assert.equal(exampleOf({ doc: null, data }), 0);
});
