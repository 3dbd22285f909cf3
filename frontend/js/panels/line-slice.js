/** One-dimensional slices: the cost along a direction through the place, and between two points of runs. */

import { formatNumber, formatRunning } from "../document/number-format.js";
import { h, refill, setText } from "../ui/dom.js";
import { createSelect } from "../ui/inputs.js";
import { createPlot } from "../ui/small-plot.js";
import { createStudyQuery } from "../ui/study-query.js";
import { helpTip } from "../ui/term.js";

/** @typedef {import("../document/types.js").AppState} AppState */
/** @typedef {import("../document/types.js").Frame} Frame */

const DIRECTIONS = [
  { value: "gradient", label: "steepest descent, here" },
  { value: "step", label: "the run’s next step, here" },
  { value: "highest", label: "highest curvature, here" },
  { value: "lowest", label: "lowest curvature, here" },
  { value: "first", label: "the plane’s first direction, here" },
  { value: "second", label: "the plane’s second direction, here" },
  { value: "parameter", label: "one parameter, here" },
  { value: "random", label: "a random direction, here" },
];
/**
 * @param {HTMLElement} element
 * @param {import("../document/types.js").Store} store
 * @param {import("../document/types.js").Actions} actions
 * @param {() => boolean} open
 */
export function createLines(element, store, actions, open) {
  let chosen = "gradient";
  /** What a direction needs beside its name. */
  const beside = { parameter: 0, seed: 0 };
  const select = createSelect(DIRECTIONS, (value) => {
    chosen = value;
    showBeside();
    query.refresh();
  });
  const parameter = createSelect([], (value) => ask({ parameter: value }));
  parameter.main.setAttribute("aria-label", "Parameter along whose axis the cost is shown");
  const another = h(
    "button",
    { type: "button", class: "quiet", on: { click: () => ask({ seed: beside.seed + 1 }) } },
    "Another direction",
  );
  select.main.setAttribute("aria-label", "Line along which the cost is shown");
  const plot = createPlot("plot-line", { label: "Cost along the line, train and test" });
  const said = h("p", { class: "caption" });
  const key = h("p", { class: "plot-key" });
  element.append(
    h("div", { class: "view-head" }, h("h2", {}, "Cost along a line"), helpTip(store, "slice")),
    select.main,
    parameter.main,
    another,
    plot.el,
    key,
    said,
  );
  select.set(chosen);
  showBeside();

  function showBeside() {
    parameter.main.hidden = chosen !== "parameter";
    another.hidden = chosen !== "random";
  }

  /** @param {Partial<typeof beside>} patch */
  function ask(patch) {
    Object.assign(beside, patch);
    query.refresh();
  }

  /** @param {Frame} frame */
  function show({ meta, arrays }) {
    plot.el.hidden = false;
    const segment = meta.kind === "segment";
    const x = segment ? arrays.t.data : arrays.distance.data;
    const test = arrays.test_cost;
    plot.show({
      curves: [
        { x, y: arrays.cost.data, color: "--accent", width: 2 },
        ...(test ? [{ x, y: test.data, color: "--series-0", dash: [5, 4] }] : []),
      ],
      title: segment ? "0: from, 1: to" : "distance from here",
      rules: segment ? [0, 1] : [0],
    });
    refill(
      key,
      h("span", { class: "key-train" }, "training cost"),
      test && h("span", { class: "key-test" }, "test cost"),
    );
    setText(
      said,
      segment ? segmentSaid(meta) : `The cost on the straight line through this place; 0 is here.`,
    );
  }

  const query = createStudyQuery(store, actions, open, {
    ask: () => questionOf(chosen, beside),
    show,
    refuse(words) {
      plot.el.hidden = true;
      refill(key);
      setText(said, words);
    },
  });
  store.watch(["runs", "problem"], ({ runs, problem }) => {
    const choices = [...directionsOf(problem), ...segmentsOf(runs)];
    if (!choices.some(({ value }) => value === chosen)) chosen = "gradient";
    select.setChoices(choices);
    select.set(chosen);
    parameter.setChoices((problem?.parameters ?? []).map((label, value) => ({ label, value })));
    if (beside.parameter >= (problem?.dim ?? Infinity)) beside.parameter = 0;
    parameter.set(beside.parameter);
    showBeside();
  });
  return query;
}

/** One parameter is chosen by its name, which those of very large networks have not. @param {AppState["problem"]} problem */
const directionsOf = (problem) =>
  problem?.parameters.length ? DIRECTIONS : DIRECTIONS.filter(({ value }) => value !== "parameter");

/** Start to end of each run, and end to end of each two. @param {import("../document/types.js").Run[]} runs */
function segmentsOf(runs) {
  const own = runs.map(({ label }, k) => ({ value: `start-${k}`, label: `${label}: start to end` }));
  const pairs = runs.flatMap((one, k) =>
    runs.slice(k + 1).map((other, j) => ({
      value: `ends-${k}-${k + 1 + j}`,
      label: `end of ${one.label} to end of ${other.label}`,
    })),
  );
  return [...own, ...pairs];
}

/**
 * @param {string} chosen
 * @param {{parameter: number, seed: number}} beside
 * @returns {import("../ui/study-query.js").StudyQuery}
 */
function questionOf(chosen, beside) {
  const [what, one, other] = chosen.split("-");
  if (what === "start") return segment({ run: Number(one), step: 0 }, { run: Number(one) });
  if (what === "ends") return segment({ run: Number(one) }, { run: Number(other) });
  const more = chosen === "parameter" || chosen === "random" ? beside : {};
  return { study: { kind: "line", direction: chosen, ...more }, settling: true };
}

/** @param {{run: number, step?: number}} start @param {{run: number}} end */
const segment = (start, end) => ({
  place: { run: start.run, step: 0 },
  study: { kind: "segment", start, end },
  once: true,
});

/** @param {Record<string, any>} meta */
function segmentSaid({ length, barrier, test_barrier: test }) {
  const apart = `The two points lie ${formatNumber(length)} apart.`;
  const between =
    barrier > 0
      ? `Between them the cost rises ${formatRunning(barrier)} above the higher end: a barrier.`
      : "Between them the cost nowhere rises above the higher end: no barrier on the straight line.";
  const tested = typeof test === "number" && test > 0 ? ` The test cost rises ${formatRunning(test)}.` : "";
  return `${apart} ${between}${tested}`;
}
