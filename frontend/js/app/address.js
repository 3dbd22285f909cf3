/** The page's address: the link of what is on show, with one entry of the history for each experiment. */

import { linkOfStop } from "../model/tour.js";
import { linkOf, toHash } from "./link.js";

/** The link follows the document so much later: browsers refuse too many changes in a row. */
const PACE_MS = 400;

/**
 * What goes back and forward through the history is the browser, and it tells afterwards: from then until what it
 * went to is here, nothing is written, as it would stand in an entry of something else, or cut off those after it.
 * @param {import("../document/types.js").Store} store
 * @param {Window} browser   Its history, address and clock.
 */
export function followInAddress(store, browser = window) {
  const { history, location } = browser;
  let timer = 0;
  let written = store.get().entry;
  /** How often the browser moved, and which of its moves is asked for and is answered. */
  let moves = 0;
  let asked = 0;
  let answered = 0;
  let { minimal } = store.get();

  /** The address as it is now. @returns {Promise<string>} */
  async function write() {
    browser.clearTimeout(timer);
    const state = store.get();
    const move = moves;
    const address = new URL(await hashOf(state), location.href).href;
    // Packing takes a moment: by now another experiment may be asked for.
    if (moves !== move || store.get().entry !== state.entry || !isSettled(store.get())) return address;
    if (address !== location.href) {
      if (state.entry === written) history.replaceState(null, "", address);
      else history.pushState(null, "", address);
    }
    written = state.entry;
    return address;
  }

  /** @param {import("../document/types.js").AppState} state */
  const isSettled = (state) => answered === moves && isOnShow(state);

  store.watch(["doc", "minimal", "tour", "assignment", "phase", "held"], (state) => {
    if (state.minimal !== minimal) answered = asked;
    minimal = state.minimal;
    browser.clearTimeout(timer);
    if (isSettled(state)) timer = browser.setTimeout(write, PACE_MS);
  });
  browser.addEventListener("popstate", () => {
    moves += 1;
    browser.clearTimeout(timer);
  });

  return {
    write,
    /** What is asked for now belongs where the browser is. */
    stay() {
      asked = moves;
      written = store.get().entry;
    },
  };
}

/**
 * Whether the shortest document is that of the page's, not of the one before.
 * @param {import("../document/types.js").AppState} state
 */
const isOnShow = ({ minimal, phase, held }) =>
  minimal !== null && !held && (phase === "computing" || phase === "ready");

/** A stop of the tour has a link of its own, whatever is tried at it, and so has an assignment. @param {import("../document/types.js").AppState} state */
async function hashOf(state) {
  if (state.assignment) return state.assignment.link;
  const stop = state.tour === null ? undefined : state.catalog?.tour[state.tour];
  return stop ? linkOfStop(stop) : toHash(linkOf(state));
}
