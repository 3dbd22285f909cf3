/** The bar's menus: what is exported, shared, how the page is seen, and all of it in one where the bar is narrow. */

import { isExplored } from "../document/view.js";
import { redoable, undoable } from "../model/history.js";
import { ask } from "../ui/ask.js";
import { h } from "../ui/dom.js";
import { icon } from "../ui/icons.js";
import { createMenu } from "../ui/menu.js";
import { copyLink } from "./copy-link.js";
import { pictureItems } from "./pictures.js";

/** @import { Actions, AppState, Store } from "../document/types.js" */
/** @import { Item } from "../ui/menu.js" */

/** @param {Store} store @param {Actions} actions */
export const createExport = (store, actions) =>
  createBarMenu(wordButton("Export"), "bar__wide", "Export", () => exportItems(store, actions));

export const createShare = () => createBarMenu(wordButton("Share"), "bar__wide", "Share", () => SHARED);

/** @param {Store} store */
export function createView(store) {
  const words = { "aria-label": "Picture alone, present", title: "Picture alone, present" };
  const button = h("button", { class: "icon-button", ...words }, icon("screen"));
  return createBarMenu(button, "bar__wide", "How the page is seen", () => viewItems(store));
}

/** Where the bar is narrow: everything but the experiments in one menu. @param {Store} store @param {Actions} actions @param {() => void} beginTour */
export function createRest(store, actions, beginTour) {
  const button = h("button", { class: "icon-button", "aria-label": "More" }, icon("more"));
  return createBarMenu(button, "bar__narrow", "More", () => [
    { label: "Tour", choose: beginTour },
    { label: "Open a file…", choose: () => ask("file") },
    ...undoItems(store, actions),
    { label: "Copy link", choose: () => void copyLink(store, actions) },
    {
      label: store.get().theme === "dark" ? "Light theme" : "Dark theme",
      choose: () => actions.setTheme(other(store.get().theme)),
    },
    // Where the bar is narrow there may be no keys.
    ...viewItems(store).map(({ label, choose }) => ({ label: label.replace(/ \(.\)$/, ""), choose })),
    { label: "Help", choose: () => ask("help") },
    { label: "Glossary", choose: () => ask("glossary") },
    ...SHARED,
    ...exportItems(store, actions),
  ]);
}

/** @param {HTMLButtonElement} button @param {string} place @param {string} label @param {() => Item[]} items */
function createBarMenu(button, place, label, items) {
  const holder = h("div", { class: place }, button);
  createMenu(button, { label, align: "end", items });
  return holder;
}

/** @param {string} word */
const wordButton = (word) => h("button", { class: "button button--plain" }, word, icon("down"));

/** What files are made from, as the headings of the menu. @type {Record<string, string>} */
const FILE_GROUPS = Object.freeze({
  figures: "Pictures",
  runs: "The runs’ numbers",
  surfaces: "The surface’s numbers",
  programs: "Code",
});

/**
 * The page's own pictures, and every file that the service makes.
 * @param {Store} store
 * @param {Actions} actions
 * @returns {Item[]}
 */
const exportItems = (store, actions) => [
  ...pictureItems(actions).map((item) => ({ ...item, group: FILE_GROUPS.figures })),
  ...filesOf(store.get()).map((file) => ({
    label: file.label,
    point: file.point,
    group: file.copied ? FILE_GROUPS.programs : FILE_GROUPS[file.call],
    choose: () => (file.copied ? actions.copyFile(file) : actions.download(file)),
  })),
];

/** What a teacher hands out, gets back, and shows elsewhere. @type {Item[]} */
const SHARED = [
  {
    label: "Make an assignment…",
    group: "A class",
    point: "This experiment with a task, questions and fixed knobs, as a link",
    choose: () => ask("assignment"),
  },
  {
    label: "Collect answers…",
    group: "A class",
    point: "The links that students send, as a table",
    choose: () => ask("collect"),
  },
  {
    label: "Embed…",
    group: "Another page",
    point: "The picture and its transport alone",
    choose: () => ask("embed"),
  },
];

/** The files that can be made: no program can call a model from Python. @param {AppState} state */
const filesOf = ({ catalog, doc }) =>
  (catalog?.exports ?? []).filter(({ call, copied }) => !isExplored(doc) || !(copied || call === "programs"));

/** How the page is seen. @param {Store} store @returns {Item[]} */
const viewItems = (store) => [
  {
    label: store.get().filled ? "Show knobs and views" : "Picture alone (f)",
    point: "The picture in all the window, or beside the knobs",
    choose: () => store.set({ filled: !store.get().filled }),
  },
  {
    label: store.get().presenting ? "Stop presenting" : "Present (p)",
    point: "The whole screen, letters for the back row, a pointer that all see",
    choose: () => store.set({ presenting: !store.get().presenting }),
  },
];

/** Where the bar has no room for their buttons. @param {Store} store @param {Actions} actions @returns {Item[]} */
function undoItems(store, actions) {
  const { history } = store.get();
  const [back, again] = [undoable(history), redoable(history)];
  return [
    ...(back === null ? [] : [{ label: "Undo", point: back, choose: actions.undo }]),
    ...(again === null ? [] : [{ label: "Redo", point: again, choose: actions.redo }]),
  ];
}

/** @param {"light"|"dark"} theme */
export const other = (theme) => (theme === "dark" ? "light" : "dark");
