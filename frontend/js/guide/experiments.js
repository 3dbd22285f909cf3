/** The menu of experiments: a small picture and a line each, found by any words of them. */

import { currentExperiment, searchExperiments } from "../document/experiments.js";
import { plural } from "../document/number-format.js";
import { ask } from "../ui/ask.js";
import { freshId, h, refill, setText, svg } from "../ui/dom.js";
import { icon } from "../ui/icons.js";
import { closeWhenLeft, placeNear } from "../ui/popover-place.js";

/** @import { Actions, Store } from "../document/types.js" */

/** @typedef {{id: string, title: string, point: string, group: string, choose: () => void}} Offer */

/** Drawn beforehand by the service's own code; each picture bears its experiment's id. */
const PICTURES = "experiments.svg";

/** @type {Offer} */
const OPEN_FILE = {
  id: "file",
  title: "Open a file…",
  point: "A table to learn from, or a trained model.",
  group: "Your own",
  choose: () => ask("file"),
};

/**
 * @param {HTMLButtonElement} button   Opens it from now on.
 * @param {Store} store
 * @param {Actions} actions
 * @returns {{show: () => void}}
 */
export function createExperiments(button, store, actions) {
  const list = h("div", {
    class: "offers",
    role: "listbox",
    id: freshId("offers"),
    "aria-label": "Experiments",
  });
  const found = h("p", { class: "visually-hidden", role: "status" });
  const none = h("p", { class: "offers__none", hidden: true });
  const field = h("input", {
    type: "search",
    class: "text offers__search",
    role: "combobox",
    placeholder: "Search, e.g. saddle or noise",
    "aria-label": "Search the experiments",
    "aria-expanded": "true",
    "aria-controls": list.id,
    "aria-autocomplete": "list",
    spellcheck: "false",
  });
  const head = h("div", { class: "offers__head" }, icon("search"), field);
  const el = h(
    "div",
    {
      class: "menu menu--experiments",
      id: freshId("menu"),
      popover: "auto",
      role: "dialog",
      "aria-label": "Experiments",
    },
    head,
    list,
    none,
    found,
  );
  button.setAttribute("aria-expanded", "false");
  button.setAttribute("popovertarget", el.id);
  button.after(el);
  closeWhenLeft(el);
  let offers = /** @type {Offer[]} */ ([]);

  const rows = () => /** @type {HTMLElement[]} */ ([...list.querySelectorAll(".offer")]);
  const active = () => rows().find(({ id }) => id === field.getAttribute("aria-activedescendant"));

  /** @param {Offer} offer */
  function choose(offer) {
    el.hidePopover();
    offer.choose();
  }

  function fill() {
    const { catalog, doc } = store.get();
    const current = catalog && doc ? currentExperiment(catalog, doc)?.id : undefined;
    const curated = (catalog?.experiments ?? []).map((entry) => ({
      ...entry,
      choose: () => actions.load(entry.experiment, { tour: null }),
    }));
    offers = searchExperiments([...curated, OPEN_FILE], field.value);
    refill(list, ...grouped(offers, (offer) => rowOf(offer, offer.id === current, choose)));
    none.hidden = offers.length > 0;
    setText(
      none,
      offers.length > 0 ? "" : `Nothing here is called “${field.value.trim()}”, or speaks of it.`,
    );
    setText(found, field.value.trim() ? plural(offers.length, "experiment") : "");
    const all = rows();
    mark(field.value.trim() ? all[0] : (all.find((row) => row.ariaSelected === "true") ?? all[0]));
  }

  /** @param {HTMLElement|undefined} row */
  function mark(row) {
    active()?.classList.remove("offer--active");
    row?.classList.add("offer--active");
    field.setAttribute("aria-activedescendant", row?.id ?? "");
  }

  /** @param {HTMLElement|undefined} row */
  function go(row) {
    mark(row);
    row?.scrollIntoView({ block: "nearest" });
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    const all = rows();
    const at = all.indexOf(/** @type {HTMLElement} */ (active()));
    const target = targetOf(event.key, at, all.length);
    if (event.key === "Enter") active()?.click();
    else if (target !== null) go(all[target]);
    else return;
    event.preventDefault();
  }

  field.addEventListener("input", () => {
    fill();
    list.scrollTop = 0;
  });
  field.addEventListener("keydown", onKey);
  list.addEventListener("pointermove", ({ target }) => {
    const row = target instanceof Element ? /** @type {HTMLElement|null} */ (target.closest(".offer")) : null;
    if (row && row !== active()) mark(row);
  });
  el.addEventListener("beforetoggle", (event) => {
    if (/** @type {ToggleEvent} */ (event).newState !== "open") return;
    field.value = "";
    fill();
  });
  el.addEventListener("toggle", (event) => {
    const open = /** @type {ToggleEvent} */ (event).newState === "open";
    button.setAttribute("aria-expanded", String(open));
    if (!open) return;
    placeNear(el, button, "start");
    active()?.scrollIntoView({ block: "nearest" });
    // The keyboard of a touch screen would cover what is offered.
    if (!matchMedia("(pointer: coarse)").matches) field.focus({ preventScroll: true });
  });
  return { show: () => el.showPopover() };
}

/** @param {string} key @param {number} at @param {number} count @returns {number|null} */
function targetOf(key, at, count) {
  if (count === 0) return null;
  if (key === "ArrowDown") return (at + 1) % count;
  if (key === "ArrowUp") return (at - 1 + count) % count;
  if (key === "PageDown") return Math.min(at + 6, count - 1);
  if (key === "PageUp") return Math.max(at - 6, 0);
  return null;
}

/** Rows in their order, those of one group under its heading. @param {Offer[]} offers @param {(offer: Offer) => HTMLElement} draw */
function grouped(offers, draw) {
  const groups = [...new Set(offers.map(({ group }) => group))];
  return groups.map((group) =>
    h(
      "div",
      { class: "offers__group", role: "group", "aria-label": group },
      h("span", { class: "menu__heading", "aria-hidden": "true" }, group),
      h(
        "div",
        { class: "offers__row", role: "none" },
        ...offers.filter((offer) => offer.group === group).map(draw),
      ),
    ),
  );
}

/** @param {Offer} offer @param {boolean} current @param {(offer: Offer) => void} choose */
function rowOf(offer, current, choose) {
  const picture =
    offer === OPEN_FILE
      ? h("span", { class: "offer__picture offer__picture--file" }, icon("plus"))
      : svg(
          "svg",
          { class: "offer__picture", "aria-hidden": "true" },
          svg("use", { href: `${PICTURES}#${offer.id}` }),
        );
  return h(
    "div",
    {
      class: "offer",
      role: "option",
      id: freshId("offer"),
      "aria-selected": String(current),
      on: { click: () => choose(offer) },
    },
    picture,
    h(
      "span",
      { class: "offer__text" },
      h("span", { class: "offer__title" }, offer.title, current && icon("check")),
      h("span", { class: "offer__point" }, offer.point),
    ),
  );
}
