/** The panel of knobs at the left. */

import { refill } from "../ui/dom.js";
import { createFew } from "./few.js";
import { beyond, fixable } from "./knob.js";
import { createPlane } from "./plane.js";
import { createNetwork, createProblem } from "./problem.js";
import { createRuns } from "./run-list.js";
import { createStart } from "./start.js";

/** @import { Actions, Store } from "../document/types.js" */
/** @import { Part } from "./knob.js" */

/** @param {HTMLElement} el @param {Store} store @param {Actions} actions */
export function createKnobs(el, store, actions) {
  const context = { store, actions };
  let parts = /** @type {Part[]} */ ([]);

  function build() {
    const problem = fixable("problem", createProblem(context));
    const network = beyond(fixable("network", createNetwork(context)));
    const start = beyond(fixable("start", createStart(context)));
    const plane = beyond(fixable("plane", createPlane(context)));
    parts = [problem, network, start, createRuns(context), plane, createFew(el)];
    refill(el, ...parts.map((part) => part.el));
  }

  let assignment = store.get().assignment;

  function update() {
    const state = store.get();
    if (!state.catalog || !state.doc) return;
    if (parts.length === 0 || state.assignment !== assignment) build();
    assignment = state.assignment;
    for (const part of parts) part.update(state);
  }

  store.watch(
    [
      "catalog",
      "doc",
      "minimal",
      "tour",
      "fault",
      "plane",
      "problem",
      "runs",
      "arrived",
      "focus",
      "data",
      "assignment",
    ],
    update,
  );
  watchMoment(store, update);
}

/**
 * The cursor matters to the knobs only when it leaves the start or passes an edit, not at every frame of playing.
 * @param {Store} store
 * @param {() => void} update
 */
function watchMoment(store, update) {
  let before = "";
  store.watch(["step"], ({ step, doc }) => {
    const passed = (doc?.edits ?? []).filter((edit) => edit.step <= step).length;
    const now = `${step > 0} ${passed}`;
    if (now === before) return;
    before = now;
    update();
  });
}
