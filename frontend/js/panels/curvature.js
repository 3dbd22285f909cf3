/** The Curvature view: what kind of point the cursor stands on, and how sharp the surface is along the run. */

import { placeSaid } from "../model/cursor.js";
import { densityOf, densityTicks, factsOf, sampleSaid, sharpnessSaid, verdictOf } from "../plot/spectrum.js";
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
    createSharpness(parts, store, actions, open),
    createLines(parts.lines, store, actions, open),
  ];
  new ResizeObserver(() => queries.forEach(({ refresh }) => refresh())).observe(element);
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
  const keys = h(
    "p",
    { class: "plot-key", hidden: true },
    h("span", { class: "key-highest" }, "highest curvature"),
    h("span", { class: "key-lowest" }, "lowest"),
  );
  const indexKey = h("span", { class: "key-index" });
  const indexKeys = h("p", { class: "plot-key", hidden: true }, indexKey);
  const sharpSaid = h("p", { class: "caption" });
  const lines = h("section", { class: "curvature-lines" });
  const el = h(
    "div",
    { class: "curvature" },
    h("div", { class: "view-head" }, h("h2", {}, "Curvature"), helpTip(store, "curvature")),
    where,
    strong,
    text,
    facts,
    spectrum.el,
    spectrumSaid,
    h("div", { class: "view-head" }, h("h2", {}, "Along the run"), helpTip(store, "saddle")),
    keys,
    sharp.el,
    indexKeys,
    index.el,
    sharpSaid,
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
    sharp,
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
    requestAnimationFrame(() => [parts.spectrum, parts.sharp, parts.index].forEach((plot) => plot.draw())),
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
 * @param {Parts} parts @param {import("../document/types.js").Store} store @param {import("../document/types.js").Actions} actions
 * @param {() => boolean} open
 */
function createSharpness(parts, store, actions, open) {
  let curve = /** @type {Frame|null} */ (null);
  const plots = [parts.keys, parts.sharp.el, parts.indexKeys, parts.index.el];
  const query = createStudyQuery(store, actions, open, {
    ask: ({ runs, focus, phase }) =>
      phase === "ready" && runs[focus]?.count > 1 ? { study: { kind: "sharpness" }, once: true } : null,
    show(frame) {
      curve = frame;
      for (const plot of plots) plot.hidden = false;
      draw();
    },
    refuse(words) {
      curve = null;
      for (const plot of plots) plot.hidden = true;
      setText(parts.sharpSaid, words);
    },
  });

  function draw() {
    if (!curve) return;
    const { steps, step } = store.get();
    const at = curve.arrays.steps.data;
    const { highest, lowest, negative_count: count } = curve.arrays;
    const shared = {
      x: /** @type {[number, number]} */ ([0, Math.max(1, steps)]),
      cursor: Math.min(step, steps),
    };
    parts.sharp.show({
      ...shared,
      curves: [
        { x: at, y: highest.data, color: "--series-0" },
        { x: at, y: lowest.data, color: "--series-1" },
      ],
      level: true,
      title: "step",
    });
    parts.index.show({
      ...shared,
      curves: [{ x: at, y: count.data, color: "--series-2", steps: true }],
      y: [0, Math.max(1, ...count.data) * 1.08],
      title: "step",
    });
    setText(
      parts.indexKey,
      curve.meta.complete ? "negative eigenvalues" : "negative eigenvalues, a lower bound",
    );
    setText(parts.sharpSaid, sharpnessSaid(curve));
  }

  store.watch(["step", "steps"], () => open() && draw());
  return query;
}
