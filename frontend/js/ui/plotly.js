/** The one module that reaches for Plotly, which arrives after the page and is a global of its own making. */

const library = () => /** @type {any} */ (window).Plotly;

/** @param {string} address @returns {Promise<any>} Plotly. */
export function loadPlotly(address) {
  const script = document.createElement("script");
  script.src = address;
  const arrived = new Promise((resolve, reject) => {
    script.addEventListener("load", () => resolve(library()), { once: true });
    script.addEventListener("error", () => reject(new Error("Plotly did not arrive: reload the page.")), {
      once: true,
    });
  });
  document.head.append(script);
  return arrived;
}

/** Plotly, where it is part of the page itself. */
export const presentPlotly = () => library();

/** Draws, or redraws what differs. @param {HTMLElement} graph @param {any[]} traces @param {any} layout @param {any} config */
export const drawPlot = (graph, traces, layout, config) => library().react(graph, traces, layout, config);

/**
 * A plot as a picture.
 * @param {{data: any, layout: any, config: any}} figure
 * @param {any} options
 * @returns {Promise<string>} Its address.
 */
export const plotImage = (figure, options) => library().toImage(figure, options);

/** Plotly, once there is a plot. */
export const loadedPlotly = () => library();

/** Gives back what a plot holds. @param {HTMLElement} graph */
export const purgePlot = (graph) => library().purge(graph);
