/** The surface from above: filled contours, every run's path on a canvas of its own, and a click to start from there. */

import { clamp } from "../document/controls.js";
import { CONFIG, contourLayout, contourSize, contourTrace } from "../plot/figure.js";
import { marksOf } from "../plot/picture.js";
import { modelMarks, modelOf } from "../plot/quadratic-model.js";
import { createTracks } from "../plot/track.js";
import { createCanvas, inkOf, polyline, strokeCased } from "../ui/canvas.js";
import { h } from "../ui/dom.js";
import { drawPlot } from "../ui/plotly.js";
import { overlayArrows } from "./arrow-pen.js";
import { createPen } from "./overlay.js";
import { nearestRun, overlayMarks, overlayRuns, projectTrack } from "./overlay-model.js";
import { createOverlayPen } from "./surface-overlays.js";

/** @import { Actions, Pair, Store } from "../document/types.js" */
/** @import { PlotSize } from "../plot/figure.js" */
/** @import { Rect } from "../plot/labels.js" */
/** @import { Mark } from "../plot/overlay-shapes.js" */
/** @import { Picture } from "../plot/picture.js" */
/** @import { ProjectedTrack, Space, StageSide } from "./overlay-model.js" */

/** A press that moves farther than this is no click. */
const STEADY = 6;
const REACH = 9;
/** An arrow key moves the crosshair by this share of the window; with shift, by the larger one. */
const NUDGE = 0.02;
const STRIDE = 0.1;

/**
 * @param {HTMLElement} host
 * @param {Store} store
 * @param {Actions} actions
 * @param {StageSide} stage
 * @param {Promise<any>} plotly
 */
export function createContour(host, store, actions, stage, plotly) {
  const frame = h("div", { class: "contour-frame" });
  const graph = h("div", { class: "stage-graph" });
  const picker = h("div", {
    class: "contour-picker",
    tabindex: "0",
    role: "application",
    "aria-label":
      "Choose a start: the arrow keys move the crosshair, with shift in larger steps; Enter starts there, Escape leaves.",
  });
  host.append(frame);
  frame.append(graph);
  const over = createCanvas(frame, "stage-over");
  frame.append(picker);
  const pen = createPen();
  const overlayPen = createOverlayPen();
  const tracksOf = createTracks(true);
  let ink = inkOf(host);
  let picture = /** @type {Picture|null} */ (null);
  /** @type {ProjectedTrack[]} */
  let tracks = [];
  /** @type {Mark[]} */
  let marks = [];
  let size = /** @type {PlotSize} */ ({ width: 0, height: 0, margin: { l: 0, r: 0, t: 0, b: 0 } });
  let cross = /** @type {Pair|null} */ (null);

  /** @param {Picture} next */
  function show(next) {
    picture = next;
    return draw();
  }

  async function draw() {
    if (!picture || host.clientWidth === 0) return;
    size = contourSize(picture.extent, host.clientWidth, host.clientHeight, ink.scale);
    frame.style.width = `${size.width}px`;
    frame.style.height = `${size.height}px`;
    placePicker();
    follow();
    const colors = { text: ink.quiet, line: ink.line, scale: ink.scale };
    await plotly;
    await drawPlot(
      graph,
      [contourTrace(picture.surface, picture.heights)],
      contourLayout(picture.extent, picture.titles, size, colors),
      CONFIG,
    );
    overlay();
  }

  /** The plot without its numbers. @returns {Rect} */
  function plotRect() {
    const {
      width,
      height,
      margin: { l, r, t, b },
    } = size;
    return { x: l, y: t, width: width - l - r, height: height - t - b };
  }

  function placePicker() {
    const { x, y, width, height } = plotRect();
    const [left, top, wide, tall] = [x, y, width, height].map((part) => `${part}px`);
    Object.assign(picker.style, { left, top, width: wide, height: tall });
  }

  function follow() {
    if (!picture) return;
    const { box, heights } = picture;
    const space = spaceOf();
    tracks = tracksOf(store.get().runs, box, heights).map((track) => projectTrack(track, space));
    marks = marksOf(store.get());
  }

  /** @returns {Space} */
  function spaceOf() {
    const plot = plotRect();
    return {
      flat: true,
      pixel: ([x, y]) => [plot.x + x * plot.width, plot.y + (1 - y) * plot.height],
      seen: () => true,
    };
  }

  function overlay() {
    if (!picture || size.width === 0) return;
    const state = store.get();
    const space = spaceOf();
    const context = over.begin();
    overlayPen.draw(context, state, picture, space, JSON.stringify(plotRect()));
    if (cross) drawCross(context, space, cross);
    pen.draw(context, {
      runs: overlayRuns(state, picture, tracks, space),
      marks: overlayMarks([...marks, ...modelMarks(modelOf(state))], picture, space),
      arrows: overlayArrows(state, picture, space),
      lifted: state.lifted,
      taken: stage.taken(frame),
      frame: plotRect(),
      ink,
    });
  }

  /** @param {CanvasRenderingContext2D} context @param {Space} space @param {Pair} at */
  function drawCross(context, space, at) {
    const [x, y] = space.pixel(shareOf(at));
    const plot = plotRect();
    const lines = [polyline(plot.x, y, plot.x + plot.width, y), polyline(x, plot.y, x, plot.y + plot.height)];
    const style = { color: "rgba(255,255,255,0.9)", width: 1 };
    strokeCased(context, lines, { color: "rgba(10,12,16,0.45)", width: 3 }, style);
  }

  /** @param {Pair} at @returns {[number, number, number]} */
  function shareOf([a, b]) {
    const [[a0, a1], [b0, b1]] = /** @type {Picture} */ (picture).extent;
    return [(a - a0) / (a1 - a0), (b - b0) / (b1 - b0), 0];
  }

  /** @param {PointerEvent} event @returns {{at: Pair, x: number, y: number}} */
  function under(event) {
    const [[a0, a1], [b0, b1]] = /** @type {Picture} */ (picture).extent;
    const rect = picker.getBoundingClientRect();
    const x = clamp((event.clientX - rect.left) / rect.width, 0, 1);
    const y = clamp((event.clientY - rect.top) / rect.height, 0, 1);
    const outer = host.getBoundingClientRect();
    return {
      at: [a0 + x * (a1 - a0), b1 - y * (b1 - b0)],
      x: event.clientX - outer.left,
      y: event.clientY - outer.top,
    };
  }

  /** @param {Pair|null} at @param {boolean} [spoken] */
  function point(at, spoken = false) {
    cross = at;
    overlay();
    if (!at) return stage.read(null);
    const [x, y] = spaceOf().pixel(shareOf(at));
    const [inner, outer] = [frame.getBoundingClientRect(), host.getBoundingClientRect()];
    stage.read({ a: at[0], b: at[1], x: x + inner.left - outer.left, y: y + inner.top - outer.top }, spoken);
  }

  let pressed = /** @type {{x: number, y: number}|null} */ (null);
  picker.addEventListener("pointerdown", (event) => {
    pressed = { x: event.clientX, y: event.clientY };
  });
  picker.addEventListener("pointerup", (event) => {
    const steady = pressed && Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) <= STEADY;
    pressed = null;
    if (steady && event.button === 0 && picture) actions.startAt(under(event).at);
  });
  picker.addEventListener("pointermove", (event) => {
    if (!picture) return;
    const lifted = nearestRun(tracks, toFrame(event), REACH);
    if (lifted !== store.get().lifted) store.set({ lifted });
    point(under(event).at);
  });
  picker.addEventListener("pointerleave", () => {
    if (store.get().lifted !== null) store.set({ lifted: null });
    point(null);
  });
  picker.addEventListener("blur", () => point(null));
  picker.addEventListener("keydown", onKey);

  /** @param {PointerEvent} event @returns {[number, number]} */
  function toFrame(event) {
    const rect = frame.getBoundingClientRect();
    return [event.clientX - rect.left, event.clientY - rect.top];
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    if (!picture) return;
    const moves = /** @type {Record<string, Pair>} */ ({
      ArrowLeft: [-1, 0],
      ArrowRight: [1, 0],
      ArrowUp: [0, 1],
      ArrowDown: [0, -1],
    });
    const move = moves[event.key];
    const [[a0, a1], [b0, b1]] = picture.extent;
    if (move) {
      const by = event.shiftKey ? STRIDE : NUDGE;
      const [a, b] = cross ?? [(a0 + a1) / 2, (b0 + b1) / 2];
      point([clamp(a + move[0] * by * (a1 - a0), a0, a1), clamp(b + move[1] * by * (b1 - b0), b0, b1)], true);
    } else if (event.key === "Enter" && cross) actions.startAt(cross);
    else if (event.key === "Escape" && cross) point(null);
    else return;
    event.preventDefault();
    // The page's own arrow keys step through the descent.
    event.stopPropagation();
  }

  return {
    show,
    overlay,
    modelled: overlay,
    arrived() {
      follow();
      overlay();
    },
    repaint() {
      ink = inkOf(host);
      return draw();
    },
  };
}
