/** The page's one state, and who wants to hear of which part of it. */

/**
 * @param {import("../document/types.js").AppState} initial
 * @returns {import("../document/types.js").Store}
 */
export function createStore(initial) {
  let state = initial;
  /** @type {Set<{keys: (keyof import("../document/types.js").AppState)[], listener: (state: import("../document/types.js").AppState) => void}>} */
  const watchers = new Set();

  return {
    get: () => state,
    set(patch) {
      const before = state;
      state = { ...state, ...patch };
      for (const { keys, listener } of [...watchers]) {
        if (keys.some((key) => key in patch && !Object.is(before[key], state[key]))) listener(state);
      }
    },
    watch(keys, listener) {
      const watcher = { keys, listener };
      watchers.add(watcher);
      listener(state);
      return () => watchers.delete(watcher);
    },
  };
}
