/**
 * The captions under the stage: in one line what must be said in any case, and on demand all of it, in as many rows as
 * the document's runs need, at most so many, and the rest by scrolling.
 */

import { captionsOf, inBrief, lineOf, spaced } from "../plot/captions.js";
import { h, reachable, setText } from "../ui/dom.js";
import { icon } from "../ui/icons.js";
import { recall, remember } from "../ui/memory.js";

/** @import { AppState, Caption, Store } from "../document/types.js" */

/** Where all of it lies over the picture, as the styles have it: there it is not opened unasked. */
const SHORT_OF_ROOM = "(max-width: 900px), (max-height: 520px)";
/** A run's sentence has room in so many pixels; where nothing is left out it says the cost alone. */
const RUN_WIDTH = 470;
const EXACT_RUN_WIDTH = 270;
/** Under which the page remembers that all is to be said, and how it says so. */
const REMEMBERED = "captions";
const OPEN = "open";

/**
 * @param {HTMLElement} element
 * @param {Store} store
 * @returns {HTMLElement}   The sheet that holds all but the button that folds it.
 */
export function createCaptions(element, store) {
  const list = h("ul", { class: "captions__list", id: "caption-list" });
  const fold = h(
    "button",
    {
      class: "icon-button captions-fold",
      "aria-expanded": "false",
      "aria-controls": "caption-list",
      "aria-label": "All that the picture shows",
      title: "All that the picture shows",
      on: { click: choose },
    },
    icon("down"),
  );
  const sheet = h("div", { class: "captions-sheet" }, list);
  // What just happened is filled in later; its room is there from the first, so that nothing moves then.
  element.append(h("div", { class: "moment", id: "moment" }), sheet, fold);
  reachable(sheet, list);
  countRows(element, list, store);
  const narrow = matchMedia(SHORT_OF_ROOM);
  narrow.addEventListener("change", openAsRemembered);
  /** @type {Map<string, HTMLLIElement>} */
  const items = new Map();

  const isOpen = () => fold.getAttribute("aria-expanded") === "true";

  function choose() {
    open(!isOpen());
    if (!narrow.matches) remember(REMEMBERED, isOpen() ? OPEN : "");
  }

  function openAsRemembered() {
    open(!narrow.matches && recall(REMEMBERED) === OPEN);
  }

  /** @param {boolean} opened */
  function open(opened) {
    // Where the sheet lies over the picture, what is under it should not move.
    element.style.minHeight = opened ? `${element.offsetHeight}px` : "";
    fold.setAttribute("aria-expanded", String(opened));
    element.classList.toggle("captions--open", opened);
    show(store.get());
  }

  /** @param {AppState} state */
  function show(state) {
    const all = captionsOf(state);
    const said = isOpen() ? all : inBrief(all);
    const keys = new Set(said.map(({ key }) => key));
    for (const [key, item] of items) {
      if (!keys.has(key)) {
        item.remove();
        items.delete(key);
      }
    }
    said.forEach((caption, index) => {
      const item = items.get(caption.key) ?? newItem(caption.key);
      fill(item, caption);
      if (list.children[index] !== item) list.insertBefore(item, list.children[index] ?? null);
    });
    fold.hidden = all.length === 0;
    element.classList.toggle("captions--why", keys.has("why"));
  }

  store.watch(
    ["plane", "problem", "surface", "heights", "step", "arrived", "runs", "doc", "focus", "model"],
    show,
  );
  openAsRemembered();
  return sheet;

  /** @param {string} key */
  function newItem(key) {
    const item = h("li", { data: { key } }, h("bdi", { class: "caption-name" }), h("strong"), h("span"));
    items.set(key, item);
    return item;
  }
}

/**
 * Tells the styles how many rows the runs take: a number of the document and of the captions' width, never of the
 * figures, so that nothing moves while it plays.
 * @param {HTMLElement} element
 * @param {HTMLElement} list
 * @param {Store} store
 */
function countRows(element, list, store) {
  function count() {
    const { doc, problem } = store.get();
    const exact = problem?.exact === true;
    const columns = Math.max(1, Math.floor(list.clientWidth / (exact ? EXACT_RUN_WIDTH : RUN_WIDTH)));
    element.style.setProperty("--run-columns", String(columns));
    element.style.setProperty("--run-rows", String(Math.ceil((doc?.runs.length ?? 1) / columns)));
    element.classList.toggle("captions--exact", exact);
  }
  new ResizeObserver(count).observe(list);
  store.watch(["doc", "problem"], count);
}

/** @param {HTMLLIElement} item @param {Caption} caption */
function fill(item, { name, strong, text, warn = false, color }) {
  item.classList.toggle("warn", warn);
  item.classList.toggle("of-run", Boolean(name));
  if (color) item.style.setProperty("--run", color);
  const [whose, head, tail] = /** @type {HTMLElement[]} */ ([...item.children]);
  setText(whose, name ?? "");
  setText(head, `${!name ? "" : " "}${strong}`);
  setText(tail, spaced(text));
  item.title = !name ? "" : lineOf({ key: "", name, strong, text });
}
