/** The row of tabs that a phone shows in place of the side panels; the open one's panel folds away for the picture. */

import { DATA_VIEW } from "../document/changes.js";
import { h, refill } from "../ui/dom.js";
import { icon } from "../ui/icons.js";

/** @import { Actions, Store } from "../document/types.js" */

const KNOBS = { name: "knobs", label: "Knobs" };
const TOUR = { name: "tour", label: "Tour" };
const ASSIGNMENT = { name: "assignment", label: "Task" };
const FOLDED = "none";
/** A screen lower than this has no room for picture and panel both. */
const LOW = 520;

/**
 * @param {HTMLElement} el
 * @param {Store} store
 * @param {Actions} actions
 * @returns {(views: {name: string, label: string}[]) => void}   Adds those at the right.
 */
export function createPhoneTabs(el, store, actions) {
  const app = /** @type {HTMLElement} */ (document.getElementById("app"));
  /** What leads: their tabs are there while they do. */
  const leading = [tabOf(TOUR), tabOf(ASSIGNMENT)];
  let tabs = [tabOf(KNOBS), ...leading];
  let views = /** @type {string[]} */ ([]);
  refill(el, ...tabs);

  /** @param {{name: string, label: string}} panel */
  function tabOf({ name, label }) {
    const choose = () => show(app.dataset.panel === name ? FOLDED : name);
    return h(
      "button",
      { class: "phone-tab", "data-name": name, on: { click: choose } },
      label,
      icon("down", "phone-tab__fold"),
    );
  }

  /** @param {string} name */
  function show(name) {
    app.dataset.panel = name;
    for (const tab of tabs) {
      const chosen = tab.dataset.name === name;
      tab.setAttribute("aria-pressed", String(chosen));
      tab.title = chosen ? "Press again to fold it away" : "";
      if (chosen) tab.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
    if (views.includes(name)) actions.change(["view", "tab"], name);
  }
  show(innerHeight <= LOW ? FOLDED : KNOBS.name);
  store.watch(["tour", "assignment"], (state) => {
    for (const tab of leading) {
      const { name = "" } = tab.dataset;
      tab.hidden = state[/** @type {"tour"|"assignment"} */ (name)] === null;
      if (!tab.hidden) show(name);
      else if (app.dataset.panel === name) show(KNOBS.name);
    }
  });
  store.watch(["wanted"], ({ wanted }) => {
    if (wanted === null) return;
    store.set({ wanted: null });
    show(wanted);
  });
  let drawing = false;
  store.watch(["drawing"], (state) => {
    if (state.drawing && !drawing) show(DATA_VIEW);
    drawing = state.drawing !== null;
  });
  store.watch(["problem"], ({ problem }) => el.classList.toggle("phone-tabs--waiting", problem === null));

  return (added) => {
    const [knobs] = tabs;
    views = added.map(({ name }) => name);
    tabs = [knobs, ...added.map(tabOf), ...leading];
    refill(el, ...tabs);
  };
}
