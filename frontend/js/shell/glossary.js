/** Every term of the page, searchable. */

import { searchTerms } from "../document/terms.js";
import { freshId, h, refill } from "../ui/dom.js";
import { formulaBox } from "../ui/help-tip.js";

/** @import { Term } from "../document/terms.js" */
/** @import { Store } from "../document/types.js" */

/** @param {Store} store @param {(title: string, ...content: Node[]) => HTMLDialogElement} createDialog */
export function createGlossary(store, createDialog) {
  const id = freshId("search");
  const search = h("input", {
    type: "search",
    class: "text",
    id,
    autocomplete: "off",
    autofocus: true,
    on: { input: refresh },
  });
  const list = h("dl", { class: "terms" });
  const none = h("p", { class: "hint", role: "status" });
  const el = createDialog(
    "Glossary",
    h("div", { class: "terms__search" }, h("label", { for: id }, "Find a term"), search),
    none,
    list,
  );

  function refresh() {
    const terms = searchTerms(store.get().glossary, search.value);
    refill(list, ...terms.flatMap((term) => entry(term)));
    refill(none, terms.length ? "" : "No term of that name.");
  }
  return { el, refresh };
}

/** @param {Term} term */
function entry({ key, text, mathml }) {
  return [h("dt", {}, key), h("dd", {}, text, mathml && formulaBox(mathml))];
}
