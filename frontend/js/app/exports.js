/** Files of an experiment: as the service makes them, as the page does of what it shows, and on the clipboard. */

import { currentExperiment } from "../document/experiments.js";
import { recordingOf } from "../model/recording.js";
import { getText, postForBlob } from "./api.js";

/** @import { AppState, Experiment, ExportFile } from "../document/types.js" */

/**
 * All that the file has, or where that is too much what the call answers by itself.
 * @param {ExportFile} file
 * @param {Experiment|null} doc
 * @returns {Promise<Blob>}
 */
export async function fetchFile(file, doc) {
  const route = file.call === "programs" ? `programs?${seenAt(document.baseURI)}` : file.call;
  if (!file.query) return postForBlob(route, doc, file.media_type);
  try {
    return await postForBlob(`${route}?${file.query}`, doc, file.media_type);
  } catch (fault) {
    if (!isTooMuch(fault)) throw fault;
    return postForBlob(route, doc, file.media_type);
  }
}

/** Programs that ask the service find it where the page did. @param {string} base */
const seenAt = (base) => new URLSearchParams({ address: new URL(".", base).href });

/** @param {any} fault */
const isTooMuch = (fault) =>
  fault?.errors?.some((/** @type {{field: string}} */ { field }) => field === "include");

/** The page that plays what is on the screen, as one file. @param {AppState} state @returns {Promise<Blob>} */
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

/**
 * Put a text that is still under way on the clipboard: some browsers allow it only at once.
 * @param {Promise<Blob>} text
 */
export async function copyText(text) {
  const plain = text.then((blob) => new Blob([blob], { type: "text/plain" }));
  if ("ClipboardItem" in window && navigator.clipboard?.write)
    await navigator.clipboard.write([new ClipboardItem({ "text/plain": plain })]);
  else await navigator.clipboard.writeText(await (await plain).text());
}
