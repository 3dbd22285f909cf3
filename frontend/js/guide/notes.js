/** What a stop of the tour tells a teacher, on demand. */

import { h } from "../ui/dom.js";
import { recall, remember } from "../ui/memory.js";

/** @import { Stop } from "../model/tour.js" */

const KEY = "tour.notes";

/** @param {Stop} stop @param {number} minutes   Of all stops together. */
export function createNotes({ notes }, minutes) {
  const el = h(
    "details",
    { class: "tour__notes" },
    h("summary", {}, "For teachers"),
    line("Aim.", notes.aim),
    line("Time.", `About ${notes.minutes} minutes, of about ${minutes} for the whole tour.`),
    h("p", {}, h("strong", {}, "Ask the class.")),
    h("ul", {}, ...notes.ask.map((question) => h("li", {}, question))),
    line("Often believed.", notes.believed),
  );
  el.open = recall(KEY) === "open";
  el.addEventListener("toggle", () => remember(KEY, el.open ? "open" : "closed"));
  return el;
}

/** @param {string} name @param {string} text */
export const line = (name, text) => h("p", {}, h("strong", {}, `${name} `), text);
