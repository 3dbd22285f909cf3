/** Marking a place on the picture: the next click on it, or the contours’ Enter, says where; Escape gives up. */

import { noteOverlay } from "../ui/overlays.js";

/** @import { Pair, Store } from "../document/types.js" */

/**
 * @param {Store} store
 * @param {Element} asker      What asks for it, for Escape to know.
 * @returns {{marked: Promise<Pair|null>, giveUp: () => void}}   Null where it was given up.
 */
export function markPlace(store, asker) {
  let finish = (/** @type {Pair|null} */ _) => {};
  const marked = new Promise((/** @type {(at: Pair|null) => void} */ resolve) => {
    store.set({ click: "mark", marked: null, look: null });
    const stop = store.watch(["marked", "click"], (state) => {
      if (state.marked || state.click !== "mark") finish(state.marked);
    });
    finish = (at) => {
      stop();
      noteOverlay(asker, false, () => finish(null));
      if (store.get().click === "mark") store.set({ click: "start" });
      resolve(at);
    };
    noteOverlay(asker, true, () => finish(null));
  });
  return { marked, giveUp: () => finish(null) };
}
