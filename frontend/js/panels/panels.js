/** The views at the right: one tab at a time, with what stays always below it. */

import { h } from "../ui/dom.js";
import * as registered from "./registry.js";

/** Every panel in the order of the tabs. */
export const PANELS = Object.values(registered).sort((one, other) => one.place - other.place);

/**
 * @param {HTMLElement} element
 * @param {import("../document/types.js").Store} store
 * @param {import("../document/types.js").Actions} actions
 * @param {import("../ui/study-query.js").Questions} questions
 */
export function createPanels(element, store, actions, questions) {
  const row = h("div", { class: "tabs", role: "tablist", "aria-label": "Views" });
  element.append(row);
  const tabs = PANELS.map(({ name, label, stays = false, create }) => {
    const panel = h("section", {
      class: `view view-${name}`,
      id: `view-${name}`,
      role: "tabpanel",
      "aria-labelledby": `tab-${name}`,
    });
    const tab = newTab(name, label);
    row.append(tab);
    return { name, tab, panel, stays, create };
  });
  // What stays comes last in the column: under whichever view is open.
  const column = [...tabs].sort((one, other) => Number(one.stays) - Number(other.stays));
  element.append(...column.map(({ panel }) => panel));
  const created = tabs.map(({ create, panel }) => create(panel, store, actions, questions));

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
    for (const { name: own, tab, panel, stays } of tabs) {
      const chosen = own === name;
      tab.setAttribute("aria-selected", String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
      panel.hidden = !chosen && !stays;
    }
    for (const view of created) view?.redraw();
  }

  store.watch(["doc"], ({ doc }) => {
    const { name } = tabs.find((tab) => tab.name === doc?.view.tab) ?? tabs[0];
    if (name !== element.dataset.tab) show(name);
  });
}
