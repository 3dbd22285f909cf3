/** Why it happened: the numbers behind the sentence, the way to where it is seen, and the term that explains it. */

import { formatNumber } from "../document/number-format.js";
import { termOf } from "../document/terms.js";
import { freshId, h, reachable, refill } from "../ui/dom.js";
import { formulaBox } from "../ui/help-tip.js";
import { placeNear } from "../ui/popover-place.js";
import { listFacts } from "../ui/term.js";

/** @import { Actions, Store } from "../document/types.js" */
/** @import { Moment } from "../model/moments.js" */

const OVERLAYS = /** @type {Record<string, string>} */ ({
  critical_points: "the critical points",
  quadratic_model: "the quadratic model",
  arrows: "the step’s arrows",
});

/**
 * @param {HTMLButtonElement} button
 * @param {Store} store
 * @param {Actions} actions
 * @param {() => Moment|null} shown   What it tells of when it is opened; while it is open it stays with that.
 * @returns {HTMLElement}   The card, which the button opens.
 */
export function createReason(button, store, actions, shown) {
  const id = freshId("reason");
  const card = reachable(
    h("div", { class: "explanation reason", popover: "auto", id, role: "dialog", "aria-label": "Why?" }),
  );
  button.setAttribute("popovertarget", id);
  card.addEventListener("beforetoggle", (event) => {
    const opens = /** @type {ToggleEvent} */ (event).newState === "open";
    const moment = shown();
    refill(card, ...(opens && moment ? contentOf(moment) : []));
  });
  card.addEventListener("toggle", () => placeNear(card, button));

  /** @param {Moment} about */
  function contentOf(about) {
    const { term: key } = about.look;
    const term = termOf(store.get().glossary, key);
    const facts = h("dl", { class: "facts" });
    listFacts(
      facts,
      Object.entries(about.numbers).map(([name, value]) => [name, formatNumber(value ?? NaN)]),
      store,
    );
    return [
      h("p", { class: "reason__words" }, about.words),
      facts,
      h(
        "button",
        { class: "quiet reason__show", on: { click: () => show(about) } },
        h("strong", {}, "Show it"),
        h("span", {}, wayTo(about)),
      ),
      term && h("strong", { class: "explanation__title" }, key),
      term && h("p", {}, term.text),
      term?.mathml && formulaBox(term.mathml),
    ];
  }

  /** @param {Moment} about */
  function show({ runs, from, look }) {
    card.hidePopover();
    actions.seek(from);
    actions.focusRun(runs[0]);
    for (const [overlay, value] of Object.entries(drawn(look)))
      actions.change(["view", "overlays", overlay], value);
    if (Object.keys(drawn(look)).length > 0 && store.get().doc?.view.stage === "lab")
      actions.change(["view", "stage"], "3d");
    actions.change(["view", "tab"], look.tab);
    store.set({ wanted: look.tab });
  }

  /** Where it is to be seen, in words: all that a press does. @param {Moment} about */
  function wayTo({ from, look }) {
    const over = Object.keys(drawn(look)).map((overlay) => ` and ${OVERLAYS[overlay]} on the picture`);
    const view = look.tab[0].toUpperCase() + look.tab.slice(1);
    return `at step ${from}, in the ${view} view${over.join("")}`;
  }

  /** What of it this problem can draw. @param {Moment["look"]} look */
  function drawn({ overlays }) {
    const exact = store.get().problem?.exact ?? false;
    return Object.fromEntries(
      Object.entries(overlays).filter(([overlay]) => exact || overlay !== "critical_points"),
    );
  }

  return card;
}
