/** The computational graph of one example: walked back one operation at a time, whole or from near. */

import { formatCount, formatNumber, formatPercent } from "../document/number-format.js";
import { h, refill, setText, svg } from "../ui/dom.js";
import { createTerm, titled } from "../ui/term.js";
import { edgePath, fitScale, nodeSaid, readable, walked, wordsOn, zoomed } from "./graph-walk.js";

/** @import { Store } from "../document/types.js" */
/** @import { Graph, GraphNode } from "./graph-walk.js" */

/** The graph, with buttons and keys to walk it and to come nearer. @param {Store} store */
export function createWalk(store) {
  const sentence = h("p", { class: "lab-sentence", role: "status" });
  const count = h("output", { class: "lab-count" });
  const percent = h("output", { class: "lab-count lab-percent", "aria-label": "Size" });
  const picture = h("div", {
    class: "lab-graph",
    tabindex: "0",
    role: "group",
    "aria-label":
      "Computational graph. The left arrow key walks one operation back, the right one forward again; Home and End go to the ends; plus, minus and 0 come nearer, go away and fit.",
  });
  const button = (/** @type {string} */ sign, /** @type {string} */ label, /** @type {() => void} */ act) =>
    h("button", { class: "lab-button", "aria-label": label, on: { click: act } }, sign);
  const bar = h(
    "div",
    { class: "lab-walk" },
    button("|◀", "All the way back: every adjoint", () => go(Infinity)),
    button("◀ back", "One operation back", () => go(position + 1)),
    button("forward ▶", "One operation forward, towards the cost", () => go(position - 1)),
    button("▶|", "To the cost: values alone", () => go(0)),
    count,
    h(
      "span",
      { class: "lab-zoom", role: "group", "aria-label": "Size of the graph" },
      button("−", "Smaller", () => zoom(zoomed(scale, -1))),
      percent,
      button("+", "Larger", () => zoom(zoomed(scale, 1))),
      button("Fit", "Fit the whole graph", fit),
    ),
  );
  const derivative = h("span", {});
  const mean = h("span", {}, " The cost C is the mean of ℓ over the examples, plus penalties.");
  const about = h(
    "p",
    { class: "caption lab-about" },
    "The ",
    createTerm(store, "computational graph"),
    ": values run to the right, each node’s ",
    createTerm(store, "adjoint"),
    " ",
    derivative,
    " comes back from the right, one use of the ",
    createTerm(store, "chain rule"),
    " at a time.",
    mean,
  );
  const el = h(
    "div",
    { class: "lab-backward" },
    titled(store, "The computation, walked back", "backpropagation"),
    about,
    bar,
    sentence,
    picture,
  );
  let graph = /** @type {Graph|null} */ (null);
  let position = 0;
  let scale = 1;
  let fitted = true;
  let key = "";
  let nodes = /** @type {SVGElement[]} */ ([]);
  let edges = /** @type {{path: SVGElement, text: SVGElement}[]} */ ([]);

  /** @param {number} to */
  function go(to) {
    if (!graph) return;
    position = Math.max(0, Math.min(graph.walk.length, to));
    draw(true);
  }

  const box = () => ({ width: picture.clientWidth, height: picture.clientHeight });

  /**
   * Another size, the middle (or the place under the pointer) staying where it is.
   * @param {number} to
   * @param {[number, number]} [at]
   */
  function zoom(to, [x, y] = [picture.clientWidth / 2, picture.clientHeight / 2]) {
    fitted = false;
    const by = to / scale;
    const [left, top] = [(picture.scrollLeft + x) * by - x, (picture.scrollTop + y) * by - y];
    resize(to);
    picture.scrollTo(left, top);
  }

  /** @param {number} to */
  function resize(to) {
    scale = to;
    setText(percent, formatPercent(scale));
    const drawing = picture.querySelector("svg");
    if (!graph || !drawing) return;
    drawing.setAttribute("width", String(graph.width * scale));
    drawing.setAttribute("height", String(graph.height * scale));
  }

  function fit() {
    if (!graph || picture.clientWidth === 0) return;
    fitted = true;
    resize(fitScale(graph, box()));
  }

  /** A graph that can be read when it fits is shown whole; of another one, its end. */
  function settle() {
    if (!graph || picture.clientWidth === 0) return;
    if (fitted && readable(graph, box())) return fit();
    fitted = false;
    resize(1);
    picture.scrollTo({ left: graph.width, top: (graph.height - picture.clientHeight) / 2 });
  }

  picture.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      const rect = picture.getBoundingClientRect();
      zoom(zoomed(scale, event.deltaY < 0 ? 1 : -1), [event.clientX - rect.left, event.clientY - rect.top]);
    },
    { passive: false },
  );
  new ResizeObserver(() => fitted && settle()).observe(picture);

  picture.addEventListener("keydown", (event) => {
    const size = { "+": zoomed(scale, 1), "=": zoomed(scale, 1), "-": zoomed(scale, -1), 0: 0 }[event.key];
    if (size !== undefined) {
      event.preventDefault();
      event.stopPropagation();
      return size === 0 ? fit() : zoom(size);
    }
    const to = { ArrowLeft: position + 1, ArrowRight: position - 1, Home: Infinity, End: 0 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    go(to);
  });

  /** @param {Graph} now */
  function build(now) {
    const structure = JSON.stringify([
      now.width,
      now.height,
      now.nodes.map(({ name, kind }) => name + kind),
      now.edges.map(({ parent, child }) => [parent, child]),
    ]);
    if (structure === key) return;
    key = structure;
    position = Math.min(position, now.walk.length);
    edges = now.edges.map(({ parent, child }) => {
      const [from, to] = [now.nodes[parent], now.nodes[child]];
      const path = svg("path", { d: edgePath(from, to), class: "graph-edge" });
      const text = svg("text", {
        x: (from.x + from.width / 2 + to.x - to.width / 2) / 2,
        y: (from.y + to.y) / 2 - 3,
        class: "graph-slope",
      });
      return { path, text };
    });
    nodes = now.nodes.map(({ x, y, width, height, kind }) => {
      const box = svg("rect", { x: x - width / 2, y: y - height / 2, width, height, rx: 5 });
      const lines =
        height > 30
          ? [
              svg("text", { x, y: y + 2 }),
              svg("text", { x, y: y + 19, class: "graph-adjoint" }),
              svg("text", { x, y: y - 14, class: "graph-words" }),
            ]
          : [svg("text", { x, y: y + 4 }), svg("text", { x, y: y + 4, class: "graph-adjoint" })];
      return svg("g", { class: `graph-node ${kind}` }, svg("title", {}), box, ...lines);
    });
    const drawing = svg(
      "svg",
      {
        width: now.width * scale,
        height: now.height * scale,
        viewBox: `0 0 ${now.width} ${now.height}`,
        role: "presentation",
      },
      ...edges.map(({ path }) => path),
      ...nodes,
      ...edges.map(({ text }) => text),
    );
    refill(picture, drawing);
    fitted = true;
    settle();
  }

  /** @param {boolean} moved */
  function draw(moved) {
    if (!graph) return;
    const { root, nodes: all, edges: links } = graph;
    setText(derivative, `∂${root}/∂node`);
    mean.hidden = root === "C";
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
      setText(title, nodeSaid(one, root, reached.has(k)));
      const shown =
        reached.has(k) && leaf
          ? `∂${root}/∂${one.name} ${formatNumber(one.adjoint, 2)}`
          : one.kind === "constant"
            ? one.name
            : `${one.name} = ${formatNumber(one.value, 3)}`;
      setText(value, shown);
      setText(
        adjoint,
        reached.has(k) && !leaf ? `∂${root}/∂${one.name} ${formatNumber(one.adjoint, 3)}` : "",
      );
    });
    edges.forEach(({ path, text }, k) => {
      path.classList.toggle("active", active.has(k));
      setText(
        text,
        active.has(k) && Number.isFinite(links[k].derivative) ? formatNumber(links[k].derivative, 2) : "",
      );
    });
    if (moved && node !== null) follow(all[node]);
  }

  /** @param {GraphNode} node */
  function follow({ x, y }) {
    picture.scrollTo({
      left: x * scale - picture.clientWidth / 2,
      top: y * scale - picture.clientHeight / 2,
      behavior: "smooth",
    });
  }

  return {
    el,
    /** @param {Graph} now */
    show(now) {
      graph = now;
      bar.hidden = about.hidden = picture.hidden = false;
      build(now);
      draw(false);
    },
    /** @param {string} words */
    refuse(words) {
      graph = null;
      key = "";
      bar.hidden = about.hidden = picture.hidden = true;
      setText(
        sentence,
        `This network’s graph is too large to walk. ${words} Make it smaller under Chain, or read its layers above.`,
      );
    },
  };
}
