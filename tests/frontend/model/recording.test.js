/** A recording keeps every number of what the page shows. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { readRecording, recordingOf } from "../../../frontend/js/model/recording.js";
import { runOf, sliceState } from "../page-state.js";

/** @param {object} [overrides] */
const stateOf = (overrides = {}) => sliceState({ doc: { problem: {}, view: {} }, ...overrides });

test("numbers come back as they were, without the room for steps to come", () => {
  const state = stateOf();
  const runs = [runOf("Adam", [0.1, 1 / 3, Number.MIN_VALUE]), runOf("GD", [2])];
  const surface = { .../** @type {any} */ (state.surface), cost: new Float32Array([0.5, 0.25, Number.NaN]) };
  const read = readRecording(recordingOf({ ...state, runs, surface }, "Title", null));
  assert.equal(read.title, "Title");
  assert.deepEqual(read.runs?.[0].cost, new Float64Array([0.1, 1 / 3, Number.MIN_VALUE]));
  assert.equal(read.runs?.[1].offPlane.length, 1);
  assert.deepEqual(read.surface?.cost, surface.cost);
  assert.deepEqual(read.plane, state.plane);
});

test("what only a service can draw at every step is left out", () => {
  const state = stateOf();
  const view = {
    .../** @type {any} */ (state.doc).view,
    stage: "lab",
    surface: "test",
    moving_plane: true,
    overlays: { arrows: "all", gradient_field: true },
  };
  const dataset = { kind: "inline", x: [[1]], y: [[0]] };
  const doc = { .../** @type {any} */ (state.doc), view, problem: { dataset } };
  const read = readRecording(recordingOf({ ...state, doc }, "", null)).doc;
  const shown = read?.view;
  assert.deepEqual(read?.problem, { dataset: { kind: "inline" } });
  assert.equal(shown?.stage, "3d");
  assert.equal(shown?.surface, "train");
  assert.equal(shown?.moving_plane, false);
  assert.equal(shown?.overlays.arrows, "none");
  assert.equal(shown?.overlays.gradient_field, true);
});

test("a text that looks like an array is none", () => {
  const state = stateOf();
  const doc = /** @type {any} */ ({ view: { overlays: {} }, problem: {}, odd: { f8: ["AAAA"] } });
  assert.deepEqual(/** @type {any} */ (readRecording(recordingOf({ ...state, doc }, "", null)).doc).odd, {
    f8: ["AAAA"],
  });
});

test("runs under way end where they are", () => {
  const read = readRecording(recordingOf({ ...stateOf(), steps: 100 }, "", null));
  assert.equal(read.steps, 2);
  assert.equal(read.runs?.[0].status, "finished");
});
