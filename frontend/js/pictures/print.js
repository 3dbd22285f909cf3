/** The present view on paper: the stage as it stands and the costs on the way, with what is true of them and the link. */

import { h } from "../ui/dom.js";
import { figureOf } from "./figure.js";
import { onPaper, svgBlob } from "./raster.js";
import { momentOf, titleOf } from "./sheet.js";

/** @import { Store } from "../document/types.js" */
/** @import { Subject, Wanted } from "./looks.js" */

/** Millimetres, of the page's width: the rest of a sheet is for its captions. */
const WIDE = 180;
const COSTS_WIDE = 120;

/** @param {Store} store */
export async function printView(store) {
  const { doc, runs } = store.get();
  if (runs.length === 0) return store.set({ notice: "There is no picture yet." });
  const stage = doc?.view?.stage ?? "3d";
  if (stage === "lab") return onPaper([], { named: "printing-lab" });
  try {
    await printSheet(store, stage);
  } catch (fault) {
    console.warn(fault);
    store.set({ notice: "The picture for the print could not be made." });
  }
}

/** @param {Store} store @param {Subject} subject */
async function printSheet(store, subject) {
  const state = store.get();
  const own = await imageOf(store, { subject, width: WIDE, caption: true });
  const costs = await imageOf(store, { subject: "costs", width: COSTS_WIDE, caption: false });
  const sheet = h(
    "section",
    { class: "printed printed-sheet" },
    h("h1", {}, `${titleOf(state)}: ${momentOf(state)}`),
    own,
    costs,
    h("p", { class: "printed-link" }, location.href),
  );
  await onPaper([sheet], { named: "printing-figure" });
  for (const image of [own, costs]) URL.revokeObjectURL(image.src);
}

/** @param {Store} store @param {Pick<Wanted, "subject"|"width"|"caption">} wanted */
async function imageOf(store, wanted) {
  const look = { look: /** @type {const} */ ("paper"), letters: /** @type {const} */ ("sans"), dots: 300 };
  const figure = await figureOf(store.get(), { ...look, file: "pdf", ...wanted }, document.body);
  const image = h("img", { alt: "", src: URL.createObjectURL(svgBlob(figure)) });
  image.style.width = `${wanted.width}mm`;
  return image;
}
