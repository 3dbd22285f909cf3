/** The stage before there is a picture, and what it says of work under way. */

import { formatPercent } from "../document/number-format.js";
import { h, setText, svg } from "../ui/dom.js";

/** @import { Actions, AppState, Store } from "../document/types.js" */

const ROWS = 13;
const COLUMNS = 32;

/**
 * @param {HTMLElement} element   The stage.
 * @param {Store} store
 * @param {Actions} actions
 */
export function createWaiting(element, store, actions) {
  const words = h("p", { class: "stage-waiting-words" });
  const blank = h("div", { class: "stage-waiting" }, sketch(), words);
  const share = h("span", {});
  const cancel = h("button", { on: { click: () => actions.cancel() } }, "Cancel");
  const chip = h("p", { class: "stage-progress", hidden: true }, share, cancel);
  element.append(blank, chip);

  store.watch(
    [
      "surface",
      "plane",
      "phase",
      "connection",
      "fault",
      "descentProgress",
      "surfaceProgress",
      "queuePlace",
      "doc",
    ],
    (state) => {
      blank.hidden = state.surface !== null;
      setText(words, wordsOf(state));
      const { surfaceProgress, queuePlace: place } = state;
      // The lab shows no surface: over it the word would only lie on what is looked at.
      const progress = state.doc?.view.stage === "lab" ? null : surfaceProgress;
      chip.hidden = state.surface === null || (!progress && !place) || state.connection !== "open";
      if (place) setText(share, `Waiting, place ${place} in the queue`);
      else if (progress)
        setText(share, `Refining the surface, ${formatPercent(progress.done / progress.total)}`);
    },
  );
}

/** @param {AppState} state */
function wordsOf({ connection, phase, plane, fault, descentProgress, queuePlace }) {
  if (fault) return "There is no picture of this experiment yet: mend it with the knobs, or choose another.";
  if (connection === "lost") return "The connection is lost: the picture comes when it is back.";
  if (connection === "refused") return "The service has no room now: the picture comes when it has.";
  if (queuePlace) return `Waiting for the service, place ${queuePlace} in the queue`;
  if (descentProgress)
    return `Computing the descent, ${formatPercent(descentProgress.done / descentProgress.total)}`;
  if (phase !== "empty") return plane ? "Computing the surface" : "Finding the plane";
  return connection === "connecting" ? "Connecting" : "The surface appears here.";
}

/** Lines of a made-up surface, in the page's quiet line colour: a place kept, not a picture. */
function sketch() {
  const lines = Array.from({ length: ROWS }, (_, row) => {
    const points = Array.from({ length: COLUMNS + 1 }, (_, column) =>
      pointOf(column / COLUMNS, row / (ROWS - 1)),
    );
    return svg("polyline", { points: points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ") });
  });
  return svg("svg", { class: "stage-sketch", viewBox: "0 0 400 240", "aria-hidden": "true" }, ...lines);
}

/** @param {number} u @param {number} v  From the back to the front. @returns {[number, number]} */
function pointOf(u, v) {
  const wide = 220 + 150 * v;
  const hill =
    58 * Math.exp(-((u - 0.68) ** 2) / 0.03 - (v - 0.25) ** 2 / 0.1) -
    40 * Math.exp(-((u - 0.36) ** 2) / 0.02 - (v - 0.6) ** 2 / 0.09);
  return [200 + (u - 0.5) * wide, 76 + 130 * v - hill * (0.6 + 0.4 * v)];
}
