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
import { inflate } from "../../../frontend/js/wire/inflate.js";

const USUAL = {
  plane: null,
  grid: { resolution: 101, extent: "fit" },
  camera: null,
  overlays: { gradient_field: false, basins: "none" },
};

test("a view is filled up and shortened group by group", () => {
  const short = { plane: { kind: "pca" }, grid: { resolution: 61 }, overlays: { basins: "minima" } };
  const whole = {
    plane: { kind: "pca" },
    grid: { resolution: 61, extent: "fit" },
    camera: null,
    overlays: { gradient_field: false, basins: "minima" },
  };
  assert.deepEqual(filled(USUAL, short), whole);
  assert.deepEqual(changed(USUAL, whole), short);
  assert.deepEqual(changed(USUAL, filled(USUAL, {})), {});
  assert.deepEqual(changed(USUAL, { ...USUAL, camera: { eye: { x: 1, y: 0, z: 0 } } }), {
    camera: { eye: { x: 1, y: 0, z: 0 } },
  });
});

test("what the page alone draws is no question to the service, and stays as it is by now", () => {
  assert.equal(isDrawnHere(["view", "overlays", "gradient_field"]), true);
  assert.equal(isDrawnHere(["view", "grid", "resolution"]), false);
  assert.equal(isDrawnHere(["runs", 0, "batch_size"]), false);
  const answered = { steps: 30, view: { plane: { kind: "pca" }, moving_plane: false } };
  assert.deepEqual(withDrawn(answered, { steps: 20, view: { plane: null, moving_plane: true } }), {
    steps: 30,
    view: { plane: { kind: "pca" }, moving_plane: true },
  });
  assert.deepEqual(withDrawn(answered, null), answered);
});

const asked = (view, problem = {}) => ({ version: 2, problem, view });

test("a choice that the problem does not have waits until it has", () => {
  const view = {
    colors: "rank",
    moving_plane: true,
    surface: "test",
    overlays: { gradient_field: true, critical_points: true, basins: "against", random_walk: true },
  };
  const slice = { exact: false };
  const looks = looksOf({
    doc: asked(view, { kind: "network", dataset: { test_fraction: 0.2 } }),
    problem: slice,
  });
  assert.deepEqual(looks, {
    colors: "rank",
    moving_plane: true,
    surface: "test",
    gradient_field: true,
    critical_points: false,
    basins: "against",
    arrows: "none",
    quadratic_model: false,
    random_walk: true,
  });
  assert.equal(
    looksOf({ doc: asked(view, { kind: "network", dataset: {} }), problem: slice }).surface,
    "train",
  );
  const formula = looksOf({
    doc: asked({ ...view, surface: "batch" }, { kind: "formula" }),
    problem: { exact: true },
  });
  assert.deepEqual(
    [formula.moving_plane, formula.surface, formula.critical_points, formula.random_walk],
    [false, "train", true, false],
  );
});

test("the lab follows the first example where there are not as many as the link says", () => {
  const data = { arrays: inflate({ "data.points": { shape: [20, 2] } }) };
  assert.equal(exampleOf({ doc: asked({ example: 7 }), data }), 7);
  assert.equal(exampleOf({ doc: asked({ example: 20 }), data }), 0);
  assert.equal(exampleOf({ doc: asked({ example: 300 }), data: null }), 300);
  assert.equal(exampleOf({ doc: null, data }), 0);
});
