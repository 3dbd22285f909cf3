/** The views at the right: one tab at a time, with the cost always below it. */

import { h } from "../ui/dom.js";
import { createCost } from "./cost.js";
import { createCurvature } from "./curvature.js";
import { createNetwork } from "./network.js";
import { createStep } from "./step.js";

/** @type {{name: string, label: string, create: null | typeof createNetwork | typeof createStep}[]} */
const TABS = [
  { name: "cost", label: "Cost", create: null },
  { name: "network", label: "Network", create: createNetwork },
  { name: "step", label: "Step", create: createStep },
  { name: "curvature", label: "Curvature", create: createCurvature },
];

/**
 * @param {HTMLElement} element
 * @param {import("../document/types.js").Store} store
 * @param {import("../document/types.js").Actions} actions
 * @param {import("../ui/study-query.js").Questions} questions
 */
export function createPanels(element, store, actions, questions) {
  const row = h("div", { class: "tabs", role: "tablist", "aria-label": "Views" });
  element.append(row);
  const tabs = TABS.map(({ name, label, create }) => {
    const panel = h("section", {
      class: `view view-${name}`,
      id: `view-${name}`,
      role: "tabpanel",
      "aria-labelledby": `tab-${name}`,
    });
    const tab = newTab(name, label);
    row.append(tab);
    return { name, tab, panel, create };
  });
  // The cost comes last in the column: under whichever view is open.
  element.append(...tabs.slice(1).map(({ panel }) => panel), tabs[0].panel);
  const cost = createCost(tabs[0].panel, store, actions);
  for (const { create, panel } of tabs) create?.(panel, store, actions, questions);

  /** @param {string} name @param {string} label */
  function newTab(name, label) {
    const choose = () => actions.change(["view", "tab"], name);
    return h(
      "button",
      {
        type: "button",
        class: "tab",
        id: `tab-${name}`,
        role: "tab",
        "aria-controls": `view-${name}`,
        on: { click: choose },
      },
      label,
    );
  }

  row.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const at = tabs.findIndex(({ tab }) => tab === document.activeElement);
    const next = tabs[(at + step + tabs.length) % tabs.length];
    next.tab.focus();
    next.tab.click();
  });

  /** @param {string} name */
  function show(name) {
    element.dataset.tab = name;
    for (const { name: own, tab, panel } of tabs) {
      const chosen = own === name;
      tab.setAttribute("aria-selected", String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
      panel.hidden = !chosen && own !== "cost";
    }
    cost.redraw();
  }

  store.watch(["doc"], ({ doc }) => {
    const name = tabs.find((tab) => tab.name === doc?.view.tab)?.name ?? "network";
    if (name !== element.dataset.tab) show(name);
  });
}
