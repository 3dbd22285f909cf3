/** The stage: the cost surface in 3D, from above, or both, with every run's path. */
import { h, setText } from "../dom.js";
import { formatNumber } from "../format.js";
import { pictureOf, summaryOf } from "../picture.js";
import { costAt } from "../terrain.js";
import { createContour } from "./contour.js";
import { createLegend } from "./legend.js";
import { createScale } from "./scale.js";
import { createStage3d } from "./stage3d.js";

const MODES = /** @type {const} */ ([["3d", "3D"], ["contour", "Contour"], ["both", "Both"]]);

/**
 * @param {HTMLElement} element
 * @param {import("../types.js").Store} store
 * @param {import("../types.js").Actions} actions
 */
export function createStage(element, store, actions) {
  const parts = skeleton(element, actions);
  createLegend(parts.legend, store);
  const scale = createScale(parts.scale);
  const space = createStage3d(parts.space, store, { taken, read: reader("space"), cameraMoved: keepCamera });
  const contour = createContour(parts.map, store, actions, { taken, read: reader("map") });
  let picture = /** @type {import("../picture.js").Picture|null} */ (null);
  let first = true;
  const due = { ground: false, paths: false, overlay: false };
  let wanted = 0;

  /** @param {Partial<typeof due>} what */
  function schedule(what) {
    Object.assign(due, what);
    wanted ||= requestAnimationFrame(work);
  }

  async function work() {
    wanted = 0;
    const { ground, paths } = due;
    due.ground = due.paths = due.overlay = false;
    const mode = element.dataset.mode;
    if (ground) {
      picture = pictureOf(store.get(), picture);
      element.classList.toggle("empty", picture === null);
      scale.show(picture);
      if (picture) await Promise.all([mode !== "contour" && space.show(picture), mode !== "3d" && contour.show(picture)]);
      if (picture && first) markFirst();
    } else if (paths) {
      if (mode !== "contour") space.arrived();
      if (mode !== "3d") contour.arrived();
    } else {
      if (mode !== "contour") space.overlay();
      if (mode !== "3d") contour.overlay();
    }
  }

  function markFirst() {
    first = false;
    requestAnimationFrame(() => performance.mark("first-surface"));
  }

  store.watch(["doc"], ({ doc }) => {
    const mode = doc?.view?.stage ?? "3d";
    if (mode === element.dataset.mode) return;
    element.dataset.mode = mode;
    for (const [button, value] of parts.modes) button.setAttribute("aria-checked", String(value === mode));
    schedule({ ground: true });
  });
  store.watch(["surface", "plane"], () => schedule({ ground: true }));
  store.watch(["runs", "arrived"], () => schedule({ paths: true }));
  store.watch(["step", "lifted"], () => schedule({ overlay: true }));
  store.watch(["theme"], () => requestAnimationFrame(() => {
    space.repaint();
    contour.repaint();
  }));
  new ResizeObserver(() => schedule({ ground: true })).observe(element);
  parts.reset.addEventListener("click", () => {
    actions.change(["view", "camera"], null);
    space.reset();
  });

  /** @param {import("../camera.js").Camera} camera */
  function keepCamera({ eye, center }) {
    const [x, y, z] = eye.map((part, k) => Number((part - center[k]).toFixed(4)));
    actions.change(["view", "camera"], { eye: { x, y, z } });
  }

  /** The controls that lie over a pane, in its own pixels. @param {HTMLElement} pane */
  function taken(pane) {
    const outer = pane.getBoundingClientRect();
    return [parts.bar, parts.legend, parts.scale, parts.reset].map((control) => {
      const { left, top, width, height } = control.getBoundingClientRect();
      return { x: left - outer.left - 4, y: top - outer.top - 4, width: width + 8, height: height + 8 };
    });
  }

  /** @param {"space"|"map"} pane */
  function reader(pane) {
    /** @param {{a: number, b: number, x: number, y: number}|null} at @param {boolean} [spoken] */
    return (at, spoken = false) => {
      const { surface } = store.get();
      parts.readout.hidden = !at || !surface;
      if (!at || !surface) return;
      const [first, second] = picture?.titles ?? ["a", "b"];
      const name = (/** @type {string} */ title) => title.replace(/ \(.*$/, "");
      const text = `${name(first)} ${formatNumber(at.a)}, ${name(second)} ${formatNumber(at.b)}: cost ≈ ${formatNumber(costAt(surface, at.a, at.b))}, interpolated`;
      setText(parts.readout, text);
      if (spoken) setText(parts.spoken, text);
      placeReadout(parts[pane], at);
    };
  }

  /** @param {HTMLElement} pane @param {{x: number, y: number}} at */
  function placeReadout(pane, { x, y }) {
    const [inner, outer] = [pane.getBoundingClientRect(), element.getBoundingClientRect()];
    const left = Math.min(x + inner.left - outer.left + 14, outer.width - parts.readout.offsetWidth - 8);
    const top = Math.max(8, y + inner.top - outer.top - 14 - parts.readout.offsetHeight);
    parts.readout.style.transform = `translate(${Math.max(8, left)}px, ${top}px)`;
  }
}

/** @param {HTMLElement} element @param {import("../types.js").Actions} actions */
function skeleton(element, actions) {
  const modes = MODES.map(([value, label]) => {
    const button = h("button", { type: "button", role: "radio", "aria-checked": "false", on: { click: () => actions.change(["view", "stage"], value) } }, label);
    return /** @type {const} */ ([button, value]);
  });
  const bar = h("div", { class: "stage-modes", role: "radiogroup", "aria-label": "View of the surface" }, ...modes.map(([button]) => button));
  const legend = h("div", { class: "legend" });
  const space = h("div", { class: "pane pane-3d" });
  const map = h("div", { class: "pane pane-contour" });
  const scale = h("div", { class: "scale" });
  const reset = h("button", { type: "button", class: "stage-reset" }, "Reset view");
  const readout = h("p", { class: "readout", hidden: true });
  const spoken = h("p", { class: "visually-hidden", "aria-live": "polite" });
  const summary = h("p", { class: "visually-hidden" });
  element.append(h("div", { class: "panes" }, space, map), bar, legend, scale, reset, readout, spoken, summary);
  return { modes, bar, legend, space, map, scale, reset, readout, spoken, summary };
}
