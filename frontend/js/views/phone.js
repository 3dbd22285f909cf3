/** The row of tabs that a phone shows in place of the side panels. */

import { h, refill } from "../dom.js";

const PANELS = [
  { name: "knobs", label: "Knobs" },
  { name: "cost", label: "Cost" },
  { name: "network", label: "Network" },
  { name: "step", label: "Step" },
  { name: "curvature", label: "Curvature" },
  { name: "tour", label: "Tour" },
];

/** The views come before these tabs: one that the page has not is offered by none. @param {{name: string}} panel */
const isThere = ({ name }) => name === "knobs" || name === "tour" || document.getElementById(`view-${name}`) !== null;

/**
 * @param {HTMLElement} el
 * @param {import("../types.js").Store} store
 * @param {(name: string) => void} [onPanel]  Told which of the views is wanted; not told of the knobs and the tour.
 */
export function createPhoneTabs(el, store, onPanel) {
  const app = /** @type {HTMLElement} */ (document.getElementById("app"));
  const tabs = PANELS.filter(isThere).map(({ name, label }) => h("button", { type: "button", class: "phone-tab", "data-name": name, on: { click: () => show(name) } }, label));
  refill(el, ...tabs);

  /** @param {string} name */
  function show(name) {
    app.dataset.panel = name;
    for (const tab of tabs) {
      const chosen = tab.dataset.name === name;
      tab.setAttribute("aria-pressed", String(chosen));
      if (chosen) tab.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
    if (name !== "knobs" && name !== "tour") onPanel?.(name);
  }
  show("knobs");
  store.watch(["tour"], ({ tour }) => {
    tabs[tabs.length - 1].hidden = tour === null;
    if (tour !== null) show("tour");
    else if (app.dataset.panel === "tour") show("knobs");
  });
  store.watch(["problem"], ({ problem }) => el.classList.toggle("phone-tabs--waiting", problem === null));
}
