/** Backpropagation: the graph of one example walked back one operation at a time, and the layers' view above it. */
import { RUN_COLORS } from "../runs.js";
import { h, refill, setText, svg } from "../dom.js";
import { formatCount, formatNumber } from "../format.js";
import { edgePath, gradientSaid, graphOf, layerBars, nodeSaid, operationsSaid, walked, wordsOn } from "../graphwalk.js";
import { logTicks } from "../ticks.js";
import { exampleOf } from "../view.js";
import { createInquiry } from "./inquiry.js";
import { createPlot, rangeOf } from "./plot.js";

/** @typedef {import("../graphwalk.js").Graph} Graph */
/** @typedef {import("../protocol.js").Frame} Frame */

/** @type {import("./lab.js").CreateSection} */
export function createBackprop(element, store, actions, open) {
  const layers = createLayersView(store, actions, open);
  const walk = createWalk();
  const operations = h("p", { class: "caption" });
  element.append(layers.el, walk.el, operations);
  const graph = createInquiry(store, actions, open, {
    ask: (state) => ({ study: { kind: "graph", example: exampleOf(state) } }),
    show: (frame) => walk.show(graphOf(frame)),
    refuse: (words) => walk.refuse(words),
  });
  const counted = createInquiry(store, actions, open, {
    ask: () => ({ study: { kind: "operations" }, once: true }),
    show: ({ meta }) => setText(operations, operationsSaid(meta)),
    refuse: () => setText(operations, ""),
  });
  return {
    wake() {
      for (const inquiry of [...layers.inquiries, graph, counted]) inquiry.wake();
    },
  };
}

/** Gradient and Jacobian of each layer here, and along the run. @param {import("../types.js").Store} store @param {import("../types.js").Actions} actions @param {() => boolean} open */
function createLayersView(store, actions, open) {
  const body = h("tbody", {});
  const heads = ["layer", "‖∂C/∂θ‖", "", "mean |σ′|", "σ of its Jacobian", "σ of ∂a/∂x"];
  const table = h("table", { class: "bill lab-layers" }, h("caption", {}, "Each layer as a linear map near the example"), h("thead", {}, h("tr", {}, ...heads.map((head) => h("th", { scope: "col" }, head)))), body);
  const plot = createPlot("plot-layers", { label: "Each layer’s gradient along the run; click to go to a step", pick: (step) => actions.seek(Math.round(step)) });
  const said = h("p", { class: "caption lab-verdict" });
  const el = h("div", { class: "lab-jacobians" }, h("div", { class: "lab-jacobians-here" }, table, said), h("div", { class: "lab-jacobians-along" }, plot.el, h("p", { class: "caption" }, "‖∂C/∂θ‖ of each layer along the run, the first layer bold.")));
  let along = /** @type {Frame|null} */ (null);

  const here = createInquiry(store, actions, open, {
    ask: (state) => ({ study: { kind: "jacobians", example: exampleOf(state) } }),
    show(frame) {
      el.hidden = false;
      setText(said, gradientSaid(frame.meta));
      refill(body, ...layerBars(frame).map((/** @type {any} */ { name, norm, share, slope, own, product }) =>
        h("tr", {}, h("th", { scope: "row" }, name), h("td", { class: "layer-norm" }, norm), h("td", { class: "layer-bar", style: { "--share": String(share) } }), h("td", {}, slope), h("td", {}, own), h("td", {}, product))));
    },
    refuse() {
      el.hidden = true;
    },
  });
  const run = createInquiry(store, actions, () => open() && store.get().phase === "ready", {
    ask: (state) => ({ study: { kind: "jacobians_along", example: exampleOf(state) }, once: true }),
    show(frame) {
      along = frame;
      draw();
    },
    refuse: () => {},
  });

  function draw() {
    if (!along) return;
    const { grad_norms: norms, steps } = along.arrays;
    const [count, depth] = norms.shape;
    const curves = Array.from({ length: depth }, (_, layer) => ({
      x: steps.data,
      y: Float64Array.from({ length: count }, (__, k) => (norms.data[k * depth + layer] > 0 ? Math.log10(norms.data[k * depth + layer]) : NaN)),
      color: RUN_COLORS[layer % RUN_COLORS.length],
      width: layer === 0 ? 3 : 1.5,
    }));
    const y = rangeOf(curves.map((curve) => curve.y), 0.05);
    plot.show({ curves, y, yTicks: logTicks(y[0], y[1], 4), title: "step", cursor: store.get().step });
  }

  store.watch(["step", "theme"], () => open() && requestAnimationFrame(draw));
  return { el, inquiries: [here, run] };
}

/** The graph, with buttons and keys to walk it. */
function createWalk() {
  const sentence = h("p", { class: "lab-sentence", role: "status" });
  const count = h("output", { class: "lab-count" });
  const picture = h("div", { class: "lab-graph", tabindex: "0", role: "group", "aria-label": "Computational graph. The left arrow key walks one operation back, the right one forward again; Home and End go to the ends." });
  const button = (/** @type {string} */ sign, /** @type {string} */ label, /** @type {() => void} */ act) => h("button", { type: "button", class: "lab-button", "aria-label": label, on: { click: act } }, sign);
  const bar = h("div", { class: "lab-walk" },
    button("|◀", "All the way back: every adjoint", () => go(Infinity)), button("◀ back", "One operation back", () => go(position + 1)),
    button("forward ▶", "One operation towards the cost", () => go(position - 1)), button("▶|", "To the cost: values alone", () => go(0)), count);
  const el = h("div", { class: "lab-backward" }, bar, sentence, picture);
  let graph = /** @type {Graph|null} */ (null);
  let position = 0;
  let key = "";
  let nodes = /** @type {SVGElement[]} */ ([]);
  let edges = /** @type {{path: SVGElement, text: SVGElement}[]} */ ([]);

  /** @param {number} to */
  function go(to) {
    if (!graph) return;
    position = Math.max(0, Math.min(graph.walk.length, to));
    draw(true);
  }

  picture.addEventListener("keydown", (event) => {
    const to = { ArrowLeft: position + 1, ArrowRight: position - 1, Home: Infinity, End: 0 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    go(to);
  });

  /** @param {Graph} now */
  function build(now) {
    const structure = JSON.stringify([now.width, now.height, now.nodes.map(({ name, kind }) => name + kind), now.edges.map(({ parent, child }) => [parent, child])]);
    if (structure === key) return;
    key = structure;
    position = Math.min(position, now.walk.length);
    edges = now.edges.map(({ parent, child }) => {
      const [from, to] = [now.nodes[parent], now.nodes[child]];
      const path = svg("path", { d: edgePath(from, to), class: "graph-edge" });
      const text = svg("text", { x: (from.x + from.width / 2 + to.x - to.width / 2) / 2, y: (from.y + to.y) / 2 - 3, class: "graph-slope" });
      return { path, text };
    });
    nodes = now.nodes.map(({ x, y, width, height, kind }) => {
      const box = svg("rect", { x: x - width / 2, y: y - height / 2, width, height, rx: 5 });
      const lines = height > 30
        ? [svg("text", { x, y: y + 2 }), svg("text", { x, y: y + 19, class: "graph-adjoint" }), svg("text", { x, y: y - 14, class: "graph-words" })]
        : [svg("text", { x, y: y + 4 }), svg("text", { x, y: y + 4, class: "graph-adjoint" })];
      return svg("g", { class: `graph-node ${kind}` }, svg("title", {}), box, ...lines);
    });
    const drawing = svg("svg", { width: now.width, height: now.height, viewBox: `0 0 ${now.width} ${now.height}`, role: "presentation" }, ...edges.map(({ path }) => path), ...nodes, ...edges.map(({ text }) => text));
    refill(picture, drawing);
  }

  /** @param {boolean} moved */
  function draw(moved) {
    if (!graph) return;
    const { nodes: all, edges: links } = graph;
    const { reached, node, edges: active, sentence: said, at, of } = walked(graph, position);
    setText(sentence, said);
    setText(count, `${formatCount(at)} of ${formatCount(of)} operations back`);
    nodes.forEach((group, k) => {
      const one = all[k];
      const leaf = one.height <= 30;
      group.classList.toggle("reached", reached.has(k));
      group.classList.toggle("active", k === node);
      const [title, , value, adjoint, words] = [...group.children];
      if (words) setText(words, wordsOn(one));
      setText(title, nodeSaid(one, reached.has(k)));
      const shown = reached.has(k) && leaf ? `∂C/∂${one.name} ${formatNumber(one.adjoint, 2)}` : `${one.name} = ${formatNumber(one.value, 3)}`;
      setText(value, shown);
      setText(adjoint, reached.has(k) && !leaf ? `∂C/∂${one.name} ${formatNumber(one.adjoint, 3)}` : "");
    });
    edges.forEach(({ path, text }, k) => {
      path.classList.toggle("active", active.has(k));
      setText(text, active.has(k) && Number.isFinite(links[k].derivative) ? formatNumber(links[k].derivative, 2) : "");
    });
    if (moved && node !== null) follow(all[node]);
  }

  /** @param {import("../graphwalk.js").GraphNode} node */
  function follow({ x, y }) {
    picture.scrollTo({ left: x - picture.clientWidth / 2, top: y - picture.clientHeight / 2, behavior: "smooth" });
  }

  return {
    el,
    /** @param {Graph} now */
    show(now) {
      const first = graph === null;
      graph = now;
      bar.hidden = picture.hidden = false;
      build(now);
      draw(false);
      if (first) requestAnimationFrame(() => picture.scrollTo({ left: now.width, top: (now.height - picture.clientHeight) / 2 }));
    },
    /** @param {string} words */
    refuse(words) {
      graph = null;
      bar.hidden = picture.hidden = true;
      setText(sentence, `This network’s graph is too large to walk. ${words} Make it smaller under Chain, or read its layers above.`);
    },
  };
}
