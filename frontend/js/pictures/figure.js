/**
 * A figure of its own size and look, as one SVG: the stage set up once more out of sight, at the size that the figure
 * has, with what it should not travel without above and below. Flat plots and all that lies over a surface are vectors.
 */

import { besideLive, surfacesOf, throughLive } from "../model/derived-store.js";
import { captionsOf, lineOf } from "../plot/captions.js";
import { axisEnd, axisTitle, costLayout, costTraces, suitLog } from "../plot/cost-curves.js";
import { CONFIG } from "../plot/figure.js";
import { pictureOf } from "../plot/picture.js";
import { inkOf } from "../ui/canvas.js";
import { graphVectors, nested, vectorLayers } from "./layers.js";
import { measuresOf, paperInk } from "./looks.js";
import { drawColours, drawRuns, drawTitle, drawWords, momentOf, titleOf } from "./sheet.js";
import { attributes, createSvgPen, escaped } from "./svg-pen.js";
import { onScreensAxis, setUpStage } from "./unseen-stage.js";

/** @import { AppState } from "../document/types.js" */
/** @import { Picture } from "../plot/picture.js" */
/** @import { Measures, Wanted } from "./looks.js" */
/** @import { Page } from "./sheet.js" */
/** @import { Measure } from "./svg-pen.js" */

/** @typedef {{svg: string, width: number, height: number, measures: Measures}} Figure   Its size in its own pixels. */
/** @typedef {{svg: string, height: number, names: string[]}} Body   And the names that its axes had no room for. */

const GAP = 8;
/** Heights of plots, in shares of their width. */
const COSTS_TALL = 0.56;

/**
 * @param {AppState} state
 * @param {Wanted} wanted
 * @param {HTMLElement} page   Whose look it may have, and where it is set up out of sight.
 * @returns {Promise<Figure>}
 */
export async function figureOf(state, wanted, page) {
  // Costs are the runs’ own, whatever surface is on show.
  const seen = wanted.subject === "costs" ? state : throughLive(state);
  const measures = measuresOf(wanted);
  const ink = wanted.look === "paper" ? paperInk(wanted.letters) : { ...inkOf(page), scale: 1 };
  const sheet = { width: measures.width, ink, padding: measures.padding, size: measures.size };
  const measure = measuring();
  const picture =
    wanted.subject === "costs"
      ? null
      : onScreensAxis(pictureOf(seen, null, besideLive(state)), state.heights);
  const body =
    picture === null
      ? await costs(seen, sheet, wanted.look === "paper")
      : await surfaces(state, picture, wanted, { sheet, page, measure, scale: measures.scale });
  return { ...composed(seen, wanted, sheet, body, measure, picture), width: measures.width, measures };
}

/**
 * @param {AppState} state
 * @param {Wanted} wanted
 * @param {Page} sheet
 * @param {Body} body
 * @param {Measure} measure
 * @param {Picture|null} picture
 */
function composed(state, wanted, sheet, body, measure, picture) {
  const pen = createSvgPen(measure);
  const { context } = pen;
  const { width, ink } = sheet;
  const paper = wanted.look === "paper";
  let y = paper ? GAP / 2 : drawTitle(context, state, sheet, 0);
  y = drawRuns(context, state, sheet, y) + GAP;
  const names = { ...sheet, ink: { ...ink, text: ink.quiet } };
  if (body.names.length > 0) y = drawWords(context, body.names, names, y) + GAP / 2;
  const at = y;
  y += body.height + GAP;
  if (wanted.subject !== "costs") y = drawColours(context, state, sheet, y);
  if (wanted.caption)
    y = drawWords(
      context,
      paper ? [paragraphOf(state, wanted, picture)] : captionsOf(state).map(lineOf),
      sheet,
      y,
    );
  const height = Math.ceil(y + (paper ? GAP / 2 : GAP * 2));
  const { unit, of } = measuresOf(wanted);
  const size = { width: `${trimmed(width * of)}${unit}`, height: `${trimmed(height * of)}${unit}` };
  const root = attributes({ ...size, viewBox: `0 0 ${trimmed(width)} ${height}`, "font-family": ink.font });
  return {
    height,
    svg: [
      `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"${root}>`,
      `<title>${escaped(`${titleOf(state)}, ${momentOf(state)}`)}</title>`,
      `<rect${attributes({ width, height, fill: ink.background })}/>`,
      `<g transform="translate(0 ${trimmed(at)})">`,
      body.svg,
      "</g>",
      pen.svg(),
      "</svg>",
      "",
    ].join("\n"),
  };
}

/** @param {number} value */
const trimmed = (value) => Number(value.toFixed(3));

/** On paper all that is said is one paragraph, and names the axes. @param {AppState} state @param {Wanted} wanted @param {Picture|null} picture */
function paragraphOf(state, { subject }, picture) {
  const { runs } = state;
  const [across, up] = picture?.titles ?? ["", ""];
  const axes =
    subject === "costs"
      ? `Up: the cost on the training set${runs.some(({ tested }) => tested) ? "; dotted, on the test set" : ""}`
      : `Axes: ${across} and ${up}${subject === "contour" ? "" : "; up, the cost"}`;
  const said = [`${titleOf(state)}: ${momentOf(state)}`, axes, ...captionsOf(state).map(lineOf)];
  return said
    .map((sentence) => sentence.replace(/\.$/, ""))
    .join(". ")
    .concat(".");
}

/** Of a text in a font. @returns {Measure} */
function measuring() {
  const context = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
  return (font, text) => {
    context.font = font;
    return context.measureText(text);
  };
}

/**
 * @param {AppState} state
 * @param {Picture} picture
 * @param {Wanted} wanted
 * @param {{sheet: Page, page: HTMLElement, measure: Measure, scale: number}} options
 * @returns {Promise<Body>}
 */
async function surfaces(state, picture, { subject }, { sheet, page, measure, scale }) {
  const stage = await setUpStage(state, picture, subject, sheet, page);
  try {
    const layers = await vectorLayers(stage.panes, stage.repaint, { scale, font: sheet.ink.font, measure });
    return {
      svg: layers.map(({ svg }) => svg).join("\n"),
      height: stage.panes.clientHeight,
      names: [...whose(state, subject), ...stage.names],
    };
  } finally {
    stage.remove();
  }
}

/** Whose surface each of two is, where they are not one. @param {AppState} state @param {string} subject */
function whose(state, subject) {
  const two = subject === "both" ? surfacesOf(state) : null;
  return two ? [`In 3D ${two.space}; from above ${two.map}.`] : [];
}

/** @param {AppState} state @param {Page} sheet @param {boolean} paper @returns {Promise<Body>} */
async function costs({ runs, steps, doc }, { width, ink }, paper) {
  const by =
    doc?.problem.kind === "formula" && doc.view.compare_by === "examples"
      ? "steps"
      : (doc?.view.compare_by ?? "steps");
  const traces = costTraces(runs, { lifted: null, by });
  const height = Math.round(COSTS_TALL * width);
  const colors = { text: ink.quiet, line: paper ? "#cccccc" : ink.line, panel: ink.panel };
  const layout = costLayout({
    log: suitLog(traces),
    end: axisEnd(runs, by, steps),
    title: axisTitle(by, doc?.runs ?? []),
    traces,
    colors,
  });
  const figure = {
    data: traces.map((trace) => ({ ...trace, name: escaped(trace.name) })),
    layout: {
      ...layout,
      width,
      height,
      font: { ...layout.font, family: ink.font, size: 12 },
      margin: { ...layout.margin, t: 12, b: 44 },
      yaxis: { ...layout.yaxis, title: { text: "cost", standoff: 4 } },
    },
    config: CONFIG,
  };
  return { svg: nested(await graphVectors(figure, width, height), 0, 0), height, names: [] };
}
