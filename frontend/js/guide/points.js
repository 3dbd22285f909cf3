/** The parts of the page that a stop of the tour speaks of, and how each is brought to the front. */

/** @import { Actions, Store } from "../document/types.js" */

/**
 * @typedef {object} Point
 * @property {string} selector
 * @property {string} [lab]      The section of the lab that it stands in,
 * @property {string} [view]     or the view at the right,
 * @property {"map"|"picture"} [stage]   or the picture,
 * @property {boolean} [knobs]   or the knobs.
 * @property {string} [unfold]   The button that unfolds it.
 * @property {boolean} [under]   What it is about stands under it, or it is as tall as there is room.
 */

/** @type {Record<string, Point>} */
export const POINTS = Object.freeze({
  chain: { lab: "chain", selector: ".lab-chain .chain", under: true },
  bends: { lab: "lines", selector: ".lab-bends" },
  lines: { lab: "lines", selector: ".lines-picture" },
  cost: { lab: "cost", selector: ".cost-shares", under: true },
  nudge: { lab: "nudge", selector: ".nudge-facts" },
  directions: { lab: "nudge", selector: ".lab-nudge .lab-controls" },
  walk: { lab: "backprop", selector: ".lab-walk", under: true },
  layers: { lab: "backprop", selector: ".lab-layers" },
  map: { stage: "map", selector: ".stage .pane-contour" },
  overlays: { stage: "picture", selector: ".stage .overlays-button" },
  captions: { selector: "#captions", unfold: ".captions-fold" },
  scrubber: { selector: "#transport .scrubber" },
  forward: { selector: '#transport [aria-label="One step forward"]' },
  rules: { view: "step", selector: ".rules" },
  newton: { view: "step", selector: '.step-fold[data-term="Newton’s method"]', under: true },
  costs: { view: "cost", selector: ".view-cost" },
  network: { view: "network", selector: ".view-network .network-more", under: true },
  rate: { knobs: true, selector: ".run:first-of-type .run__rate" },
  optimizer: { knobs: true, selector: ".run:first-of-type .run__optimizer" },
  batch: { knobs: true, selector: ".run:last-of-type .run__batch" },
  momentum: {
    knobs: true,
    selector: ".run:nth-of-type(2) .run__details",
    unfold: ".run:nth-of-type(2) .run__more",
  },
  activation: { knobs: true, selector: '.group[data-group="Network"]' },
});

/**
 * Opens the view, the lab or the knobs that a point stands in, whatever has been opened since.
 * @param {Point} point
 * @param {Store} store
 * @param {Actions} actions
 * @param {() => void} showKnobs   Where there is room for them beside the tour.
 */
export function bringForward({ lab, view, stage, knobs, unfold }, store, actions, showKnobs) {
  const { stage: mode } = store.get().doc?.view ?? {};
  if (lab) {
    if (mode !== "lab") actions.change(["view", "stage"], "lab");
    if (store.get().doc?.view.lab !== lab) actions.change(["view", "lab"], lab);
  }
  if (stage && (mode === "lab" || (stage === "map" && mode === "3d")))
    actions.change(["view", "stage"], "contour");
  if (view) {
    actions.change(["view", "tab"], view);
    openPanel(view);
  }
  if (knobs) {
    showKnobs();
    openPanel("knobs");
  }
  const button = unfold && document.querySelector(unfold);
  if (button instanceof HTMLElement && button.getAttribute("aria-expanded") === "false") button.click();
}

/** What a phone shows one at a time. @param {string} name */
function openPanel(name) {
  const tab = document.querySelector(`.phone-tab[data-name="${name}"]`);
  const folded = tab instanceof HTMLElement && tab.getAttribute("aria-pressed") !== "true";
  if (!folded || !tab.checkVisibility()) return;
  tab.click();
  // What was pressed has gone with its panel.
  tab.focus();
}
