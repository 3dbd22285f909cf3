/** Files that the service makes of an experiment, as they are asked for and put on the clipboard. */

import { postForBlob } from "./api.js";

/** @import { Experiment, ExportFile } from "../document/types.js" */

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
