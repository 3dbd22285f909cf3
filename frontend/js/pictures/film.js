/** The descent as the stage shows it, step by step on one canvas: the page’s cursor is moved, and put back at the end. */

import { looksOf } from "../document/view.js";
import { entryAt } from "../model/runs.js";
import { stepArrows } from "../model/step-arrows.js";
import { captionsOf } from "../plot/captions.js";
import { modelOf } from "../plot/quadratic-model.js";
import { inkOf } from "../ui/canvas.js";
import { copiedLayers, recopiedLayers } from "./layers.js";
import { composed } from "./snapshot.js";

/** @import { AppState, Store } from "../document/types.js" */
/** @import { CopiedLayer } from "./layers.js" */
/** @import { Color } from "./gif-encoder.js" */

/**
 * @typedef {object} Filmed       What is filmed.
 * @property {HTMLElement} stage
 * @property {Store} store        The page’s own.
 * @property {Store} seen         As the stage shows it.
 * @property {() => void} repaint
 */

/** @typedef {Awaited<ReturnType<typeof createFilm>>} Film */

/** What the service has to answer for a step is waited for so long, in milliseconds. */
const LONGEST_ANSWER = 4000;

/**
 * @param {Filmed} filmed
 * @param {{width: number, caption: boolean}} options   Pixels of the film across.
 */
export async function createFilm({ stage, store, seen, repaint }, { width, caption }) {
  const before = store.get();
  const panes = /** @type {HTMLElement} */ (stage.querySelector(".panes"));
  const scale = width / panes.getBoundingClientRect().width;
  const steps = Math.max(0, ...before.runs.map(({ count }) => count - 1));
  const canvas = document.createElement("canvas");
  let layers = /** @type {CopiedLayer[]|null} */ (null);
  /** The surfaces that the copies of the plots show. @type {unknown[]} */
  let copied = [];

  /** @param {number} step @param {HTMLCanvasElement} [on] */
  async function drawn(step, on) {
    store.set({ step, playing: false, lifted: null });
    if (!isAnswered(store.get())) await answered(store);
    const state = seen.get();
    const now = [state.surface, state.model];
    if (layers && now.every((part, k) => part === copied[k]))
      layers = recopiedLayers(panes, repaint, scale, layers);
    else {
      // A surface that has just come is drawn in the frames that follow.
      if (layers) await frames();
      layers = await copiedLayers(panes, repaint, scale, inkOf(stage).font);
      copied = now;
    }
    return composed(stage, layers, state, caption ? captionsOf(state) : [], scale, on);
  }

  /** The page goes on where it was. */
  const end = () => store.set({ step: before.step, playing: before.playing, lifted: before.lifted });

  // Captions are longer at some steps: the film has room for the longest of them.
  let tallest = 0;
  try {
    for (const step of [0, Math.round(steps / 2), steps])
      tallest = Math.max(tallest, (await drawn(step)).height);
  } catch (fault) {
    end();
    throw fault;
  }
  // Videos are of even sizes.
  canvas.width = 2 * Math.round(width / 2);
  canvas.height = 2 * Math.ceil(tallest / 2);

  return {
    canvas,
    steps,
    runs: before.runs,
    ink: inkOf(stage),
    /** @param {number} step */
    show: (step) => drawn(step, canvas),
    /** @param {number} step */
    async pixels(step) {
      await drawn(step, canvas);
      const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
      return context.getImageData(0, 0, canvas.width, canvas.height).data;
    },
    end,
  };
}

/** The colours that a film must have whatever its surface takes. @param {Film} film @returns {Color[]} */
export function colorsOf({ runs, ink }) {
  const context = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
  const parsed = [ink.background, ink.text, ink.quiet, ...runs.map(({ color }) => color)].map((color) => {
    context.fillStyle = color;
    return String(context.fillStyle);
  });
  return [...new Set(parsed)].flatMap((hex) =>
    /^#[0-9a-f]{6}$/.test(hex)
      ? [/** @type {Color} */ ([1, 3, 5].map((k) => parseInt(hex.slice(k, k + 2), 16)))]
      : [],
  );
}

/** Whether all is here that the picture shows of its step. @param {AppState} state */
function isAnswered(state) {
  const { live, runs, focus, step, plane } = state;
  const { moving_plane, surface, arrows, quadratic_model } = looksOf(state);
  const run = runs[focus];
  if (!run || run.count === 0 || !plane) return true;
  if ((moving_plane || surface !== "train") && live?.step !== entryAt(run, step)) return false;
  if (arrows !== "none" && plane.extent && !stepArrows(state, plane.extent)) return false;
  return !quadratic_model || modelOf(state) !== null;
}

/** When all is here, or has been waited for long enough. @param {Store} store @returns {Promise<void>} */
function answered(store) {
  return new Promise((resolve) => {
    const timer = setTimeout(done, LONGEST_ANSWER);
    const forget = store.watch(["live", "arrows", "model"], (state) => isAnswered(state) && done());
    function done() {
      clearTimeout(timer);
      forget();
      resolve();
    }
  });
}

/** Two frames of the page, or a moment where it is not in sight and has none. @returns {Promise<void>} */
const frames = () =>
  new Promise((resolve) => {
    setTimeout(resolve, 250);
    requestAnimationFrame(() => requestAnimationFrame(() => resolve()));
  });
