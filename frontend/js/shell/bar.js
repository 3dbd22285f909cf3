/** The bar at the top: the name, the experiments, and what one takes away from here. */

import { openedLast } from "../document/change-words.js";
import { currentExperiment, sourceExperiment } from "../document/experiments.js";
import { redoable, undoable } from "../model/history.js";
import { ask } from "../ui/ask.js";
import { h, refill, setText } from "../ui/dom.js";
import { icon, mark } from "../ui/icons.js";
import { recall } from "../ui/memory.js";
import { createCopyLink } from "./copy-link.js";
import { createExport, createRest, createShare, createView, other } from "./menus.js";

/** @import { Actions, AppState, Store } from "../document/types.js" */

/** @param {HTMLElement} el @param {Store} store @param {Actions} actions */
export function createBar(el, store, actions) {
  const name = h("span", { class: "brand" }, mark(), h("h1", { class: "brand__name" }, "Descentscape"));
  // From where it was left.
  const beginTour = () => actions.visit(Number(recall("tour") ?? 0));
  refill(
    el,
    name,
    createExperiments(store),
    ...createUndo(store, actions),
    h("span", { class: "bar__space" }),
    h("button", { class: "button button--plain bar__wide", on: { click: beginTour } }, "Tour"),
    createExport(store, actions),
    createCopyLink(store, actions),
    createView(store),
    createShare(),
    createTheme(store, actions),
    h(
      "button",
      {
        class: "icon-button bar__wide",
        "aria-label": "Help and keys",
        title: "Help and keys (?)",
        on: { click: () => ask("help") },
      },
      icon("help"),
    ),
    createRest(store, actions, beginTour),
  );
}

/** The experiment on show; what it opens is read when it is first pressed. @param {Store} store */
function createExperiments(store) {
  const title = h("span", { class: "chooser__title" });
  const button = h(
    "button",
    {
      class: "chooser",
      "aria-haspopup": "dialog",
      on: { click: () => !button.popoverTargetElement && ask("experiments") },
    },
    h("span", { class: "chooser__label" }, "Experiment"),
    title,
    icon("down"),
  );
  store.watch(["catalog", "doc", "tour", "assignment", "history"], (state) => {
    const { catalog, tour, assignment } = state;
    if (assignment) setText(title, `Assignment: ${assignment.title}`);
    else if (tour !== null) setText(title, `Tour: ${catalog?.tour[tour]?.title}`);
    else setText(title, titleOf(state));
  });
  return h("div", { class: "bar__experiments" }, button);
}

/** Undo and redo, which say what. @param {Store} store @param {Actions} actions */
function createUndo(store, actions) {
  const button = (/** @type {"undo"|"redo"} */ way) =>
    h("button", { class: "icon-button bar__wide", on: { click: actions[way] } }, icon(way));
  const [undo, redo] = [button("undo"), button("redo")];
  store.watch(["history", "connection"], ({ history, connection }) => {
    say(undo, "Undo", "Ctrl+Z", connection === "open" ? undoable(history) : null);
    say(redo, "Redo", "Ctrl+Y", connection === "open" ? redoable(history) : null);
  });
  return [
    h("div", { class: "bar__undo bar__wide", role: "group", "aria-label": "What was done" }, undo, redo),
  ];
}

/** @param {HTMLButtonElement} button @param {string} verb @param {string} keys @param {string|null} words */
function say(button, verb, keys, words) {
  // Disabled it would lose the focus of who presses it again and again.
  button.setAttribute("aria-disabled", String(words === null));
  button.setAttribute("aria-label", words === null ? `${verb}: nothing` : `${verb}: ${words}`);
  button.title = words === null ? `Nothing to ${verb.toLowerCase()}` : `${verb}: ${words} (${keys})`;
}

/**
 * The menu's title; of what is not the menu's, the file that it learns from, else the entry that it was made of.
 * @param {AppState} state
 */
function titleOf({ catalog, doc, history }) {
  if (!doc || !catalog) return "…";
  const current = currentExperiment(catalog, doc);
  if (current) return current.title;
  const { problem } = doc;
  if (problem.kind === "explored") return problem.name;
  const { kind, name } = /** @type {Record<string, any>} */ (problem.dataset ?? {});
  if (kind === "table") return name;
  const opened = openedLast(history);
  const source = opened && sourceExperiment(catalog, opened, doc);
  return source ? `${source.title}, changed` : "Custom";
}

/** @param {Store} store @param {Actions} actions */
function createTheme(store, actions) {
  const button = h("button", {
    class: "icon-button bar__wide",
    on: { click: () => actions.setTheme(other(store.get().theme)) },
  });
  store.watch(["theme"], ({ theme }) => {
    button.setAttribute("aria-label", `Use the ${other(theme)} theme`);
    button.title = `Use the ${other(theme)} theme (t)`;
    refill(button, icon(theme === "dark" ? "sun" : "moon"));
  });
  return button;
}
