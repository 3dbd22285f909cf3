/** Plotly's traces and layouts for the stage, built from the state. Pure: no page, no Plotly. */

/** @import { Extent, Heights, Pair, Run, Surface } from "../document/types.js" */
/** @import { Box, Camera } from "./camera.js" */
/** @import { Track } from "./track.js" */

/** Viridis (van der Walt and Smith 2015), sampled evenly. */
export const VIRIDIS = Object.freeze([
  "#440154",
  "#482878",
  "#3e4989",
  "#31688e",
  "#26828e",
  "#1f9e89",
  "#35b779",
  "#6ece58",
  "#b5de2b",
  "#fde725",
]);

const CLEAR = "rgba(0,0,0,0)";

/** A path of more entries than this is drawn through fewer: the scene takes a microsecond for each. */
const WHOLE = 1000;

export const CONFIG = Object.freeze({
  displayModeBar: false,
  displaylogo: false,
  responsive: false,
  showSendToCloud: false,
  plotlyServerURL: "",
  doubleClick: false,
  showTips: false,
});

/** Each colour with its share of the axis. @param {Heights} heights @returns {[number, string][]} */
export function colorscaleOf({ stops }) {
  return VIRIDIS.map((color, k) => [stops ? stops[k] : k / (VIRIDIS.length - 1), color]);
}

/**
 * Contour lines as Plotly takes them: from end to end of the axis, since it spreads the colours over them.
 * @param {Heights} heights
 * @param {Pair} lines
 * @returns {{start: number, end: number, size: number}}
 */
export const contourLevels = ({ high }, [start, size]) => ({ start, end: high, size });

/**
 * Costs as they are drawn: cut to the axis' ends, so that the surface is flat there and not torn open.
 * @param {Surface} surface
 * @param {ArrayLike<number>} ends   The lowest and the highest cost.
 * @param {(cost: number) => number} [of]
 * @returns {Float64Array[]}  One row for each b.
 */
export function drawnRows(surface, { 0: lowCost, 1: highCost }, of = (cost) => cost) {
  const { a, b, cost } = surface;
  return Array.from(b, (_, row) =>
    Float64Array.from(a, (_, column) => {
      const value = cost[row * a.length + column];
      // A blown-up cost is a high surface too; only what is no number at all is a hole.
      return Number.isNaN(value) ? NaN : of(Math.min(highCost, Math.max(lowCost, value)));
    }),
  );
}

/** The surface in the colours of its heights. @param {Surface} surface @param {Heights} heights */
export function surfaceData(surface, heights) {
  const ends = heights.drawn;
  return {
    x: surface.a,
    y: surface.b,
    z: drawnRows(surface, ends),
    // Plotly colours by cost, not by place on a log axis, unless it is told.
    surfacecolor: drawnRows(surface, ends, heights.of),
    cmin: heights.low,
    cmax: heights.high,
    colorscale: colorscaleOf(heights),
  };
}

/**
 * @param {Surface} surface
 * @param {Heights} heights
 * @param {Omit<ReturnType<typeof surfaceData>, "x"|"y">} [data]   Where its colours stand for something else.
 */
export function surfaceTrace(surface, heights, data = surfaceData(surface, heights)) {
  return {
    type: "surface",
    uid: "surface",
    ...data,
    showscale: false,
    hoverinfo: "skip",
    contours: {
      x: { highlight: false },
      y: { highlight: false },
      z: {
        show: true,
        usecolormap: false,
        color: "rgba(255,255,255,0.42)",
        width: 1,
        highlight: false,
        ...contourLevels(heights, heights.scene_lines),
      },
    },
    lighting: { ambient: 0.62, diffuse: 0.55, specular: 0.06, roughness: 0.75, fresnel: 0.1 },
    lightposition: { x: -1200, y: 900, z: 2600 },
  };
}

/** The colour of what Newton's method believes, as in the Step view. */
export const MODEL_COLOR = "#d55e00";

/**
 * A second, translucent surface.
 * @param {{x: ArrayLike<number>, y: ArrayLike<number>, z: Float64Array[]}} data
 */
export function modelTrace(data) {
  return {
    type: "surface",
    uid: "model",
    ...data,
    surfacecolor: data.z.map((row) => row.map(() => 0)),
    cmin: -1,
    cmax: 1,
    colorscale: [
      [0, MODEL_COLOR],
      [1, MODEL_COLOR],
    ],
    showscale: false,
    opacity: 0.42,
    hoverinfo: "skip",
    contours: { x: { highlight: false }, y: { highlight: false }, z: { highlight: false } },
    lighting: { ambient: 0.75, diffuse: 0.4, specular: 0.04, roughness: 0.8, fresnel: 0.1 },
    lightposition: { x: -1200, y: 900, z: 2600 },
  };
}

/** Every run's arrived path at its true height. @param {Run[]} runs @param {Track[]} tracks */
export function pathTraces(runs, tracks) {
  return runs.map((run, index) => ({
    type: "scatter3d",
    uid: `run-${index}`,
    mode: "lines",
    name: plain(run.label),
    ...pathData(run, tracks[index]),
    line: { color: run.color, width: 1.5 },
    hoverinfo: "skip",
    showlegend: false,
  }));
}

/**
 * The path as arrived, at its true cost; a long one through the entries that can be told apart.
 * @param {Run} run
 * @param {Track} track
 */
export function pathData({ a, b, cost, count }, { entries }) {
  const drawn = (/** @type {Float64Array} */ column) =>
    count <= WHOLE ? column.slice(0, count) : Float64Array.from(entries, (entry) => column[entry]);
  return { x: drawn(a), y: drawn(b), z: drawn(cost) };
}

/**
 * @param {Box} box
 * @param {Heights} heights
 * @param {Camera} camera
 * @param {{width: number, height: number}} size
 */
export function sceneLayout({ low, high, size: [x, y, z] }, heights, { eye, center }, { width, height }) {
  // Numbers and titles are drawn over the scene; plotly would shape their glyphs even for axes that are hidden.
  const hidden = {
    visible: false,
    showspikes: false,
    autorange: false,
    tickmode: "array",
    tickvals: [],
    title: { text: "" },
  };
  const point = (/** @type {number[]} */ [px, py, pz]) => ({ x: px, y: py, z: pz });
  return {
    width,
    height,
    margin: { l: 0, r: 0, t: 0, b: 0 },
    paper_bgcolor: CLEAR,
    showlegend: false,
    hovermode: false,
    scene: {
      bgcolor: CLEAR,
      dragmode: "turntable",
      hovermode: false,
      aspectmode: "manual",
      aspectratio: { x, y, z },
      xaxis: { ...hidden, range: [low[0], high[0]] },
      yaxis: { ...hidden, range: [low[1], high[1]] },
      zaxis: { ...hidden, type: heights.log ? "log" : "linear", range: [low[2], high[2]] },
      camera: { eye: point(eye), center: point(center), up: { x: 0, y: 0, z: 1 } },
    },
  };
}

/** @param {Surface} surface @param {Heights} heights */
export function contourTrace(surface, heights) {
  const z = drawnRows(surface, [heights.lowCost, heights.highCost], heights.of);
  return {
    type: "contour",
    uid: "surface",
    x: surface.a,
    y: surface.b,
    // A contour plot has no log axis for its heights: it gets places on the axis.
    z,
    zmin: heights.low,
    zmax: heights.high,
    zauto: false,
    autocontour: false,
    colorscale: colorscaleOf(heights),
    showscale: false,
    hoverinfo: "skip",
    contours: { coloring: "fill", showlines: true, ...contourLevels(heights, heights.map_lines) },
    line: { color: "rgba(255,255,255,0.28)", width: 0.75, smoothing: 0.6 },
  };
}

/** Pixels around the contour's plot for its numbers and titles; less where the plot is small. */
const MARGIN = Object.freeze({ l: 58, r: 14, t: 10, b: 46 });
const SMALL_MARGIN = Object.freeze({ l: 44, r: 8, t: 6, b: 38 });
const SMALL = 320;

/** @typedef {{width: number, height: number, margin: {l: number, r: number, t: number, b: number}}} PlotSize */

/**
 * The largest plot of the extent's own proportions that fits, margins included.
 * @param {Extent} extent
 * @param {number} width
 * @param {number} height
 * @param {number} [scale]   Of its letters.
 * @returns {PlotSize}
 */
export function contourSize([[a0, a1], [b0, b1]], width, height, scale = 1) {
  const own = Math.min(width, height) < SMALL ? SMALL_MARGIN : MARGIN;
  const margin = { ...own, l: own.l * scale, b: own.b * scale };
  const across = margin.l + margin.r;
  const down = margin.t + margin.b;
  const unit = Math.max(0, Math.min((width - across) / (a1 - a0), (height - down) / (b1 - b0)));
  return {
    width: Math.round((a1 - a0) * unit + across),
    height: Math.round((b1 - b0) * unit + down),
    margin,
  };
}

/** Pixels that a character of a title takes up, about. */
const PER_CHARACTER = 7.2;

/**
 * A title as far as there is room for it: without what stands in brackets, or cut short.
 * @param {string} title
 * @param {number} room
 */
function fitted(title, room) {
  const most = Math.max(3, Math.floor(room / PER_CHARACTER));
  if (title.length <= most) return title;
  const short = title.replace(/ \([^)]*\)$/, "");
  return short.length <= most ? short : `${short.slice(0, most - 1)}…`;
}

/** Plotly reads titles as markup. @param {string} text */
const plain = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** Room for one number on an axis, in pixels. */
const PER_TICK = 58;

/**
 * @param {Extent} extent
 * @param {[string, string]} titles
 * @param {PlotSize} size
 * @param {{text: string, line: string, scale?: number}} colors
 */
export function contourLayout([a, b], titles, { width, height, margin }, colors) {
  const { scale = 1 } = colors;
  const axis = {
    showgrid: false,
    zeroline: false,
    ticks: "outside",
    ticklen: 4,
    tickcolor: colors.line,
    linecolor: colors.line,
    showline: true,
    mirror: true,
    fixedrange: true,
    tickangle: 0,
  };
  const ticks = (/** @type {number} */ room) =>
    Math.max(2, Math.min(8, Math.floor(room / (PER_TICK * scale))));
  return {
    width,
    height,
    margin: { ...margin },
    paper_bgcolor: CLEAR,
    plot_bgcolor: CLEAR,
    font: { color: colors.text, size: 12 * scale, family: "inherit" },
    showlegend: false,
    hovermode: false,
    dragmode: false,
    xaxis: {
      ...axis,
      nticks: ticks(width),
      range: a,
      title: { text: plain(fitted(titles[0], (width - margin.l + margin.r) / scale)), standoff: 8 },
    },
    yaxis: {
      ...axis,
      nticks: ticks(height),
      range: b,
      title: { text: plain(fitted(titles[1], (height - margin.b + margin.t) / scale)), standoff: 4 },
    },
  };
}
