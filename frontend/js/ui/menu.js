/** A menu under a button: arrows and letters move, Enter chooses, Escape goes back to the button. */

import { freshId, h, refill } from "./dom.js";
import { closeWhenLeft, placeNear } from "./popover-place.js";

/**
 * @typedef {object} Item
 * @property {string} label
 * @property {string} [point]     One sentence under the label.
 * @property {string} [group]     The heading that it stands under, with its neighbours of the same group.
 * @property {Node} [sign]        Before the label.
 * @property {boolean} [current]  Where one is already: the menu opens there.
 * @property {() => void} choose
 */

/**
 * @param {HTMLButtonElement} button
 * @param {{label: string, items: () => Item[], align?: "start"|"end"}} options
 */
export function createMenu(button, { label, items, align = "start" }) {
  const id = freshId("menu");
  const list = h("div", {
    class: "menu",
    id,
    role: "menu",
    "aria-label": label,
    popover: "auto",
    tabindex: "-1",
  });
  button.setAttribute("aria-haspopup", "menu");
  button.setAttribute("aria-expanded", "false");
  button.setAttribute("aria-controls", id);
  button.setAttribute("popovertarget", id);
  button.after(list);
  closeWhenLeft(list);

  const rows = () => /** @type {HTMLElement[]} */ ([...list.querySelectorAll(".menu__item")]);

  list.addEventListener("beforetoggle", (event) => {
    if (/** @type {ToggleEvent} */ (event).newState === "open")
      refill(list, h("div", { class: "menu__body", role: "none" }, ...grouped(items(), list)));
  });
  list.addEventListener("toggle", (event) => {
    const open = /** @type {ToggleEvent} */ (event).newState === "open";
    button.setAttribute("aria-expanded", String(open));
    if (!open) return;
    placeNear(list, button, align);
    (rows().find((el) => el.ariaCurrent) ?? rows()[0])?.focus();
  });
  list.addEventListener("keydown", (event) => move(event, rows()));
  button.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    list.showPopover();
  });
  return list;
}

/**
 * Items in their order, those of one group under its heading.
 * @param {Item[]} items
 * @param {HTMLElement} list
 */
function grouped(items, list) {
  /** @type {HTMLElement[]} */
  const parts = [];
  items.forEach((item, k) => {
    if (item.group && item.group !== items[k - 1]?.group) {
      parts.push(
        h(
          "div",
          { class: "menu__group", role: "group", "aria-label": item.group },
          h("span", { class: "menu__heading", "aria-hidden": "true" }, item.group),
        ),
      );
    }
    (item.group
      ? parts[parts.length - 1]
      : { append: (/** @type {HTMLElement} */ el) => parts.push(el) }
    ).append(row(item, list));
  });
  return parts;
}

/** @param {Item} item @param {HTMLElement} list */
function row({ label, point, sign, current, choose }, list) {
  return h(
    "button",
    {
      class: "menu__item",
      role: "menuitem",
      "aria-current": current ? "true" : null,
      tabindex: "-1",
      on: {
        click() {
          list.hidePopover();
          choose();
        },
        pointermove: (event) => event.currentTarget.focus({ preventScroll: true }),
      },
    },
    sign,
    h(
      "span",
      { class: "menu__text" },
      h("span", { class: "menu__label" }, label),
      point && h("span", { class: "menu__point" }, point),
    ),
  );
}

/** @param {KeyboardEvent} event @param {HTMLElement[]} rows */
function move(event, rows) {
  const at = rows.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const target = targetOf(event, at, rows);
  if (target === null) return;
  event.preventDefault();
  event.stopPropagation();
  rows[target]?.focus();
}

/** @param {KeyboardEvent} event @param {number} at @param {HTMLElement[]} rows @returns {number|null} */
function targetOf({ key }, at, rows) {
  if (key === "ArrowDown") return (at + 1) % rows.length;
  if (key === "ArrowUp") return (at - 1 + rows.length) % rows.length;
  if (key === "Home") return 0;
  if (key === "End") return rows.length - 1;
  if (key.length !== 1 || key === " ") return null;
  const order = [...rows.keys()].map((offset) => (at + 1 + offset) % rows.length);
  return (
    order.find((index) =>
      rows[index].querySelector(".menu__label")?.textContent?.toLowerCase().startsWith(key.toLowerCase()),
    ) ?? null
  );
}
