/** The Curvature view: what kind of point the cursor stands on, and how sharp the surface is along the run. */

import { placeSaid } from "../model/cursor.js";
import { edgeAt, edgeLine, edgeWords, isOutdated } from "../model/edge.js";
import {
  densityOf,
  densityTicks,
  edgePlot,
  factsOf,
  sampleSaid,
  sharpnessSaid,
  verdictOf,
} from "../plot/spectrum.js";
import { h, setText } from "../ui/dom.js";
import { createPlot } from "../ui/small-plot.js";
import { createStudyQuery } from "../ui/study-query.js";
import { helpTip, listFacts } from "../ui/term.js";
import { createLines } from "./line-slice.js";
import { isOpen } from "./panel.js";

/** @typedef {import("../document/types.js").AppState} AppState */
/** @typedef {import("../document/types.js").Frame} Frame */

/** @type {import("./panel.js").Panel} */
export const CURVATURE = {
  name: "curvature",
  label: "Curvature",
  place: 40,
  create: createCurvature,
};

/**
 * @param {HTMLElement} element
 * @param {import("../document/types.js").Store} store
 * @param {import("../document/types.js").Actions} actions
 */
function createCurvature(element, store, actions) {
  const parts = skeleton(store, actions);
  element.append(parts.el);
  const open = () => isOpen(element);
  const queries = [
    createSpectrum(parts, store, actions, open),
    createLines(parts.lines, store, actions, open),
  ];
  const drawAlongRun = followAlongRun(parts, store, open);
  new ResizeObserver(() => {
    for (const { refresh } of queries) refresh();
    drawAlongRun();
  }).observe(element);
}

/** @param {import("../document/types.js").Store} store @param {import("../document/types.js").Actions} actions */
function skeleton(store, actions) {
  const where = h("p", { class: "curvature-where" });
  const strong = h("strong", { class: "curvature-verdict" });
  const text = h("p", { class: "caption" });
  const facts = h("dl", { class: "facts" });
  const spectrum = createPlot("plot-spectrum", { label: "Density of the Hessian’s eigenvalues" });
  const spectrumSaid = h("p", { class: "caption" });
  const pick = (/** @type {number} */ step) => actions.seek(Math.round(step));
  const sharp = createPlot("plot-sharpness", {
    label: "Highest and lowest curvature along the run; click to go to a step",
    pick,
  });
  const index = createPlot("plot-index", {
    label: "Number of negative eigenvalues along the run; click to go to a step",
    pick,
  });
  const edgeKey = h("span", { class: "key-edge" });
  const keys = h(
    "p",
    { class: "plot-key", hidden: true },
    h("span", { class: "key-highest" }, "highest curvature"),
    h("span", { class: "key-lowest" }, "lowest"),
    edgeKey,
  );
  const adaptive = createPlot("plot-adaptive", {
    label: "Highest curvature of the preconditioned Hessian along the run; click to go to a step",
    pick,
  });
  const adaptiveEdge = h("span", { class: "key-edge" });
  const adaptiveKeys = h(
    "p",
    { class: "plot-key", hidden: true },
    h("span", { class: "key-highest" }, "preconditioned"),
    adaptiveEdge,
  );
  const indexKey = h("span", { class: "key-index" });
  const indexKeys = h("p", { class: "plot-key", hidden: true }, indexKey);
  const sharpSaid = h("p", { class: "caption" });
  const edgeSaid = h("p", { class: "caption edge-said" });
  const lines = h("section", { class: "curvature-lines" });
  const el = h(
    "div",
    { class: "curvature" },
    h("div", { class: "view-head" }, h("h2", {}, "Curvature"), helpTip(store, "curvature")),
    where,
    strong,
    text,
    facts,
    h("div", { class: "view-head" }, h("h2", {}, "Along the run"), helpTip(store, "edge of stability")),
    keys,
    sharp.el,
    adaptiveKeys,
    adaptive.el,
    edgeSaid,
    indexKeys,
    index.el,
    sharpSaid,
    h("div", { class: "view-head" }, h("h2", {}, "Spectrum"), helpTip(store, "eigenvalue")),
    spectrum.el,
    spectrumSaid,
    lines,
  );
  return {
    el,
    where,
    strong,
    text,
    facts,
    spectrum,
    spectrumSaid,
    keys,
    edgeKey,
    sharp,
    adaptiveKeys,
    adaptiveEdge,
    adaptive,
    edgeSaid,
    indexKeys,
    indexKey,
    index,
    sharpSaid,
    lines,
  };
}

/** @typedef {ReturnType<typeof skeleton>} Parts */

/**
 * @param {Parts} parts @param {import("../document/types.js").Store} store @param {import("../document/types.js").Actions} actions
 * @param {() => boolean} open
 */
function createSpectrum(parts, store, actions, open) {
  /** @param {Frame} frame @param {Record<string, any>} place */
  function show(frame, place) {
    const { strong, text } = verdictOf(frame.meta);
    setText(parts.where, placeSaid(store.get(), place));
    setText(parts.strong, strong);
    setText(parts.text, text);
    listFacts(parts.facts, factsOf(frame), store);
    parts.spectrum.el.hidden = false;
    showDensity(parts, frame);
  }

  /** @param {string} words @param {Record<string, any>} place */
  function refuse(words, place) {
    setText(parts.where, placeSaid(store.get(), place));
    listFacts(parts.facts, [], store);
    parts.spectrum.el.hidden = true;
    setText(parts.spectrumSaid, "");
    setText(parts.strong, "No curvature here");
    setText(parts.text, words);
  }

  store.watch(["theme", "presenting"], () =>
    requestAnimationFrame(() =>
      [parts.spectrum, parts.sharp, parts.adaptive, parts.index].forEach((plot) => plot.draw()),
    ),
  );
  return createStudyQuery(store, actions, open, {
    ask: () => ({ study: { kind: "spectrum" } }),
    show,
    refuse,
  });
}

/** @param {Parts} parts @param {Frame} frame */
function showDensity(parts, { meta, arrays }) {
  const density = densityOf(arrays.eigenvalues.data);
  const zero = 0;
  parts.spectrum.show({
    curves: [{ x: density.x, y: density.y, color: "--accent", filled: true }],
    x: [density.x[0], density.x[density.x.length - 1]],
    y: [0, 1.08],
    noY: true,
    xTicks: densityTicks(density),
    title: "eigenvalue λ",
    rug: density.at,
    rules: [zero],
  });
  const all = `${meta.dim === 2 ? "Both" : `All ${meta.dim}`} eigenvalues, each a stroke; the curve is their density. The axis is linear near 0 and logarithmic beyond.`;
  const ends = `${arrays.eigenvalues.data.length} of ${meta.dim} eigenvalues: the lowest and the highest, found by Lanczos iteration, each once however often it is repeated, on an axis that is linear near 0 and logarithmic beyond.`;
  setText(parts.spectrumSaid, meta.complete ? all : `${ends} ${sampleSaid(meta)}`.trimEnd());
}

/**
 * Draws what is known of the focused run while the view is open.
 * @param {Parts} parts @param {import("../document/types.js").Store} store
 * @param {() => boolean} open
 */
function followAlongRun(parts, store, open) {
  let faded = false;

  function draw() {
    if (!open()) return;
    const { sharpness, focus } = store.get();
    const { frame, refused } = sharpness[focus] ?? { frame: null, refused: null };
    for (const el of [parts.keys, parts.sharp.el, parts.indexKeys, parts.index.el]) el.hidden = !frame;
    if (frame) drawAlongRun(parts, store.get(), frame);
    else for (const el of [parts.adaptiveKeys, parts.adaptive.el, parts.edgeSaid]) el.hidden = true;
    setText(parts.sharpSaid, frame ? sharpnessSaid(frame) : (refused ?? ""));
    faded = isOutdated(store.get(), focus);
    for (const { el } of [parts.sharp, parts.adaptive, parts.index])
      el.classList.toggle("plot-small--outdated", faded);
  }
  store.watch(["step", "steps", "sharpness", "focus"], draw);
  store.watch(["phase", "inspection"], (state) => isOutdated(state, state.focus) !== faded && draw());
  return draw;
}

/** @param {Parts} parts @param {AppState} state @param {Frame} frame */
function drawAlongRun(parts, state, frame) {
  const { steps, step, focus } = state;
  const { steps: at, highest, lowest, negative_count: count } = frame.arrays;
  const shared = {
    x: /** @type {[number, number]} */ ([0, Math.max(1, steps)]),
    cursor: Math.min(step, steps),
    title: "step",
  };
  const plain = edgePlot(at.data, [highest.data, lowest.data], edgeLine(frame, false));
  parts.sharp.show({
    ...shared,
    y: plain.y,
    curves: [
      { x: at.data, y: highest.data, color: "--series-0" },
      { x: at.data, y: lowest.data, color: "--series-1" },
      ...plain.curves,
    ],
    level: true,
  });
  sayLine(parts.edgeKey, plain);
  drawAdaptive(parts, shared, frame);
  parts.index.show({
    ...shared,
    curves: [{ x: at.data, y: count.data, color: "--series-2", steps: true }],
    y: [0, Math.max(1, ...count.data) * 1.08],
  });
  setText(
    parts.indexKey,
    frame.meta.complete ? "negative eigenvalues" : "negative eigenvalues, a lower bound",
  );
  const edge = edgeAt(frame, step);
  parts.edgeSaid.hidden = !edge;
  setText(parts.edgeSaid, edge ? edgeWords(state, focus, edge) : "");
}

/** @param {Parts} parts @param {{x: [number, number], cursor: number, title: string}} shared @param {Frame} frame */
function drawAdaptive(parts, shared, frame) {
  const known = edgeLine(frame, true);
  for (const el of [parts.adaptiveKeys, parts.adaptive.el]) el.hidden = !known;
  if (!known) return;
  const at = frame.arrays.steps.data;
  const plotted = edgePlot(at, [known.sharpness], known);
  const curve = { x: at, y: known.sharpness, color: "--series-0" };
  parts.adaptive.show({ ...shared, y: plotted.y, curves: [curve, ...plotted.curves], level: true });
  sayLine(parts.adaptiveEdge, plotted);
}

/** @param {HTMLElement} key @param {ReturnType<typeof edgePlot>} plotted */
function sayLine(key, { said }) {
  key.hidden = !said;
  setText(key, said);
}
