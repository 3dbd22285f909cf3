/** The page's one state, and who wants to hear of which part of it. */

/** @import { AppState, Store } from "../document/types.js" */

/** @param {AppState} initial @returns {Store} */
export function createStore(initial) {
  let state = initial;
  /** @type {Set<{keys: (keyof AppState)[], listener: (state: AppState) => void}>} */
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
