/** The Cost view: every run's true cost, linked to the cursor and to the stage. */
import { MARGIN, costLayout, costTraces } from "../curves.js";

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
  const head = document.createElement("div");
  head.className = "view-head";
  const title = document.createElement("h2");
  title.textContent = "Cost";
  const scale = document.createElement("button");
  scale.type = "button";
  scale.className = "quiet";
  scale.textContent = "log scale";
  scale.setAttribute("aria-pressed", "true");
  scale.title = "Switch between a logarithmic and a linear scale";
  head.append(title, scale);
  const frame = document.createElement("div");
  frame.className = "cost-plot";
  const plot = document.createElement("div");
  plot.className = "plot";
  plot.setAttribute("role", "img");
  plot.setAttribute("aria-label", "Cost of each run at every step; click to go to a step");
  const cursor = document.createElement("div");
  cursor.className = "cost-cursor";
  frame.append(plot, cursor);
  element.append(head, frame);
  return { plot, cursor, scale };
}

/** @param {HTMLElement} element */
function colorsOf(element) {
  const style = getComputedStyle(element);
  const read = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  return { text: read("--text-quiet"), line: read("--line"), panel: read("--panel") };
}
