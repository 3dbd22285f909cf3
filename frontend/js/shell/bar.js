/** The bar at the top: the name, the experiments, and what one takes away from here. */

import { openedLast } from "../document/change-words.js";
import { currentExperiment, sourceExperiment } from "../document/experiments.js";
import { isExplored } from "../document/view.js";
import { redoable, undoable } from "../model/history.js";
import { ask } from "../ui/ask.js";
import { h, refill, setText } from "../ui/dom.js";
import { icon, mark } from "../ui/icons.js";
import { recall } from "../ui/memory.js";
import { createMenu } from "../ui/menu.js";
import { pictureItems } from "./pictures.js";

/** @import { Actions, AppState, Store } from "../document/types.js" */
/** @import { Item } from "../ui/menu.js" */

const COPIED_MS = 1800;

/** @type {Item} */
const OPEN_FILE = {
  label: "Open a file…",
  point: "A table to learn from, or a trained model",
  choose: () => ask("file"),
};

/** @param {HTMLElement} el @param {Store} store @param {Actions} actions */
export function createBar(el, store, actions) {
  const name = h("span", { class: "brand" }, mark(), h("h1", { class: "brand__name" }, "Descentscape"));
  const theme = createTheme(store, actions);
  refill(
    el,
    name,
    createExperiments(store),
    ...createUndo(store, actions),
    h("span", { class: "bar__space" }),
    h("button", { class: "button button--plain bar__wide", on: { click: () => beginTour(actions) } }, "Tour"),
    ...createExport(store, actions),
    createCopyLink(store, actions),
    createView(store),
    createShare(),
    theme,
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
    ...createRest(store, actions),
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

/** From where it was left. @param {Actions} actions */
const beginTour = (actions) => actions.visit(Number(recall("tour") ?? 0));

/** @param {Store} store @param {Actions} actions */
function createExport(store, actions) {
  const button = h("button", { class: "button button--plain bar__wide" }, "Export", icon("down"));
  const holder = h("div", { class: "bar__wide" }, button);
  createMenu(button, { label: "Export", align: "end", items: () => exportItems(store, actions) });
  return [holder];
}

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

function createShare() {
  const button = h("button", { class: "button button--plain bar__wide" }, "Share", icon("down"));
  const holder = h("div", { class: "bar__wide" }, button);
  createMenu(button, { label: "Share", align: "end", items: () => SHARED });
  return holder;
}
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

/** @param {Store} store */
function createView(store) {
  const words = { "aria-label": "Picture alone, present", title: "Picture alone, present" };
  const button = h("button", { class: "icon-button", ...words }, icon("screen"));
  const holder = h("div", { class: "bar__wide" }, button);
  createMenu(button, { label: "How the page is seen", align: "end", items: () => viewItems(store) });
  return holder;
}

/** @param {Store} store @param {Actions} actions */
function createCopyLink(store, actions) {
  const said = h("span", {}, "Copy link");
  const button = h("button", { class: "button bar__wide bar__copy", on: { click: copy } }, said);
  let timer = 0;
  async function copy() {
    const copied = await tryCopy(store, actions);
    setText(said, copied ? "Copied" : "Copy link");
    clearTimeout(timer);
    timer = window.setTimeout(() => setText(said, "Copy link"), COPIED_MS);
  }
  return button;
}

/** @param {Store} store @param {Actions} actions */
async function tryCopy(store, actions) {
  try {
    await actions.copyLink();
    const whose = isExplored(store.get().doc)
      ? "it opens this model on this machine, for as long as the Python that shows it runs."
      : "it opens this experiment.";
    store.set({ notice: `Link copied: ${whose}` });
    return true;
  } catch {
    store.set({ notice: "The browser refused the clipboard: copy the address of this page instead." });
    return false;
  }
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

/** Where the bar is narrow: everything but the experiments in one menu. @param {Store} store @param {Actions} actions */
function createRest(store, actions) {
  const button = h("button", { class: "icon-button", "aria-label": "More" }, icon("more"));
  const holder = h("div", { class: "bar__narrow" }, button);
  createMenu(button, {
    label: "More",
    align: "end",
    items: () => [
      { label: "Tour", choose: () => beginTour(actions) },
      { label: OPEN_FILE.label, choose: OPEN_FILE.choose },
      ...undoItems(store, actions),
      { label: "Copy link", choose: () => void tryCopy(store, actions) },
      {
        label: store.get().theme === "dark" ? "Light theme" : "Dark theme",
        choose: () => actions.setTheme(other(store.get().theme)),
      },
      ...viewItems(store).map(({ label, choose }) => ({ label, choose })),
      { label: "Help", choose: () => ask("help") },
      { label: "Glossary", choose: () => ask("glossary") },
      ...SHARED,
      ...exportItems(store, actions),
    ],
  });
  return [holder];
}
