/** The page's address: the link of what is on show, with one entry of the history for each experiment. */

import { linkOfStop } from "../model/tour.js";
import { linkOf, toHash } from "./link.js";

/** The link follows the document so much later: browsers refuse too many changes in a row. */
const PACE_MS = 400;

/** @param {import("../document/types.js").Store} store */
export function followInAddress(store) {
  let timer = 0;
  let written = store.get().entry;

  /** The address as it is now. @returns {Promise<string>} */
  async function write() {
    clearTimeout(timer);
    timer = 0;
    const state = store.get();
    const address = new URL(await hashOf(state), location.href).href;
    // Packing takes a moment: by now another experiment may be asked for.
    if (store.get().entry !== state.entry || store.get().phase === "opening") return address;
    if (state.entry === written) history.replaceState(null, "", address);
    else history.pushState(null, "", address);
    written = state.entry;
    return address;
  }

  store.watch(["doc", "minimal", "tour", "phase"], ({ minimal, phase }) => {
    // Until the service has answered, the shortest document is that of the experiment before.
    if (!minimal || phase === "opening") clearTimeout(timer);
    else {
      clearTimeout(timer);
      timer = window.setTimeout(write, PACE_MS);
    }
  });

  return { write };
}

/** A stop of the tour has a link of its own, whatever is tried at it. @param {import("../document/types.js").AppState} state */
async function hashOf(state) {
  return state.tour === null ? toHash(linkOf(state)) : linkOfStop(state.catalog?.tour[state.tour]);
}
