/** The overlays of the surface: asks for each that is switched on, anew whenever the surface under it is another. */

import { looksOf } from "../document/view.js";
import { noteRefusal } from "../wire/refusal.js";
import { createQuery } from "./query.js";

/** @typedef {import("../document/types.js").AppState} AppState */
/** @typedef {{kind: string} & Record<string, any>} Wanted */

/**
 * The studies that the overlays need, by their kind.
 * @param {AppState} state
 * @returns {Record<string, Wanted>}
 */
export function wantedOf(state) {
  const { focus, runs } = state;
  const looks = looksOf(state);
  /** @type {Record<string, Wanted>} */
  const wanted = {};
  if (looks.gradient_field) wanted.field = { kind: "field", resolution: 21 };
  if (looks.critical_points) wanted.critical = { kind: "critical" };
  if (looks.random_walk) wanted.null = { kind: "null" };
  if (looks.basins !== "none")
    wanted.basins = {
      kind: "basins",
      optimizer: focus,
      against: looks.basins === "against" && runs.length > 1 ? otherOf(focus, runs.length) : null,
    };
  return wanted;
}

/** The run that the focused one is held against: the next one. @param {number} focus @param {number} count */
export const otherOf = (focus, count) => (focus + 1) % count;

/** @param {import("../document/types.js").Store} store @param {Pick<import("../document/types.js").Actions, "study">} actions */
export function createOverlays(store, actions) {
  /** @type {Map<string, ReturnType<typeof createQuery>>} By the kinds of study that are wanted. */
  const queries = new Map();

  function refresh() {
    const state = store.get();
    const wanted = wantedOf(state);
    for (const kind of [...queries.keys()]) if (!wanted[kind]) forget(kind);
    if (state.phase !== "ready" || !state.plane) return;
    for (const study of Object.values(wanted)) queryOf(study.kind).ask(questionOf(state, study));
  }

  /** @param {string} kind */
  function queryOf(kind) {
    const query =
      queries.get(kind) ??
      createQuery(actions.study, {
        show: (frame) => put(kind, frame),
        refuse: (words) => noteRefusal(store, kind, words),
        entered: (state) => state === "asked" && put(kind, null),
        replaces: true,
      });
    queries.set(kind, query);
    return query;
  }

  /** @param {string} kind @param {import("../document/types.js").Frame|null} frame   Null while the first answer is awaited. */
  function put(kind, frame) {
    store.set({ found: { ...store.get().found, [kind]: frame } });
    noteRefusal(store, kind, null);
  }

  /** @param {string} kind */
  function forget(kind) {
    queries.get(kind)?.forget();
    queries.delete(kind);
    const { [kind]: _, ...found } = store.get().found;
    store.set({ found });
  }

  store.watch(["doc", "problem", "plane", "phase", "focus", "runs", "arrived"], refresh);
}

/**
 * What an answer depends on: of a path's study its ends too, of the surface's only the window and the problem.
 * @param {AppState} state
 * @param {Wanted} study
 * @returns {import("./query.js").Question}
 */
function questionOf({ plane, doc, runs, focus }, study) {
  const run = study.kind === "null" ? runs[focus] : undefined;
  const path = run ? [run.count, run.cost[run.count - 1]] : [];
  const recipe = study.kind === "basins" ? doc?.runs : [];
  const of = [plane?.id, plane?.extent, doc?.problem, doc?.seed, path, recipe];
  return { place: { run: run ? focus : 0, step: 0 }, study, of };
}
