/** A question mark at the captions' terms, each at its first place. */

import { helpTip } from "../ui/term.js";

/** @import { Store } from "../document/types.js" */

/** The glossary's entry for what a caption speaks of, by the caption's key: of the runs the first one's. views.css keeps room for each. */
const TERMS = /** @type {Record<string, string>} */ ({
  exact: "surface",
  slice: "slice",
  share: "variance share",
  oblique: "filter normalisation",
  "run-0": "projection",
  note: "plane",
  log: "cost",
});

/**
 * Captions come and go with what they are true of: each that comes is given its question mark.
 * @param {HTMLElement} captions
 * @param {Store} store
 */
export function createCaptionTerms(captions, store) {
  const list = captions.querySelector("ul");
  if (!list) return;
  const explain = () => {
    for (const item of /** @type {NodeListOf<HTMLElement>} */ (list.querySelectorAll("li"))) {
      const term = termOf(item.dataset.key ?? "", store);
      const tip = item.querySelector(".help-tip-holder");
      if (!term) tip?.remove();
      else if (!tip) item.append(helpTip(store, term));
    }
  };
  new MutationObserver(explain).observe(list, { childList: true });
  store.watch(["problem", "glossary"], explain);
  explain();
}

/** On an exact surface nothing is projected. @param {string} key @param {Store} store */
function termOf(key, store) {
  if (key === "run-0" && store.get().problem?.exact !== false) return undefined;
  return TERMS[key];
}
