/** The live slice: asks for the surface under the cursor, one step at a time and always the newest. */

import { looksOf } from "../document/view.js";
import { createQuery } from "./query.js";
import { entryAt } from "./runs.js";
import { surfaceOf } from "./surface.js";

/** @typedef {import("../document/types.js").AppState} AppState */
/** @typedef {import("../document/types.js").Run} Run */
/** @typedef {import("../document/types.js").Live} Live */
/** @typedef {import("../document/types.js").Frame} Frame */

/** Points along a side while it plays, and once it rests. */
const MOVING = 51;
const RESTING = 101;
/** A rough slice waits so long for the fine one before it is shown, in milliseconds: most come in the same frame. */
const ROUGH_MS = 60;

/**
 * @param {import("../document/types.js").Store} store
 * @param {Pick<import("../document/types.js").Actions, "study"|"standStill">} actions
 */
export function createLive(store, actions) {
  const query = createQuery(actions.study, {
    show,
    refuse(words) {
      actions.standStill();
      store.set({ live: null, notice: words });
    },
    entered: (state) => state !== "idle" && refresh(),
    partialMs: ROUGH_MS,
  });

  function refresh() {
    const state = store.get();
    const question = questionOf(state);
    if (isLive(state)) {
      if (question) query.ask(question);
      return;
    }
    query.forget();
    if (state.live) store.set({ live: null });
  }

  /** @param {Frame} frame */
  function show(frame) {
    const state = store.get();
    if (isLive(state) && state.plane?.id === frame.meta.plane_id) store.set({ live: liveOf(state, frame) });
  }

  store.watch(["step", "focus", "arrived", "playing", "plane", "doc", "problem"], refresh);
}

/** @param {AppState} state */
function isLive(state) {
  const { moving_plane, surface } = looksOf(state);
  return moving_plane || surface !== "train";
}

/** @param {AppState} state @returns {import("./query.js").Question|null} */
function questionOf(state) {
  const { runs, focus, step, plane, playing } = state;
  const { moving_plane, surface } = looksOf(state);
  const run = runs[focus];
  if (!run || run.count === 0 || !plane) return null;
  const place = { run: focus, step: entryAt(run, Math.floor(step)) };
  const study = { kind: "moving", surface, follow: moving_plane, resolution: playing ? MOVING : RESTING };
  return { place, study, of: [plane.id, plane.extent, run.cost[place.step]] };
}

/** @param {AppState} state @param {Frame} frame @returns {Live} */
export function liveOf(state, frame) {
  const { meta, arrays } = frame;
  return {
    run: meta.run,
    step: meta.step,
    surfaceCost: meta.surface,
    travels: meta.follow,
    examples: meta.examples,
    all: meta.all_examples,
    surface: surfaceOf(frame),
    runs: state.runs.map((run, k) =>
      runOver(run, meta.surface, meta.runs[k]?.first ?? 0, arrays.runs?.[k] ?? {}),
    ),
  };
}

/**
 * The run with its heights over another surface, as far as they are told.
 * @param {Run} run
 * @param {string} surfaceCost
 * @param {number} first
 * @param {Record<string, {data: ArrayLike<number>}>} told
 * @returns {Run}
 */
function runOver(run, surfaceCost, first, told) {
  const over = (/** @type {string} */ name) => {
    const values = told[name]?.data ?? [];
    const column = new Float64Array(run.cost.length).fill(NaN);
    column.set(Array.from(values).slice(0, Math.max(0, column.length - first)), first);
    return column;
  };
  // On the training set the path keeps its own true heights, all along.
  const cost = surfaceCost === "train" ? run.cost : over("cost");
  return { ...run, cost, projectedCost: over("shadow_cost"), offPlane: over("off_plane") };
}
