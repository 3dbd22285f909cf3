/** The Plotly figure of the cost curves. Pure. */

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

/**
 * @param {import("./types.js").Run[]} runs
 * @param {{log: boolean, lifted: number|null}} options
 */
export function costTraces(runs, { log, lifted }) {
  return runs.map((run, index) => {
    const kept = thinned(run.cost, run.count);
    return {
      type: "scatter",
      mode: "lines",
      name: run.label,
      x: kept,
      // A cost of exactly zero has no place on a log axis: a gap, not a lie.
      y: kept.map((k) => (log && run.cost[k] <= 0 ? null : run.cost[k])),
      line: { color: run.color, width: lifted === index ? 3 : 1.75 },
      opacity: lifted === null || lifted === index ? 1 : 0.35,
      hovertemplate: "step %{x}: %{y:.4g}<extra>%{fullData.name}</extra>",
    };
  });
}

/** The plot's margins, which the cursor's line needs too. */
export const MARGIN = Object.freeze({ l: 52, r: 12, t: 8, b: 40 });

/**
 * @param {{log: boolean, steps: number, colors: {text: string, line: string, panel: string}}} options
 */
export function costLayout({ log, steps, colors }) {
  const axis = { gridcolor: colors.line, zeroline: false, linecolor: colors.line, tickcolor: colors.line, fixedrange: true };
  return {
    margin: { ...MARGIN },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { color: colors.text, size: 11, family: "inherit" },
    showlegend: false,
    hovermode: "closest",
    hoverlabel: { bgcolor: colors.panel, bordercolor: colors.line, font: { color: colors.text, size: 12 } },
    xaxis: { ...axis, range: [0, Math.max(1, steps)], title: { text: "step", standoff: 6 }, showgrid: false },
    yaxis: { ...axis, type: log ? "log" : "linear", exponentformat: "power", nticks: 6, automargin: false },
  };
}
