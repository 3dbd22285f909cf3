/** The strip of truth under the stage; on a phone it is folded to what must be said in any case. */

import { inBrief, spaced, truths } from "../plot/captions.js";
import { h, reachable, setText } from "../ui/dom.js";
import { icon } from "../ui/icons.js";

/** Where the strip folds, as the styles have it. */
const SHORT_OF_ROOM = "(max-width: 900px), (max-height: 520px)";

/**
 * @param {HTMLElement} element
 * @param {import("../document/types.js").Store} store
 * @returns {HTMLElement}   The sheet that holds all but the button that folds it.
 */
export function createStrip(element, store) {
  const list = h("ul", { class: "truths", id: "truths" });
  const fold = h(
    "button",
    {
      type: "button",
      class: "icon-button strip-fold",
      "aria-expanded": "false",
      "aria-controls": "truths",
      "aria-label": "All that the picture shows",
      on: { click: () => open(!isOpen()) },
    },
    icon("down"),
  );
  const sheet = h("div", { class: "strip-sheet" }, list);
  element.append(sheet, fold);
  reachable(sheet, list);
  const release = keepHeight(list);
  const narrow = matchMedia(SHORT_OF_ROOM);
  narrow.addEventListener("change", () => show(store.get()));
  /** @type {Map<string, HTMLLIElement>} */
  const items = new Map();

  const isOpen = () => fold.getAttribute("aria-expanded") === "true";

  /** @param {boolean} opened */
  function open(opened) {
    // The sheet lies over the picture: what is under it should not move.
    element.style.minHeight = opened ? `${element.offsetHeight}px` : "";
    fold.setAttribute("aria-expanded", String(opened));
    element.classList.toggle("strip--open", opened);
    release();
    show(store.get());
  }

  /** @param {import("../document/types.js").AppState} state */
  function show(state) {
    const all = truths(state);
    const said = narrow.matches && !isOpen() ? inBrief(all) : all;
    const keys = new Set(said.map(({ key }) => key));
    for (const [key, item] of items) {
      if (!keys.has(key)) {
        item.remove();
        items.delete(key);
      }
    }
    said.forEach((truth, index) => {
      const item = items.get(truth.key) ?? newItem(truth.key);
      fill(item, truth);
      if (list.children[index] !== item) list.insertBefore(item, list.children[index] ?? null);
    });
    fold.hidden = all.length === 0;
  }

  store.watch(["doc", "plane", "live"], release);
  store.watch(
    ["plane", "problem", "surface", "heights", "step", "arrived", "runs", "doc", "focus", "model"],
    show,
  );
  return sheet;

  /** @param {string} key */
  function newItem(key) {
    const item = h("li", { data: { key } }, h("strong"), h("span"));
    items.set(key, item);
    return item;
  }
}

/**
 * Numbers change their length from step to step and wrap here or there: a strip that gave its line back each time would
 * make the picture above it jump. It keeps what it has needed, until it is released or as wide as never before.
 * @param {HTMLElement} list
 * @returns {() => void}
 */
function keepHeight(list) {
  let width = 0;
  new ResizeObserver(() => {
    if (list.offsetWidth !== width) release();
    else list.style.minHeight = `${list.offsetHeight}px`;
    width = list.offsetWidth;
  }).observe(list);

  function release() {
    list.style.minHeight = "";
  }
  return release;
}

/** @param {HTMLLIElement} item @param {import("../document/types.js").Truth} truth */
function fill(item, { strong, text, warn = false, color }) {
  item.classList.toggle("warn", warn);
  item.classList.toggle("of-run", color !== undefined);
  if (color) item.style.setProperty("--run", color);
  const [head, tail] = /** @type {[HTMLElement, HTMLElement]} */ (/** @type {unknown} */ (item.children));
  setText(head, strong);
  setText(tail, spaced(text));
}
