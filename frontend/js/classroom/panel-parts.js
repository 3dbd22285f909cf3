/** What the panel beside the picture has in common for a student and for a teacher. */

import { h } from "../ui/dom.js";
import { icon } from "../ui/icons.js";

/** @import { AppState } from "../document/types.js" */
/** @import { Assignment } from "./assignment.js" */

/** @param {string} title @param {string} leaving @param {() => void} leave */
export const headOf = (title, leaving, leave) =>
  h(
    "div",
    { class: "assignment__head" },
    h("h2", {}, title),
    h(
      "button",
      { class: "icon-button", "aria-label": leaving, title: leaving, on: { click: leave } },
      icon("close"),
    ),
  );

/** @param {string} text */
export const paragraphs = (text) =>
  text
    .split(/\n+/)
    .filter((line) => line.trim() !== "")
    .map((line) => h("p", { class: "assignment__text" }, line));

/** Where answers lie on the picture. @param {Assignment} assignment @param {any[]} answers @returns {AppState["places"]} */
export const placesOf = ({ questions }, answers) =>
  questions.flatMap(({ kind }, at) =>
    kind === "place" && answers[at] ? [{ at: answers[at], text: `answer ${at + 1}` }] : [],
  );
