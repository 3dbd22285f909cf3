/** The layers over the surface: asks for each that is switched on, anew whenever the surface under it is another. */

import { looksOf } from "../document/view.js";

/** @typedef {import("../document/types.js").AppState} AppState */
/** @typedef {{kind: string} & Record<string, any>} Wanted */

/**
 * The studies that the layers need, by their kind.
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
export function createLayers(store, actions) {
  /** @type {Map<string, string>} What each study's answer on show belongs to. */
  const asked = new Map();
  /** @type {Map<string, () => void>} How each study is given up. */
  const giveUp = new Map();

  function refresh() {
    const state = store.get();
    const wanted = wantedOf(state);
    for (const kind of [...asked.keys()]) if (!wanted[kind]) forget(kind);
    if (state.phase !== "ready" || !state.plane) return;
    for (const [kind, study] of Object.entries(wanted)) {
      const key = keyOf(state, study);
      if (asked.get(kind) === key) continue;
      asked.set(kind, key);
      ask(kind, study, key);
    }
  }

  /** @param {string} kind @param {Wanted} study @param {string} key */
  function ask(kind, study, key) {
    const { focus, found, refusals } = store.get();
    const { [kind]: _, ...rest } = refusals;
    store.set({ found: { ...found, [kind]: null }, refusals: rest });
    giveUp.set(
      kind,
      actions.study({ run: focus, step: 0 }, study, (frame, problem) => {
        if (asked.get(kind) !== key) return;
        if (frame) store.set({ found: { ...store.get().found, [kind]: frame } });
        else if (problem?.status === 409) asked.delete(kind);
        else
          store.set({
            refusals: { ...store.get().refusals, [kind]: problem?.detail ?? "The connection was lost." },
          });
      }),
    );
  }

  /** @param {string} kind */
  function forget(kind) {
    asked.delete(kind);
    giveUp.get(kind)?.();
    const { [kind]: _, ...found } = store.get().found;
    store.set({ found });
  }

  store.watch(["doc", "problem", "plane", "phase", "focus", "runs", "arrived"], refresh);
}

/**
 * What an answer depends on: of a path's study its ends too, of the surface's only the window and the problem.
 * @param {AppState} state
 * @param {Wanted} study
 */
function keyOf({ plane, doc, runs, focus }, study) {
  const run = runs[focus];
  const path = study.kind === "null" && run ? [focus, run.count, run.cost[run.count - 1]] : [];
  const recipe = study.kind === "basins" ? doc?.runs : [];
  return JSON.stringify([study, plane?.id, plane?.extent, doc?.problem, doc?.seed, path, recipe]);
}
