/** A store seen through a lens: some of its state replaced, and those told who would see the change. Pure. */

/** @typedef {import("./types.js").AppState} AppState */
/** @typedef {import("./types.js").Store} Store */

/**
 * What the stage and the strip are shown: the live slice in place of the surface, with the runs' heights over it.
 * @param {AppState} state
 * @returns {AppState}
 */
export function throughLive(state) {
  const { live } = state;
  return live ? { ...state, surface: live.surface, runs: live.runs } : state;
}

/**
 * @param {Store} store
 * @param {(state: AppState) => AppState} see
 * @param {Partial<Record<keyof AppState, (keyof AppState)[]>>} also   What else changes a part of what is seen.
 * @returns {Store}
 */
export function createLens(store, see, also) {
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
    watch: (keys, listener) => store.watch([...new Set(keys.flatMap((key) => [key, ...(also[key] ?? [])]))], () => listener(get())),
  };
}
