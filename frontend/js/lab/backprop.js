/** Backpropagation: the graph of one example walked back one operation at a time, and the layers' view above it. */

import { exampleOf } from "../document/view.js";
import { logs, logTicks } from "../plot/ticks.js";
import { h, refill, setText } from "../ui/dom.js";
import { createPlot, rangeOf } from "../ui/small-plot.js";
import { createStudyQuery } from "../ui/study-query.js";
import { createTerm, titled } from "../ui/term.js";
import { gradientSaid } from "./gradient-verdict.js";
import { createWalk } from "./graph.js";
import { graphOf, layerBars, operationsSaid } from "./graph-walk.js";

/** @import { Actions, Frame, Store } from "../document/types.js" */
/** @import { CreateSection } from "./section.js" */

/** @type {CreateSection} */
export function createBackprop(element, store, actions, open, at) {
  const layers = createLayersView(store, actions, open, at);
  const walk = createWalk(store);
  const operations = h("p", { class: "caption lab-operations" });
  const modes = h(
    "div",
    { class: "lab-modes" },
    titled(store, "Reverse against forward mode", "reverse mode"),
    operations,
  );
  element.append(layers, walk.el, modes);
  createStudyQuery(store, actions, open, {
    ask: (state) => ({ study: { kind: "graph", example: exampleOf(state) } }),
    show(frame, place) {
      at(place);
      walk.show(graphOf(frame));
    },
    refuse: (words) => walk.refuse(words),
  });
  createStudyQuery(store, actions, open, {
    ask: () => ({ study: { kind: "operations" }, once: true }),
    show({ meta }) {
      modes.hidden = false;
      setText(operations, operationsSaid(meta));
    },
    refuse() {
      modes.hidden = true;
    },
  });
}

/**
 * Gradient and Jacobian of each layer here, and along the run.
 * @param {Store} store
 * @param {Actions} actions
 * @param {() => boolean} open
 * @param {(place: Record<string, any>) => void} at
 */
function createLayersView(store, actions, open, at) {
  const body = h("tbody", {});
  const heads = [
    "layer",
    createTerm(store, "gradient", "‖∂C/∂θ‖"),
    h("span", { class: "visually-hidden" }, "as a bar"),
    createTerm(store, "vanishing gradient", "mean |σ′|"),
    createTerm(store, "Jacobian", "s of J"),
    createTerm(store, "singular value", "s of ∂a/∂x"),
  ];
  const table = h(
    "table",
    { class: "bill lab-layers", "aria-label": "Each layer as a linear map near the example" },
    h("thead", {}, h("tr", {}, ...heads.map((head) => h("th", { scope: "col" }, head)))),
    body,
  );
  const about = h(
    "p",
    { class: "caption lab-about" },
    "Each layer as a ",
    createTerm(store, "linear map"),
    " J near the example, with its largest and smallest ",
    createTerm(store, "singular value"),
    " s.",
  );
  const plot = createPlot("plot-layers", {
    label: "Each layer’s gradient along the run; click to go to a step",
    pick: (step) => actions.seek(Math.round(step)),
  });
  const said = h("p", { class: "caption lab-verdict" });
  const el = h(
    "div",
    { class: "lab-jacobians" },
    h("div", { class: "lab-jacobians-here" }, about, table, said),
    h(
      "div",
      { class: "lab-jacobians-along" },
      plot.el,
      h(
        "p",
        { class: "caption" },
        "‖∂C/∂θ‖ of each layer along the run; dashed: the largest s of the whole chain, ∂aᴸ/∂x.",
      ),
      h(
        "p",
        { class: "plot-key" },
        h("span", { class: "key-series-0" }, "first layer"),
        h("span", { class: "key-series-2" }, "between"),
        h("span", { class: "key-series-1" }, "last layer"),
      ),
    ),
  );
  let along = /** @type {Frame|null} */ (null);

  createStudyQuery(store, actions, open, {
    ask: (state) => ({ study: { kind: "jacobians", example: exampleOf(state) } }),
    show(frame, place) {
      at(place);
      el.hidden = false;
      setText(said, gradientSaid(frame));
      refill(
        body,
        ...layerBars(frame).map((/** @type {any} */ { name, norm, share, slope, own, product }) =>
          h(
            "tr",
            {},
            h("th", { scope: "row" }, name),
            h("td", { class: "layer-norm" }, norm),
            h("td", { class: "layer-bar", style: { "--share": String(share) } }),
            h("td", {}, slope),
            h("td", {}, own),
            h("td", {}, product),
          ),
        ),
      );
    },
    refuse() {
      el.hidden = true;
    },
  });
  createStudyQuery(store, actions, () => open() && store.get().phase === "ready", {
    ask: (state) => ({ study: { kind: "jacobians_along", example: exampleOf(state) }, once: true }),
    show(frame) {
      along = frame;
      draw();
    },
    refuse: () => {},
  });

  function draw() {
    if (!along) return;
    const { grad_norms: norms, largest, steps } = along.arrays;
    const [count, depth] = norms.shape;
    const curves = Array.from({ length: depth }, (_, layer) => ({
      x: steps.data,
      y: logs(Float64Array.from({ length: count }, (__, k) => norms.data[k * depth + layer])),
      color: layer === 0 ? "--series-0" : layer === depth - 1 ? "--series-1" : "--series-2",
      width: layer === 0 ? 3 : 1.5,
    }));
    const chain = { x: steps.data, y: logs(largest.data), color: "--text-quiet", dash: [4, 4] };
    const y = rangeOf(
      [...curves, chain].map((curve) => curve.y),
      0.05,
    );
    plot.show({
      curves: [chain, ...curves],
      y,
      yTicks: logTicks(y[0], y[1], 4),
      title: "step",
      cursor: store.get().step,
    });
  }

  store.watch(["step", "theme", "presenting"], () => open() && requestAnimationFrame(draw));
  return el;
}
