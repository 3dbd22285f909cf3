/** Whether a stop's question was answered, as a sign: a tick in a filled circle, or an open circle. */

import { h } from "../ui/dom.js";
import { icon } from "../ui/icons.js";

/** @param {boolean} answered */
export const createAnsweredSign = (answered) =>
  h(
    "span",
    {
      class: `tour__sign tour__sign--${answered ? "answered" : "open"}`,
      role: "img",
      "aria-label": answered ? "answered" : "still open",
    },
    answered && icon("check"),
  );
