/** The Plotly figure of the cost curves. Pure. */

import { logTicks } from "./ticks.js";

/** @import { Run } from "../document/types.js" */

const MOST_POINTS = 800;

/**
 * Indices that keep a long curve's peaks: the least and the greatest of each bucket.
 * @param {ArrayLike<number>} values
 * @param {number} count
 * @returns {number[]}
 */
export function thinned(values, count) {
  if (count <= MOST_POINTS) return Array.from({ length: count }, (_, k) => k);
  const kept = [0];
  const width = (2 * (count - 2)) / MOST_POINTS;
  for (let start = 1; start < count - 1; start += width) {
    const end = Math.min(count - 1, Math.floor(start + width));
    let low = Math.floor(start);
    let high = low;
    for (let k = low + 1; k < end; k += 1) {
      if (values[k] < values[low]) low = k;
      if (values[k] > values[high]) high = k;
    }
    kept.push(...(low < high ? [low, high] : low > high ? [high, low] : [low]));
  }
  kept.push(count - 1);
  return kept;
}

/** @typedef {"steps"|"examples"|"evaluations"} CompareBy */

/** Under the axis, by what it counts. */
const TITLES = /** @type {Record<CompareBy, string>} */ ({
  steps: "step",
  examples: "examples seen",
  evaluations: "gradients computed",
});

/**
 * How far along the axis an entry of a run lies.
 * @param {Run} run @param {CompareBy} by @param {number} entry
 */
export const spent = (run, by, entry) => (by === "steps" ? entry : run[by][entry]);

/**
 * The entry of a run that had spent so much: the last that is not beyond.
 * @param {Run} run @param {CompareBy} by @param {number} amount
 */
export function entryAfter(run, by, amount) {
  let [low, high] = [0, run.count - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (spent(run, by, middle) > amount) high = middle - 1;
    else low = middle;
  }
  return low;
}

/**
 * The axis' end: the steps of the experiment, or what the costliest run has spent so far.
 * @param {Run[]} runs @param {CompareBy} by @param {number} steps
 */
export function axisEnd(runs, by, steps) {
  const most = by === "steps" ? steps : Math.max(...runs.map((run) => spent(run, by, run.count - 1)));
  return Math.max(1, most);
}

/** @typedef {{recorded?: unknown}} Spec   A run as the document has it. */

/**
 * Every run's cost, and dashed its cost on the test set where there is one.
 * @param {Run[]} runs
 * @param {{lifted: number|null, by?: CompareBy, specs?: Spec[]}} options
 */
export function costTraces(runs, { lifted, by = "steps", specs = [] }) {
  const shown = { lifted, by, specs };
  return [
    ...runs.map((run, index) => costTrace(run, index, run.cost, shown)),
    ...runs.flatMap((run, index) =>
      run.tested
        ? [{ ...costTrace(run, index, run.testCost, shown, "dot"), name: `${run.label}, test set` }]
        : [],
    ),
  ];
}

/**
 * Whether a log axis can show the curves: some lie above zero, and a cost of zero falls out of its lower end, but one below zero would be lost.
 * @param {{y: number[]}[]} traces
 */
export const suitLog = (traces) =>
  traces.some(({ y }) => y.some((cost) => cost > 0)) && !traces.some(({ y }) => y.some((cost) => cost < 0));

/**
 * @param {Run} run @param {number} index @param {Float64Array} cost
 * @param {{lifted: number|null, by: CompareBy, specs: Spec[]}} options @param {string} [dash]
 */
function costTrace(run, index, cost, { lifted, by, specs }, dash = "solid") {
  const kept = thinned(cost, run.count);
  const width = dash === "solid" ? 1.75 : 1.25;
  const where =
    by === "steps" ? `${axisTitle(by, specs.slice(index, index + 1))} %{x}` : `%{x} ${TITLES[by]}`;
  return {
    type: "scatter",
    mode: "lines",
    name: run.label,
    meta: { run: index },
    x: kept.map((k) => spent(run, by, k)),
    y: kept.map((k) => cost[k]),
    line: { color: run.color, dash, width: lifted === index ? width + 1.25 : width },
    opacity: lifted === null || lifted === index ? 1 : 0.35,
    hovertemplate: `${where}: %{y:.4g}<extra>%{fullData.name}</extra>`,
  };
}

/** The plot's margins, which the cursor's line needs too. @param {number} [scale]  Of its letters. */
export const marginOf = (scale = 1) => ({ l: 60 * scale, r: 12, t: 8, b: 40 * scale });

/** Numbers up the side of a log axis, and the room above and below its curves in shares of their range. */
const MOST_TICKS = 5;
const ROOM = 0.05;

/**
 * The height axis as a log axis around the curves; Plotly's own numbers run into each other where it is low.
 * @param {{y: number[]}[]} traces
 */
function logAxis(traces) {
  const costs = traces
    .flatMap(({ y }) => y)
    .filter((cost) => cost > 0 && Number.isFinite(cost))
    .map(Math.log10);
  if (costs.length === 0) return { type: "log" };
  const [low, high] = costs.reduce(
    ([least, most], cost) => [Math.min(least, cost), Math.max(most, cost)],
    [Infinity, -Infinity],
  );
  const room = ROOM * (high - low) || ROOM;
  const ticks = logTicks(low - room, high + room, MOST_TICKS);
  return {
    type: "log",
    range: [low - room, high + room],
    tickmode: "array",
    tickvals: ticks.map(({ at }) => 10 ** at),
    ticktext: ticks.map(({ text }) => text),
  };
}

/**
 * What the axis counts: of a recorded run an entry is a checkpoint, whatever its step was.
 * @param {CompareBy} by @param {Spec[]} runs
 */
export function axisTitle(by, runs) {
  const recorded = runs.filter((run) => run.recorded).length;
  if (by !== "steps" || recorded === 0) return TITLES[by];
  return recorded === runs.length ? "checkpoint" : "step; of recorded runs, checkpoint";
}

/**
 * @param {{log: boolean, end: number, title?: string, traces: {y: number[]}[], colors: {text: string, line: string, panel: string, scale?: number}}} options
 */
export function costLayout({ log, end, title = TITLES.steps, traces, colors }) {
  const { scale = 1 } = colors;
  const axis = {
    gridcolor: colors.line,
    zeroline: false,
    linecolor: colors.line,
    tickcolor: colors.line,
    fixedrange: true,
  };
  return {
    margin: marginOf(scale),
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { color: colors.text, size: 11 * scale, family: "inherit" },
    showlegend: false,
    hovermode: "closest",
    hoverlabel: {
      bgcolor: colors.panel,
      bordercolor: colors.line,
      font: { color: colors.text, size: 12 * scale },
    },
    xaxis: { ...axis, range: [0, end], title: { text: title, standoff: 6 }, showgrid: false },
    yaxis: {
      ...axis,
      ...(log ? logAxis(traces) : { type: "linear", nticks: 6, autorange: true }),
      automargin: false,
    },
  };
}
