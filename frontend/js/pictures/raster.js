/** An SVG figure as pixels, and as a page that the browser prints, which keeps its vectors. */

import { h } from "../ui/dom.js";
import { MM_PER_INCH, tooLarge } from "./looks.js";
import { sized } from "./png-size.js";
import { blobOf } from "./snapshot.js";

/** @import { Figure } from "./figure.js" */

/** Pixels of the page in an inch, as browsers have them. */
const PER_INCH = 96;

/** @param {Figure} figure */
export const svgBlob = ({ svg }) => new Blob([svg], { type: "image/svg+xml" });

/** How many pixels a figure has in a file of them. @param {Figure} figure @returns {[number, number]} */
export const pixelsOf = ({ width, height, measures: { scale } }) => [
  Math.round(width * scale),
  Math.round(height * scale),
];

/** @param {Figure} figure @returns {Promise<Blob>} */
export async function pngBlob(figure) {
  const [width, height] = pixelsOf(figure);
  const refused = tooLarge(width, height);
  if (refused) throw new Error(refused);
  const address = URL.createObjectURL(svgBlob(figure));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = width;
    canvas.height = height;
    canvas.getContext("2d")?.drawImage(image, 0, 0, width, height);
    const blob = await blobOf(canvas, "image/png");
    const { unit, of, scale } = figure.measures;
    if (unit === "px") return blob;
    const dots = (scale / of) * MM_PER_INCH;
    return new Blob([sized(new Uint8Array(await blob.arrayBuffer()), dots)], { type: blob.type });
  } finally {
    URL.revokeObjectURL(address);
  }
}

/** Has the browser print the figure alone, on a page of its size: “Save as PDF” there keeps it as vectors. @param {Figure} figure */
export async function printed(figure) {
  const [wide, tall] = inches(figure);
  const address = URL.createObjectURL(svgBlob(figure));
  const image = h("img", { class: "printed printed-figure", alt: "", src: address });
  image.style.width = `${wide}in`;
  await onPaper([image], { named: "printing-figure", page: `size: ${wide}in ${tall}in; margin: 0` });
  URL.revokeObjectURL(address);
}

/**
 * Has the browser print, with the page in a state of that name, and is done when it has.
 * @param {HTMLElement[]} added   What is there for the print alone.
 * @param {{named: string, page?: string}} how   And the rules of a sheet.
 */
export async function onPaper(added, { named, page = "margin: 12mm" }) {
  const root = document.documentElement;
  document.body.append(...added);
  await Promise.all(added.flatMap((one) => [one, ...one.querySelectorAll("img")]).map(decoded));
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`@page { ${page} }`);
  document.adoptedStyleSheets.push(sheet);
  root.classList.add(named);
  const title = document.title;
  document.title = "descent";
  // Safari goes on before it has printed: what is printed stays until it is.
  const done = new Promise((resolve) => addEventListener("afterprint", resolve, { once: true }));
  window.print();
  await done;
  document.title = title;
  root.classList.remove(named);
  document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet);
  for (const one of added) one.remove();
}

/** @param {Element} element */
const decoded = (element) => (element instanceof HTMLImageElement ? element.decode() : undefined);

/** Its size on paper; pixels count as the page’s own. @param {Figure} figure @returns {[number, number]} */
function inches({ width, height, measures: { unit, of } }) {
  const per = unit === "mm" ? MM_PER_INCH : PER_INCH;
  // A line more than the picture has: rounded down, a second page would follow.
  return [(width * of) / per, (height * of) / per + 0.01];
}
