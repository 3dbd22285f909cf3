/** The panel of knobs at the left. */

import { refill } from "../ui/dom.js";
import { createFew } from "./few.js";
import { beyond } from "./knob.js";
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
    const more = [createNetwork, createStart, createPlane].map((create) => beyond(create(context)));
    const [network, start, plane] = more;
    parts = [createProblem(context), network, start, createRuns(context), plane, createFew(el)];
    refill(el, ...parts.map((part) => part.el));
  }

  function update() {
    const state = store.get();
    if (!state.catalog || !state.doc) return;
    if (parts.length === 0) build();
    for (const part of parts) part.update(state);
  }

  store.watch(
    ["catalog", "doc", "minimal", "tour", "fault", "plane", "problem", "runs", "arrived", "focus", "data"],
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
