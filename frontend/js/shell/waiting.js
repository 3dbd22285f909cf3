/** The panel of knobs until it is read: quiet bars in its rhythm. */

import { h, refill } from "../ui/dom.js";

const ROWS = [3, 4, 2, 5, 3];

/** @param {HTMLElement} el   What fills it later takes their place. */
export function showWaiting(el) {
  const bars = (/** @type {number} */ count) =>
    Array.from({ length: count }, () => h("div", { class: "waiting__bar" }));
  el.classList.add("panel");
  refill(
    el,
    ...ROWS.map((rows) => h("div", { class: "group waiting", "aria-hidden": "true" }, ...bars(rows + 1))),
  );
}
