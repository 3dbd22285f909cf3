/** Knobs that an assignment may hold: fixed ones are seen and cannot be moved, hidden ones are not seen. */

import { h } from "../ui/dom.js";
import { icon } from "../ui/icons.js";

/** @import { Part } from "./knob.js" */

const CONTROLS = "input, select, textarea, button:not(.help-tip, .run__more, .run__focus)";

/**
 * A part of the panel that is held as the assignment says. Explanations stay open to who wants to know, and what folds
 * still folds. Once no assignment is open the panel is built anew, so that nothing is set free again.
 * @param {string} name   Of the part, in document/parts.js.
 * @param {Part} part
 * @returns {Part}
 */
export function fixable(name, part) {
  const sign = h(
    "span",
    {
      class: "fixable__sign",
      role: "img",
      "aria-label": "Fixed in this assignment",
      title: "Fixed in this assignment",
    },
    icon("lock"),
  );
  return {
    el: part.el,
    update(state) {
      part.update(state);
      const holds = state.assignment?.holds;
      if (!holds?.[name] || holds[name] === "free") return;
      if (holds[name] === "hidden") {
        part.el.hidden = true;
        return;
      }
      part.el.classList.add("fixable--fixed");
      if (!sign.isConnected || sign.parentElement === null) placeOf(part.el).append(sign);
      const controls = /** @type {NodeListOf<HTMLInputElement>} */ (part.el.querySelectorAll(CONTROLS));
      for (const control of controls) control.disabled = true;
    },
  };
}

/** Where the sign stands: in the head of a group or a knob, else in the part itself. @param {HTMLElement} el */
const placeOf = (el) => el.querySelector(":scope > .group__head > .group__title, :scope .knob__name") ?? el;
