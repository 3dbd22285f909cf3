/** Parts of the page that are read when they are needed, which may be when the service is out of reach. */

import { h } from "../ui/dom.js";

/** @import { Store } from "../document/types.js" */

const MISSING = "A part of the page did not arrive: try again, or reload the page.";

/**
 * A part that is read once, however often it is asked for; where it did not arrive the next one who asks tries again.
 * @template T
 * @param {Store} store
 * @param {() => Promise<T>} read
 * @param {HTMLElement} [place]   Says that it is on its way.
 * @returns {() => Promise<T|null>}   Null where it did not arrive, which the page says.
 */
export function createPart(store, read, place) {
  let part = /** @type {Promise<T|null>|null} */ (null);

  async function tryToRead() {
    const words = h("p", { class: "part-waiting", role: "status" }, "One moment…");
    place?.append(words);
    try {
      return await read();
    } catch (fault) {
      part = null;
      console.warn(fault);
      store.set({ notice: MISSING });
      return null;
    } finally {
      words.remove();
    }
  }

  return () => {
    part ??= tryToRead();
    return part;
  };
}
