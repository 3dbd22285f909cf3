/** The page that plays what is on the screen, as one file. */

import { currentExperiment } from "../document/experiments.js";
import { recordingOf } from "../model/recording.js";
import { getText } from "./api.js";

/** @import { AppState } from "../document/types.js" */

/** @param {AppState} state @returns {Promise<Blob>} */
export async function playerFile(state) {
  const { catalog, doc, runs } = state;
  const curated = catalog && doc && currentExperiment(catalog, doc);
  const title = curated?.title ?? runs.map(({ label }) => label).join(", ");
  const library = /** @type {HTMLLinkElement} */ (document.getElementById("plotly")).href;
  const [template, plotly] = await Promise.all([getText("player.html"), getText(library)]);
  const recording = recordingOf(state, title, curated?.why ?? null);
  // What a name or a formula says must not end the element that it stands in.
  const parts = /** @type {Record<string, string>} */ ({
    plotly,
    recording: recording.replaceAll("<", "\\u003c"),
  });
  const page = template.replace(/\{\{(plotly|recording)\}\}/g, (_, name) => parts[name]);
  return new Blob([page], { type: "text/html" });
}
