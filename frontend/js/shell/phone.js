/** The row of tabs that a phone shows in place of the side panels; the open one's panel folds away for the picture. */

import { h, refill } from "../ui/dom.js";
import { icon } from "../ui/icons.js";

/** @import { Actions, Store } from "../document/types.js" */

const KNOBS = { name: "knobs", label: "Knobs" };
const TOUR = { name: "tour", label: "Tour" };
const FOLDED = "none";
/** A screen lower than this has no room for picture and panel both. */
const LOW = 520;

/**
 * @param {HTMLElement} el
 * @param {Store} store
 * @param {Actions} actions
 * @param {{name: string, label: string}[]} views   Those at the right.
 */
export function createPhoneTabs(el, store, actions, views) {
  const app = /** @type {HTMLElement} */ (document.getElementById("app"));
  const tabs = [KNOBS, ...views, TOUR].map(({ name, label }) =>
    h(
      "button",
      {
        class: "phone-tab",
        "data-name": name,
        on: { click: () => show(app.dataset.panel === name ? FOLDED : name) },
      },
      label,
      icon("down", "phone-tab__fold"),
    ),
  );
  refill(el, ...tabs);

  /** @param {string} name */
  function show(name) {
    app.dataset.panel = name;
    for (const tab of tabs) {
      const chosen = tab.dataset.name === name;
      tab.setAttribute("aria-pressed", String(chosen));
      tab.title = chosen ? "Press again to fold it away" : "";
      if (chosen) tab.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
    if (views.some((view) => view.name === name)) actions.change(["view", "tab"], name);
  }
  show(innerHeight <= LOW ? FOLDED : KNOBS.name);
  store.watch(["tour"], ({ tour }) => {
    tabs[tabs.length - 1].hidden = tour === null;
    if (tour !== null) show(TOUR.name);
    else if (app.dataset.panel === TOUR.name) show(KNOBS.name);
  });
  store.watch(["problem"], ({ problem }) => el.classList.toggle("phone-tabs--waiting", problem === null));
}
