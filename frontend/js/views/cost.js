/** The Cost view: every run's true cost, linked to the cursor and to the stage. */
import { MARGIN, costLayout, costTraces } from "../curves.js";
import { h } from "../dom.js";

const CONFIG = { displayModeBar: false, responsive: false, showSendToCloud: false, plotlyServerURL: "", doubleClick: false };

/**
 * @param {HTMLElement} element
 * @param {import("../types.js").Store} store
 * @param {import("../types.js").Actions} actions
 */
export function createCost(element, store, actions) {
  const { Plotly } = /** @type {any} */ (window);
  const { plot, cursor, scale } = skeleton(element);
  let log = true;
  let wanted = 0;
  let drawn = false;

  scale.addEventListener("click", () => {
    log = !log;
    scale.textContent = log ? "log scale" : "linear scale";
    scale.setAttribute("aria-pressed", String(log));
    schedule();
  });
  plot.addEventListener("click", (event) => actions.seek(stepUnder(event)));
  new ResizeObserver(schedule).observe(element);
  store.watch(["arrived", "runs", "lifted", "theme", "steps"], schedule);
  store.watch(["step", "steps"], placeCursor);

  function schedule() {
    wanted ||= requestAnimationFrame(draw);
  }

  function draw() {
    wanted = 0;
    const { runs, steps, lifted } = store.get();
    if (element.clientWidth === 0 || element.hidden || runs.length === 0) return;
    const layout = { ...costLayout({ log, steps, colors: colorsOf(element) }), width: plot.clientWidth, height: plot.clientHeight };
    Plotly.react(plot, costTraces(runs, { log, lifted }), layout, CONFIG);
    if (!drawn) listen();
    placeCursor();
  }

  function listen() {
    drawn = true;
    const graph = /** @type {any} */ (plot);
    graph.on("plotly_hover", (/** @type {any} */ event) => store.set({ lifted: event.points[0].curveNumber }));
    graph.on("plotly_unhover", () => store.set({ lifted: null }));
  }

  function placeCursor() {
    const { step, steps } = store.get();
    const width = plot.clientWidth - MARGIN.l - MARGIN.r;
    cursor.style.transform = `translateX(${MARGIN.l + (Math.min(step, steps) / Math.max(1, steps)) * width}px)`;
  }

  /** @param {MouseEvent} event */
  function stepUnder(event) {
    const box = plot.getBoundingClientRect();
    const share = (event.clientX - box.left - MARGIN.l) / (box.width - MARGIN.l - MARGIN.r);
    return Math.round(share * store.get().steps);
  }

  return { redraw: schedule };
}

/** @param {HTMLElement} element */
function skeleton(element) {
  const scale = h("button", { type: "button", class: "quiet", "aria-pressed": "true", title: "Switch between a logarithmic and a linear scale" }, "log scale");
  const plot = h("div", { class: "plot", role: "img", "aria-label": "Cost of each run at every step; click to go to a step" });
  const cursor = h("div", { class: "cost-cursor" });
  element.append(h("div", { class: "view-head" }, h("h2", {}, "Cost"), scale), h("div", { class: "cost-plot" }, plot, cursor));
  return { plot, cursor, scale };
}

/** @param {HTMLElement} element */
function colorsOf(element) {
  const style = getComputedStyle(element);
  const read = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  return { text: read("--text-quiet"), line: read("--line"), panel: read("--panel") };
}
