/** The panel's groups, which fold to one line that says what is inside. */

import { h, setText } from "../ui/dom.js";
import { icon } from "../ui/icons.js";
import { recall, remember } from "../ui/memory.js";

/** @import { AppState } from "../document/types.js" */
/** @import { Part } from "./knob.js" */

/** Below this height a screen cannot show all groups, and those that are set least begin folded. */
const TALL = 1000;

/**
 * @param {string} title
 * @param {Part[]} parts
 * @param {{say: (state: AppState) => string, secondary?: boolean, always?: boolean}} options
 *   say: the group in a few words, for when it is folded (or always). secondary: folded at first where room is short.
 * @returns {Part}
 */
export function createGroup(title, parts, { say, secondary = false, always = false }) {
  const said = h("span", { class: "group__said" });
  const head = h(
    "summary",
    { class: "group__head" },
    h("h2", { class: "group__title" }, title),
    said,
    icon("down", "group__arrow"),
  );
  const el = h(
    "details",
    { class: always ? "group group--says" : "group", "data-group": title },
    head,
    h("div", { class: "group__body" }, ...parts.map((part) => part.el)),
  );
  const key = `group.${title}`;
  el.open = recall(key) ? recall(key) === "open" : !secondary || innerHeight >= TALL;
  head.addEventListener("click", () => remember(key, el.open ? "closed" : "open"));
  return {
    el,
    update(state) {
      setText(said, say(state));
      for (const part of parts) part.update(state);
    },
  };
}

/**
 * Parts that stay folded under a quiet line until they are wanted.
 * @param {string} summary
 * @param {Part[]} parts
 * @returns {Part}
 */
export function createFold(summary, parts) {
  const el = h(
    "details",
    { class: "fold" },
    h("summary", { class: "fold__summary" }, summary),
    h("div", { class: "fold__body" }, ...parts.map((part) => part.el)),
  );
  return {
    el,
    update(state) {
      for (const part of parts) part.update(state);
    },
  };
}
