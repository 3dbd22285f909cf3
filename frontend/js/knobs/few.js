/** Few knobs at first: the rest comes with a press, and what of it is used is said meanwhile. */

import { h, refill, setText } from "../ui/dom.js";
import { icon } from "../ui/icons.js";
import { recall, remember } from "../ui/memory.js";
import { usedBeyond } from "./used.js";

/** @import { AppState } from "../document/types.js" */
/** @import { Used } from "./used.js" */
/** @import { Part } from "./knob.js" */

const KEY = "knobs";

/**
 * What is not among the few is marked by the class `beyond`.
 * @param {HTMLElement} panel
 * @returns {Part}
 */
export function createFew(panel) {
  let all = recall(KEY) === "all";
  const used = h("p", { class: "knobs-used" });
  const words = h("span", {});
  const toggle = h(
    "button",
    { class: "button button--wide", "aria-controls": panel.id, on: { click: () => show(!all) } },
    words,
    icon("down"),
  );
  const el = h("div", { class: "knobs-more" }, used, toggle);
  let listed = "";

  /** @param {boolean} wanted */
  function show(wanted) {
    all = wanted;
    remember(KEY, all ? "all" : "few");
    draw(false);
  }

  /** @param {boolean} touring   The tour speaks of any knob. */
  function draw(touring) {
    panel.classList.toggle("knobs--few", !all && !touring);
    setText(words, all ? "Fewer knobs" : "More knobs");
    toggle.setAttribute("aria-expanded", String(all));
  }

  /** @param {AppState} state */
  function update(state) {
    draw(state.tour !== null);
    el.hidden = state.tour !== null;
    const found = usedBeyond(state);
    const now = found.map((one) => one.words).join("\n");
    // What an assignment hides is not told by another way.
    const hides = Object.values(state.assignment?.holds ?? {}).includes("hidden");
    used.hidden = found.length === 0 || hides;
    if (now === listed) return;
    listed = now;
    refill(used, "Also set here: ", ...found.map((one) => buttonOf(one)));
  }

  /** @param {Used} one */
  const buttonOf = (one) =>
    h("button", { class: "knobs-used__one", on: { click: () => reveal(one) } }, one.words);

  /** @param {Used} one */
  function reveal({ group, path }) {
    show(true);
    const knob = panel.querySelector(`[data-path="${path}"]`) ?? openRun(panel, path);
    const place = knob ?? [...panel.querySelectorAll(".group")].find((each) => titleOf(each) === group);
    for (let each = place?.closest("details"); each; each = each.parentElement?.closest("details"))
      each.open = true;
    place?.scrollIntoView({ block: "center" });
    /** @type {HTMLElement|null|undefined} */ (place?.querySelector("input, select, summary"))?.focus();
  }

  draw(false);
  return { el, update };
}

/** @param {Element} group */
const titleOf = (group) => group.querySelector(".group__title")?.textContent;

/** A run's details are filled when they are unfolded. @param {HTMLElement} panel @param {string} path */
function openRun(panel, path) {
  const run = path.match(/^runs\[(\d+)\]/);
  const card = run && panel.querySelectorAll(".run")[Number(run[1])];
  const more = /** @type {HTMLElement|null|undefined} */ (
    card?.querySelector('.run__more[aria-expanded="false"]')
  );
  more?.click();
  return panel.querySelector(`[data-path="${path}"]`) ?? card;
}
