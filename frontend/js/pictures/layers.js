/** The plots and canvases of which a stage consists, in the order in which they lie: as pixels, or as vectors. */

import { CONFIG } from "../plot/figure.js";
import { drawnAtRatio } from "../plot/scene.js";
import { atRatio, drawnElsewhere } from "../ui/canvas.js";
import { plotImage } from "../ui/plotly.js";
import { attributes, createSvgPen } from "./svg-pen.js";

/** @import { Measure } from "./svg-pen.js" */

/** @typedef {{left: number, top: number, width: number, height: number}} Place   In the panes, in pixels of the page. */
/** @typedef {Place & {image: CanvasImageSource}} CopiedLayer */
/** @typedef {Place & {svg: string}} VectorLayer */

/**
 * @param {HTMLElement} panes
 * @param {() => void} repaint
 * @param {number} scale
 * @param {string} font   Of the plots’ numbers.
 * @returns {Promise<CopiedLayer[]>}
 */
export async function copiedLayers(panes, repaint, scale, font) {
  const seen = layersIn(panes);
  const painted = copies(seen, repaint, scale);
  return Promise.all(
    seen.map(async (layer, k) => ({
      image: painted[k] ?? (await graphImage(layer, scale, font)),
      ...placeIn(panes, layer),
    })),
  );
}

/**
 * Only the canvases drawn anew, the plots as they were copied before: for the next of many pictures.
 * @param {HTMLElement} panes
 * @param {() => void} repaint
 * @param {number} scale
 * @param {CopiedLayer[]} before   Of the same layers.
 * @returns {CopiedLayer[]}
 */
export function recopiedLayers(panes, repaint, scale, before) {
  const painted = copies(layersIn(panes), repaint, scale);
  return before.map((layer, k) => ({ ...layer, image: painted[k] ?? layer.image }));
}

/**
 * @param {HTMLElement} panes
 * @param {() => void} repaint
 * @param {{scale: number, font: string, measure: Measure}} options   Pixels of a 3D scene for one of the page.
 * @returns {Promise<VectorLayer[]>}
 */
export async function vectorLayers(panes, repaint, { scale, font, measure }) {
  const pens = new Map();
  drawnElsewhere((canvas) => {
    const pen = createSvgPen(measure);
    pens.set(canvas, pen);
    return pen.context;
  }, repaint);
  const layers = layersIn(panes).map(async (layer) => {
    const place = placeIn(panes, layer);
    const { left: x, top: y, width, height } = place;
    if (layer instanceof HTMLCanvasElement) {
      const drawn = pens.get(layer)?.svg() ?? "";
      return { ...place, svg: `<g transform="translate(${x} ${y})">\n${drawn}\n</g>` };
    }
    if (!isFlat(layer)) {
      const href = (await sceneImage(layer, scale, font)).toDataURL("image/png");
      return { ...place, svg: `<image${attributes({ x, y, width, height, href })}/>` };
    }
    return { ...place, svg: nested(await graphVectors(figureOf(layer, font), width, height), x, y) };
  });
  return Promise.all(layers);
}

/**
 * A flat plot as an SVG element.
 * @param {{data: any, layout: any, config: any}} figure
 * @param {number} width
 * @param {number} height
 */
export const graphVectors = (figure, width, height) =>
  plotImage(figure, { format: "svg", width, height, imageDataOnly: true });

/** An SVG element at a place in another. @param {string} svg @param {number} x @param {number} y */
export const nested = (svg, x, y) => svg.replace("<svg", `<svg${attributes({ x, y })}`);

/** @param {HTMLElement} panes @returns {HTMLElement[]} */
function layersIn(panes) {
  const all = /** @type {HTMLElement[]} */ ([...panes.querySelectorAll(".js-plotly-plot, canvas")]);
  return all.filter(
    (layer) =>
      layer.parentElement?.closest(".js-plotly-plot") === null &&
      layer.clientWidth * layer.clientHeight > 0 &&
      layer.checkVisibility({ visibilityProperty: true, opacityProperty: true }),
  );
}

/** @param {HTMLElement} panes @param {HTMLElement} layer @returns {Place} */
function placeIn(panes, layer) {
  const origin = panes.getBoundingClientRect();
  const { left, top, width, height } = layer.getBoundingClientRect();
  return { left: left - origin.left, top: top - origin.top, width, height };
}

/**
 * What is painted is painted anew, larger, and copied before the page paints it again; null where it is a plot.
 * @param {HTMLElement[]} layers
 * @param {() => void} repaint
 * @param {number} scale
 */
function copies(layers, repaint, scale) {
  const painted = atRatio(scale, () => {
    repaint();
    return layers.map((layer) => (layer instanceof HTMLCanvasElement ? copyOf(layer) : null));
  });
  repaint();
  return painted;
}

/** @param {HTMLCanvasElement} canvas */
function copyOf(canvas) {
  const copy = document.createElement("canvas");
  copy.width = canvas.width;
  copy.height = canvas.height;
  copy.getContext("2d")?.drawImage(canvas, 0, 0);
  return copy;
}

/** @param {any} graph */
const isFlat = (graph) => !graph.layout.scene;

/** As the graph shows it; a picture has no page to inherit its letters from. @param {any} graph @param {string} family */
const figureOf = ({ data, layout }, family) => ({
  data,
  layout: { ...layout, font: { ...layout.font, family } },
  config: CONFIG,
});

/**
 * @param {HTMLElement} graph
 * @param {number} scale
 * @param {string} font
 * @returns {Promise<CanvasImageSource>}
 */
const graphImage = (graph, scale, font) =>
  isFlat(graph) ? plotted(figureOf(graph, font), graph, scale) : sceneImage(graph, scale, font);

/**
 * A 3D scene as the page draws it; where that cannot be had, as the library does.
 * @param {HTMLElement} graph
 * @param {number} scale
 * @param {string} font
 * @returns {Promise<HTMLCanvasElement>}
 */
async function sceneImage(graph, scale, font) {
  let copy = /** @type {HTMLCanvasElement|null} */ (null);
  const drawn = drawnAtRatio(graph, scale, (canvas) => {
    copy = copyOf(canvas);
  });
  if (drawn && copy) return copy;
  const figure = figureOf(graph, font);
  const image = await plotted({ ...figure, config: { ...CONFIG, plotGlPixelRatio: scale } }, graph, scale);
  const canvas = document.createElement("canvas");
  canvas.width = image.naturalWidth;
  canvas.height = image.naturalHeight;
  canvas.getContext("2d")?.drawImage(image, 0, 0);
  return canvas;
}

/** @param {{data: any, layout: any, config: any}} figure @param {HTMLElement} graph @param {number} scale */
async function plotted(figure, graph, scale) {
  const { width, height } = graph.getBoundingClientRect();
  const image = new Image();
  image.src = await plotImage(figure, { format: "png", width, height, scale });
  await image.decode();
  return image;
}
