/** The end of the tour: what was learnt, what is still open, and where to go on. */

import { h } from "../ui/dom.js";
import { createAnsweredSign } from "./answered-sign.js";

/** @import { Actions, Catalog } from "../document/types.js" */
/** @import { Stop } from "../model/tour.js" */
/** @import { Progress } from "./progress.js" */

/**
 * @param {Stop[]} stops
 * @param {Progress} progress
 * @param {Catalog["experiments"]} experiments
 * @param {Actions} actions
 */
export function createEnding(stops, progress, experiments, actions) {
  const open = stops.length - progress.count();
  return h(
    "div",
    { class: "tour__ending" },
    h("p", {}, answeredSaid(progress.count(), stops.length)),
    open > 0 &&
      h("p", {}, "An open circle is a question that still waits: press its title to go back there."),
    h("h3", {}, "What it was about, and where to go on"),
    h("ul", {}, ...stops.map((stop, at) => lesson(stop, at, progress.has(stop.id), experiments, actions))),
    h(
      "p",
      {},
      "Then take an experiment of your own: other data, another network, another rule of descent. Every knob may be turned, and a link keeps what you made.",
    ),
  );
}

/** @param {number} count @param {number} all */
const answeredSaid = (count, all) =>
  count === all ? `You answered all ${all} questions.` : `You answered ${count} of ${all} questions.`;

/**
 * @param {Stop} stop
 * @param {number} at
 * @param {boolean} answered
 * @param {Catalog["experiments"]} experiments
 * @param {Actions} actions
 */
function lesson(stop, at, answered, experiments, actions) {
  const next = experiments.find(({ id }) => id === stop.on);
  return h(
    "li",
    { class: "tour__lesson" },
    createAnsweredSign(answered),
    h(
      "div",
      {},
      h("button", { class: "link", on: { click: () => actions.visit(at) } }, stop.title),
      h("p", {}, stop.learnt),
      next &&
        h(
          "p",
          {},
          "Go on: ",
          h(
            "button",
            { class: "link", on: { click: () => actions.load(next.experiment, { tour: null }) } },
            next.title,
          ),
        ),
    ),
  );
}
