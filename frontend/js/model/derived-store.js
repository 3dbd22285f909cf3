/** A derived store: some of its state replaced, and those told who would see the change. Pure. */

import { plural } from "../document/number-format.js";

/** @import { AppState, Live, Store } from "../document/types.js" */

/**
 * What the stage and its captions are shown: the live slice in place of the surface, with the runs' heights over it.
 * @param {AppState} state
 * @returns {AppState}
 */
export function throughLive(state) {
  const { live } = state;
  return live ? { ...state, surface: live.surface, runs: live.runs } : state;
}

/**
 * What the map is shown: beside another surface in 3D, the training set's own.
 * @param {AppState} state
 * @returns {AppState}
 */
export function besideLive(state) {
  return surfacesOf(state) ? { ...state, live: null } : throughLive(state);
}

/**
 * Whose costs the two panes show, in words, while these are two surfaces.
 * @param {AppState} state
 * @returns {{space: string, map: string}|null}
 */
export function surfacesOf({ live, doc }) {
  if (!live || live.surfaceCost === "train" || doc?.view?.stage !== "both") return null;
  const [space, map] = live.surfaceCost === "test" ? testWords(live) : batchWords(live);
  return live.travels ? { space: `${space}, travelling`, map: `${map}, fitted plane` } : { space, map };
}

/** @param {Live} live */
const testWords = ({ examples, all }) => [
  `the ${plural(examples ?? 0, "test example")}`,
  `all ${plural(all ?? 0, "training example")}`,
];

/** @param {Live} live */
function batchWords({ examples, all }) {
  const whole = `all ${plural(all ?? 0, "example")}`;
  return [
    examples === all
      ? `${whole}: the next step takes every one`
      : `next step’s ${plural(examples ?? 0, "example")}`,
    whole,
  ];
}

/**
 * @param {Store} store
 * @param {(state: AppState) => AppState} see
 * @param {Partial<Record<keyof AppState, (keyof AppState)[]>>} also   What else changes a part of what is seen.
 * @returns {Store}
 */
export function createDerivedStore(store, see, also) {
  let from = /** @type {AppState|null} */ (null);
  let seen = /** @type {AppState|null} */ (null);

  function get() {
    const state = store.get();
    if (state !== from || !seen) {
      from = state;
      seen = see(state);
    }
    return seen;
  }

  return {
    get,
    set: store.set,
    watch: (keys, listener) =>
      store.watch([...new Set(keys.flatMap((key) => [key, ...(also[key] ?? [])]))], () => listener(get())),
  };
}
