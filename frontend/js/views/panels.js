/** The views at the right: one tab at a time, with the cost always below it. */
import { createCost } from "./cost.js";
import { createNetwork } from "./network.js";

/** @type {{name: string, label: string, create: null | typeof createNetwork}[]} */
const TABS = [
  { name: "cost", label: "Cost", create: null },
  { name: "network", label: "Network", create: createNetwork },
];

/**
 * @param {HTMLElement} element
 * @param {import("../types.js").Store} store
 * @param {import("../types.js").Actions} actions
 */
export function createPanels(element, store, actions) {
  const row = document.createElement("div");
  row.className = "tabs";
  row.setAttribute("role", "tablist");
  row.setAttribute("aria-label", "Views");
  element.append(row);
  const tabs = TABS.map(({ name, label, create }) => {
    const panel = document.createElement("section");
    panel.className = `view view-${name}`;
    panel.id = `view-${name}`;
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", `tab-${name}`);
    const tab = newTab(name, label);
    row.append(tab);
    return { name, tab, panel, create };
  });
  // The cost comes last in the column: under whichever view is open.
  element.append(...tabs.slice(1).map(({ panel }) => panel), tabs[0].panel);
  const cost = createCost(tabs[0].panel, store, actions);
  for (const { create, panel } of tabs) create?.(panel, store, actions);

  /** @param {string} name */
  function newTab(name, label = name) {
    const tab = document.createElement("button");
    tab.type = "button";
    tab.className = "tab";
    tab.id = `tab-${name}`;
    tab.textContent = label;
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", `view-${name}`);
    tab.addEventListener("click", () => actions.change(["view", "tab"], name));
    return tab;
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
    const name = tabs.some((tab) => tab.name === doc?.view.tab) ? doc?.view.tab : "network";
    if (name !== element.dataset.tab) show(name);
  });

  return {
    /** @param {string} name */
    show(name) {
      if (tabs.some((tab) => tab.name === name)) actions.change(["view", "tab"], name);
    },
  };
}
