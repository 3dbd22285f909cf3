/** The strip of truth under the stage. */
import { h, setText } from "../dom.js";
import { truths } from "../truth.js";

/**
 * @param {HTMLElement} element
 * @param {import("../types.js").Store} store
 */
export function createStrip(element, store) {
  const list = h("ul", { class: "truths" });
  element.append(list);
  keepReachable(element, list);
  /** @type {Map<string, HTMLLIElement>} */
  const items = new Map();

  store.watch(["plane", "problem", "surface", "step", "arrived", "runs", "doc"], (state) => {
    const said = truths(state);
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
  });

  /** @param {string} key */
  function newItem(key) {
    const item = h("li", { data: { key } }, h("strong"), h("span"));
    items.set(key, item);
    return item;
  }
}

/** Where the strip has to scroll, it does so by keyboard too. @param {HTMLElement} element @param {HTMLElement} list */
function keepReachable(element, list) {
  const observer = new ResizeObserver(() => {
    if (element.scrollHeight > element.clientHeight) element.tabIndex = 0;
    else element.removeAttribute("tabindex");
  });
  observer.observe(element);
  observer.observe(list);
}

/** @param {HTMLLIElement} item @param {import("../truth.js").Truth} truth */
function fill(item, { strong, text, warn = false, color }) {
  item.classList.toggle("warn", warn);
  item.classList.toggle("of-run", color !== undefined);
  if (color) item.style.setProperty("--run", color);
  const [head, tail] = /** @type {[HTMLElement, HTMLElement]} */ (/** @type {unknown} */ (item.children));
  setText(head, strong);
  setText(tail, text.startsWith(",") || text === "" ? text : ` ${text}`);
}
