/** The stage: the cost surface in 3D, from above, or both, with every run's path. */

import { openingCamera } from "../document/experiments.js";
import { isExplored } from "../document/view.js";
import { surfacesOf } from "../model/derived-store.js";
import { basinsOf } from "../plot/basins.js";
import { pictureOf, subjectOf, summaryOf } from "../plot/picture.js";
import { h, setText } from "../ui/dom.js";
import { arrangementOf } from "./arrangement.js";
import { createScale } from "./colour-scale.js";
import { createContour } from "./contour.js";
import { createLegend } from "./legend.js";
import { createReadout } from "./readout.js";
import { createStage3d } from "./stage-3d.js";
import { createWaiting } from "./waiting.js";

/** @import { Actions, AppState, Store } from "../document/types.js" */
/** @import { Camera } from "../plot/camera.js" */
/** @import { Picture } from "../plot/picture.js" */
/** @import { StageSide } from "./overlay-model.js" */

const MODES = /** @type {const} */ ([
  ["3d", "3D"],
  ["contour", "Contour"],
  ["both", "Both"],
  ["lab", "Lab"],
]);
/** Words for screen readers follow the picture at this pace, in milliseconds: a step a frame is no speech. */
const SUMMARY_PACE = 1500;
/** What one press turns the picture by. */
const TURN = Math.PI / 12;
/** Long paths take long to follow: this share of the time at most goes into it while they arrive. */
const BUSY = 0.25;

/**
 * @param {HTMLElement} element
 * @param {Store} store
 * @param {Store} beside     As the map shows it: the whole training set's surface beside another in 3D.
 * @param {Actions} actions
 * @param {Promise<any>} plotly   Plotly, when it has arrived: a first picture does not wait for it.
 * @returns {{lab: HTMLElement, repaint: () => void}}  The pane that is the lab's, and how the canvases are drawn again.
 */
export function createStage(element, store, beside, actions, plotly) {
  const parts = skeleton(element, actions);
  const readout = createReadout(element);
  const scale = createScale(parts.scale);
  createLegend(parts.legend, store);
  createWaiting(element, store, actions);
  const space = createStage3d(parts.space, store, actions, sideOf(parts.space, store), plotly);
  const map = createContour(parts.map, beside, actions, sideOf(parts.map, beside), plotly);
  let picture = /** @type {Picture|null} */ (null);
  let subject = "";
  let look = /** @type {"none"|"early"|"whole"|"turned"} */ ("none");
  let due = { surface: false, paths: false, model: false };
  let wanted = 0;
  let restUntil = 0;

  /** @param {HTMLElement} pane @param {Store} seen @returns {StageSide} */
  function sideOf(pane, seen) {
    return {
      taken,
      read: (place, aloud = false) => readout.show(pane, seen.get(), place, aloud),
      cameraMoved: keepCamera,
      turned: () => look === "turned",
    };
  }

  /** @param {Partial<typeof due>} what */
  function schedule(what) {
    Object.assign(due, what);
    wanted ||= requestAnimationFrame(work);
  }

  function work() {
    wanted = 0;
    const { surface, paths, model } = due;
    due = { surface: false, paths: false, model: false };
    if (surface) drawSurface();
    else if (model) for (const side of shown()) side.modelled();
    else if (paths) followPaths();
    else for (const side of shown()) side.overlay();
  }

  function followPaths() {
    const began = performance.now();
    const resting = began < restUntil;
    for (const side of shown()) resting ? side.overlay() : side.arrived();
    if (resting) schedule({ paths: true });
    else restUntil = began + (performance.now() - began) / BUSY;
  }

  const sides = /** @type {Record<string, (typeof space | typeof map)[]>} */ ({
    "3d": [space],
    contour: [map],
    lab: [],
  });
  const shown = () => sides[mode() ?? ""] ?? [space, map];
  const mode = () => element.dataset.mode;

  async function drawSurface() {
    const before = picture;
    picture = pictureOf(store.get(), before, beside.get());
    nameSurfaces();
    element.classList.toggle("empty", picture === null);
    scale.show(picture, basinsOf(store.get()));
    store.set({ heights: picture?.heights ?? null });
    if (!picture) return;
    arrange(picture);
    if (
      before?.plane &&
      picture.plane &&
      before.plane.id === picture.plane.id &&
      before.plane.generation !== picture.plane.generation
    )
      settle();
    // The first look was chosen for what had arrived: where no one has turned it, it is chosen once more for the whole.
    const whole = isWhole(store.get());
    const anew = look === "none" || (look === "early" && whole);
    if (anew && shown().includes(space)) look = whole ? "whole" : "early";
    const now = picture;
    const mapped = pictureOf(beside.get(), before, store.get()) ?? now;
    await Promise.all(shown().map((side) => (side === space ? space.show(now, anew) : map.show(mapped))));
    requestAnimationFrame(
      () => performance.getEntriesByName("first-surface").length === 0 && performance.mark("first-surface"),
    );
  }

  /** Two pictures share the room as both are largest in it. @param {Picture} now */
  function arrange({ extent }) {
    const { clientWidth, clientHeight } = parts.panes;
    const { column, share } = arrangementOf(extent, clientWidth, clientHeight);
    parts.panes.classList.toggle("panes-row--column", column);
    parts.panes.style.setProperty("--map", String(share));
  }

  /** Two surfaces side by side must each say whose it is. */
  function nameSurfaces() {
    const surfaces = surfacesOf(store.get());
    for (const [label, words] of /** @type {const} */ ([
      [parts.labels.space, surfaces?.space],
      [parts.labels.map, surfaces?.map],
    ])) {
      label.hidden = !words;
      setText(label, words ?? "");
    }
  }

  /** A plane fitted anew changes every place in the picture: one should see that it does. */
  function settle() {
    parts.panes.classList.remove("refitted");
    void parts.panes.offsetWidth;
    parts.panes.classList.add("refitted");
  }

  store.watch(["doc"], ({ doc, entry }) => {
    const value = doc?.view?.stage ?? "3d";
    element.dataset.mode = value;
    for (const [button, one] of parts.modes) {
      button.setAttribute("aria-checked", String(one === value));
      button.hidden = one === "lab" && isExplored(doc);
    }
    const now = `${entry} ${subjectOf(doc)}`;
    if (now !== subject) look = "none";
    subject = now;
    schedule({ surface: true });
  });
  store.watch(["surface", "plane"], () => schedule({ surface: true }));
  store.watch(["phase"], ({ phase }) => phase === "ready" && schedule({ surface: true }));
  store.watch(["runs", "arrived", "places"], () => schedule({ paths: true }));
  let basins = basinsOf(store.get());
  store.watch(["found"], (state) => {
    // Of what is found over the surface, the basins alone are in its own colours.
    const before = basins;
    basins = basinsOf(state);
    if (basins !== before) schedule({ surface: true });
  });
  store.watch(["step", "lifted"], () => schedule({}));
  store.watch(["model"], () => schedule({ model: true }));
  store.watch(["theme", "presenting"], () =>
    requestAnimationFrame(() => [space, map].forEach((side) => side.repaint())),
  );
  const watched = new ResizeObserver(() => schedule({ surface: true }));
  for (const pane of [parts.space, parts.map]) watched.observe(pane);
  parts.turns.forEach((button, k) =>
    button.addEventListener("click", () => space.turn(k === 0 ? -TURN : TURN)),
  );
  parts.reset.addEventListener("click", () => {
    look = "none";
    actions.change(["view", "camera"], openingCamera(store.get()));
    schedule({ surface: true });
  });
  tell();
  setInterval(tell, SUMMARY_PACE);

  function tell() {
    const surfaces = surfacesOf(store.get());
    const words = `${surfaces ? `In 3D ${surfaces.space}, from above ${surfaces.map}. ` : ""}${summaryOf(store.get(), picture)}`;
    if (parts.space.getAttribute("aria-label") !== words) parts.space.setAttribute("aria-label", words);
    setText(parts.summary, mode() === "contour" || mode() === "lab" ? words : "");
  }

  /** @param {Camera} camera */
  function keepCamera({ eye, center }) {
    look = "turned";
    const [x, y, z] = eye.map((part, k) => Number((part - center[k]).toFixed(4)));
    actions.change(["view", "camera"], { eye: { x, y, z } });
  }

  /** @param {HTMLElement} pane */
  function taken(pane) {
    const outer = pane.getBoundingClientRect();
    const { bar, legend, scale, tools, labels } = parts;
    // What marks the place of a first move is no less to be seen.
    const rings = element.querySelectorAll(".move-ring");
    return [bar, legend, scale, tools, labels.space, labels.map, ...rings].map((control) => {
      const { left, top, width, height } = control.getBoundingClientRect();
      return { x: left - outer.left - 4, y: top - outer.top - 4, width: width + 8, height: height + 8 };
    });
  }

  return {
    lab: parts.lab,
    repaint() {
      for (const side of shown()) side === space ? space.repaint() : side.overlay();
    },
  };
}

/** Whether all is here that the first look is chosen by. @param {AppState} state */
const isWhole = ({ phase, surface }) =>
  phase === "ready" && surface !== null && surface.level + 1 === surface.levels;

/** @param {HTMLElement} element @param {Actions} actions */
function skeleton(element, actions) {
  const modes = MODES.map(
    ([value, label]) => /** @type {const} */ ([modeButton(value, label, actions), value]),
  );
  const bar = h(
    "div",
    { class: "stage-modes", role: "radiogroup", "aria-label": "View of the surface" },
    ...modes.map(([button]) => button),
  );
  const legend = h("div", { class: "legend" });
  const labels = {
    space: h("p", { class: "pane-label", hidden: true }),
    map: h("p", { class: "pane-label", hidden: true }),
  };
  const space = h("div", { class: "pane pane-3d", role: "img" }, labels.space);
  const map = h("div", { class: "pane pane-contour" }, labels.map);
  const lab = h("section", { class: "pane pane-lab", "aria-label": "Lab" });
  const scale = h("div", { class: "scale" });
  const turns = /** @type {const} */ ([
    ["↶", "Turn the view left"],
    ["↷", "Turn the view right"],
  ]).map(([sign, label]) => h("button", { "aria-label": label }, sign));
  const reset = h("button", {}, "Reset view");
  const tools = h("div", { class: "stage-tools" }, ...turns, reset);
  const summary = h("p", { class: "visually-hidden" });
  const panes = h("div", { class: "panes-row" }, space, map, lab);
  const head = h("div", { class: "stage-head" }, bar, legend);
  const foot = h("div", { class: "stage-foot" }, scale, tools);
  element.append(
    h("h2", { class: "visually-hidden" }, "Picture"),
    h("div", { class: "stage-body" }, head, h("div", { class: "panes" }, panes), foot),
    summary,
  );
  return { modes, bar, legend, labels, panes, space, map, lab, scale, tools, turns, reset, summary };
}

/** @param {string} value @param {string} label @param {Actions} actions */
function modeButton(value, label, actions) {
  return h(
    "button",
    { role: "radio", "aria-checked": "false", on: { click: () => actions.change(["view", "stage"], value) } },
    label,
  );
}
