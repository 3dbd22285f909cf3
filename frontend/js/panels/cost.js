/** The Cost view: every run's true cost, linked to the cursor and to the stage. */

import { hasExamples } from "../document/view.js";
import { entryAt } from "../model/runs.js";
import {
  axisEnd,
  axisTitle,
  costLayout,
  costTraces,
  entryAfter,
  marginOf,
  spent,
  suitLog,
} from "../plot/cost-curves.js";
import { h, refill, setText } from "../ui/dom.js";
import { createSelect } from "../ui/inputs.js";
import { drawPlot } from "../ui/plotly.js";
import { helpTip } from "../ui/term.js";

/** @typedef {import("../plot/cost-curves.js").CompareBy} CompareBy */

const COMPARED = [
  { value: "steps", label: "by steps" },
  { value: "examples", label: "by examples seen" },
  { value: "evaluations", label: "by gradients computed" },
];

const CONFIG = {
  displayModeBar: false,
  responsive: false,
  showSendToCloud: false,
  plotlyServerURL: "",
  doubleClick: false,
};

/** Steps arrive with every frame, and a plot takes longer than one: it takes them up at this pace, in milliseconds. */
const PACE = 250;

/** @type {import("./panel.js").Panel} */
export const COST = {
  name: "cost",
  label: "Cost",
  place: 10,
  stays: true,
  create: createCost,
};

/**
 * @param {HTMLElement} element
 * @param {import("../document/types.js").Store} store
 * @param {import("../document/types.js").Actions} actions
 */
function createCost(element, store, actions) {
  const select = createSelect([], (by) => actions.change(["view", "compare_by"], by));
  select.main.setAttribute("aria-label", "What costs are compared by");
  const { plot, cursors, scale, tested } = skeleton(element, select.main, helpTip(store, "cost"));
  let log = true;
  let wanted = 0;
  let later = 0;
  let drawn = false;
  /** Of the plot as it is drawn: to ask for them at every step would lay the page out in the middle of a frame. */
  let width = 0;
  let margin = marginOf();

  scale.addEventListener("click", () => {
    log = !log;
    schedule();
  });
  plot.addEventListener("click", (event) => actions.seek(stepUnder(event)));
  new ResizeObserver(schedule).observe(element);
  store.watch(["runs", "lifted", "theme", "presenting", "steps"], schedule);
  store.watch(["arrived"], () => {
    later ||= window.setTimeout(schedule, PACE);
  });
  store.watch(["doc"], ({ doc }) => {
    select.setChoices(COMPARED.filter(({ value }) => value !== "examples" || hasExamples(doc)));
    select.set(by());
    schedule();
  });
  store.watch(["step", "steps"], placeCursors);

  /** Where there are no examples they are not compared by. @returns {CompareBy} */
  function by() {
    const { doc } = store.get();
    const chosen = doc?.view.compare_by ?? "steps";
    return chosen === "examples" && !hasExamples(doc) ? "steps" : chosen;
  }

  function end() {
    const { runs, steps } = store.get();
    return axisEnd(runs, by(), steps);
  }

  /** After the frame, not in it: that of a new picture is full already. */
  function schedule() {
    wanted ||= requestAnimationFrame(() => setTimeout(draw));
  }

  function draw() {
    clearTimeout(later);
    wanted = later = 0;
    const { runs, lifted, doc } = store.get();
    const specs = doc?.runs ?? [];
    if (element.clientWidth === 0 || element.hidden || runs.length === 0) return;
    const traces = costTraces(runs, { lifted, by: by(), specs });
    const onLog = nameScale(traces);
    width = plot.clientWidth;
    const colors = colorsOf(element);
    margin = marginOf(colors.scale);
    const layout = {
      ...costLayout({
        log: onLog,
        end: end(),
        title: axisTitle(by(), specs),
        traces,
        colors,
      }),
      width,
      height: plot.clientHeight,
    };
    tested.hidden = !runs.some((run) => run.tested);
    drawPlot(plot, traces, layout, CONFIG);
    if (!drawn) listen();
    placeCursors();
  }

  /** Says which scale the costs stand on, and gives it. @param {ReturnType<typeof costTraces>} traces */
  function nameScale(traces) {
    const possible = suitLog(traces);
    const onLog = log && possible;
    scale.disabled = !possible;
    setText(scale, onLog ? "log scale" : "linear scale");
    scale.title = possible
      ? "Switch between a logarithmic and a linear scale"
      : "A logarithmic scale needs costs above zero, and none below";
    scale.setAttribute("aria-pressed", String(onLog));
    return onLog;
  }

  function listen() {
    drawn = true;
    const graph = /** @type {any} */ (plot);
    graph.on("plotly_hover", (/** @type {any} */ event) =>
      store.set({ lifted: event.points[0].data.meta.run }),
    );
    graph.on("plotly_unhover", () => store.set({ lifted: null }));
  }

  /** Steps pass alike in all runs; examples and gradients do not: then every run has a cursor of its own. */
  function placeCursors() {
    const { step, steps, runs } = store.get();
    const begun = runs.filter(({ count }) => count > 0);
    const own = by() !== "steps";
    const at = own ? begun.map((run) => spent(run, by(), entryAt(run, step))) : [Math.min(step, steps)];
    if (cursors.childElementCount !== at.length)
      refill(cursors, ...at.map(() => h("div", { class: "cost-cursor" })));
    [...cursors.children].forEach((cursor, k) => {
      const { style } = /** @type {HTMLElement} */ (cursor);
      style.transform = `translateX(${margin.l + (at[k] / end()) * (width - margin.l - margin.r)}px)`;
      style.borderLeftColor = own ? begun[k].color : "";
    });
  }

  /** @param {MouseEvent} event */
  function stepUnder(event) {
    const { runs, focus } = store.get();
    const box = plot.getBoundingClientRect();
    const amount = ((event.clientX - box.left - margin.l) / (box.width - margin.l - margin.r)) * end();
    return by() === "steps" ? Math.round(amount) : entryAfter(runs[focus], by(), amount);
  }

  return { redraw: schedule };
}

/** @param {HTMLElement} element @param {HTMLElement} select @param {HTMLElement} tip */
function skeleton(element, select, tip) {
  const scale = h("button", { type: "button", class: "quiet", "aria-pressed": "true" }, "log scale");
  const plot = h("div", {
    class: "plot",
    role: "img",
    "aria-label": "Cost of each run at every step; click to go to a step",
  });
  const cursors = h("div", {});
  const tested = h("p", { class: "cost-tested", hidden: true }, "dotted: on the test set");
  element.append(
    h(
      "div",
      { class: "view-head" },
      h("h2", {}, "Cost"),
      tip,
      h("span", { class: "cost-ways" }, select, scale),
    ),
    h("div", { class: "cost-plot" }, plot, cursors, tested),
  );
  return { plot, cursors, scale, tested };
}

/** @param {HTMLElement} element */
function colorsOf(element) {
  const style = getComputedStyle(element);
  const read = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  return {
    text: read("--text-quiet"),
    line: read("--line"),
    panel: read("--panel"),
    scale: Number(read("--letters")) || 1,
  };
}
