/** Asks which figure is wanted, shows it as it will be, and saves it. */

import { h, refill, setText } from "../ui/dom.js";
import { createSegments } from "../ui/inputs.js";
import { createDialog } from "../ui/overlays.js";
import { figureOf } from "./figure.js";
import { bounded, DOTS, tooLarge, WIDTHS } from "./looks.js";
import { numberInput, row } from "./questions.js";
import { pixelsOf, pngBlob, printed, svgBlob } from "./raster.js";

/** @import { Store } from "../document/types.js" */
/** @import { Figure } from "./figure.js" */
/** @import { Subject, Wanted } from "./looks.js" */

const SUBJECTS = [
  { value: "3d", label: "3D" },
  { value: "contour", label: "Contour" },
  { value: "both", label: "Both" },
  { value: "costs", label: "Costs" },
];
const LOOKS = [
  { value: "page", label: "As the page" },
  { value: "paper", label: "Paper" },
];
const LETTERS = [
  { value: "sans", label: "Sans" },
  { value: "serif", label: "Serif" },
];
const FILES = [
  { value: "png", label: "PNG" },
  { value: "svg", label: "SVG" },
  { value: "pdf", label: "PDF" },
];
/** Said of the file that is chosen. */
const SAID = Object.freeze({
  png: "Pixels, for slides and pages.",
  svg: "Lines, letters and contours are vectors; a 3D surface is pixels among them.",
  pdf: "The browser’s print dialog opens with a page of this size: choose “Save as PDF”.",
});
/** Who types or drags is not asked to wait for each picture between. */
const PAUSE_MS = 150;

/**
 * @param {Store} store
 * @param {(blob: Blob, name: string) => void} save
 */
export function createPictureDialog(store, save) {
  const wanted = /** @type {Wanted} */ ({
    subject: "contour",
    look: "page",
    width: 1600,
    letters: "sans",
    caption: true,
    file: "png",
    dots: 300,
  });
  const widths = { page: 1600, paper: 85 };
  let figure = /** @type {Figure|null} */ (null);
  let asked = 0;
  let timer = 0;
  let drawing = Promise.resolve();
  let shown = "";

  const set = (/** @type {Partial<Wanted>} */ change) => {
    Object.assign(wanted, change);
    refresh();
  };
  const subject = createSegments("What it shows", SUBJECTS, (value) =>
    set({ subject: /** @type {Subject} */ (value) }),
  );
  const look = createSegments("Look", LOOKS, (value) => {
    const next = /** @type {"page"|"paper"} */ (value);
    set({ look: next, width: widths[next] });
  });
  const letters = createSegments("Letters", LETTERS, (value) => set({ letters: /** @type {any} */ (value) }));
  const file = createSegments("File", FILES, (value) => set({ file: /** @type {any} */ (value) }));
  const width = numberInput("picture-width", (value) => {
    widths[wanted.look] = bounded(value, WIDTHS[wanted.look], widths[wanted.look]);
    set({ width: widths[wanted.look] });
  });
  const dots = numberInput("picture-dots", (value) => set({ dots: bounded(value, DOTS, wanted.dots) }));
  const caption = h("input", { type: "checkbox", role: "switch", class: "switch", id: "picture-caption" });
  caption.addEventListener("input", () => set({ caption: caption.checked }));
  const rows = {
    letters: row("Letters", letters.el),
    px: row("Width, pixels", width),
    dots: row("Dots per inch", dots),
  };
  const columns = h("span", { class: "asked__note" }, "One column is about 85 mm, two are 174.");
  const widthLabel = /** @type {HTMLElement} */ (rows.px.querySelector(".asked__label"));
  const preview = h("div", { class: "preview", role: "img", "aria-label": "The figure as it will be" });
  const size = h("p", { class: "picture-size", role: "status" });
  const said = h("p", { class: "asked__note" });
  const button = h("button", { class: "button button--filled", on: { click: () => void write() } }, "Save");
  const form = h(
    "div",
    { class: "picture-form" },
    row("Shows", subject.el),
    row("Look", look.el),
    rows.letters,
    rows.px,
    columns,
    row("Caption", caption),
    row("File", file.el),
    rows.dots,
    said,
    size,
    h("div", { class: "asked asked--end" }, button),
  );
  const el = createDialog("Image of any size", h("div", { class: "picture-parts" }, form, preview));
  el.classList.add("dialog--picture");
  el.addEventListener("close", () => show(null));

  function refresh() {
    subject.set(wanted.subject);
    look.set(wanted.look);
    letters.set(wanted.letters);
    file.set(wanted.file);
    caption.checked = wanted.caption;
    const paper = wanted.look === "paper";
    setText(widthLabel, paper ? "Width, mm" : "Width, pixels");
    width.value = String(wanted.width);
    dots.value = String(wanted.dots);
    rows.letters.hidden = columns.hidden = !paper;
    rows.dots.hidden = !(paper && wanted.file === "png");
    setText(said, SAID[wanted.file]);
    setText(button, wanted.file === "pdf" ? "Print to PDF…" : `Save ${wanted.file.toUpperCase()}`);
    // Not disabled: a press that leaves a field changes the figure, and means the changed one.
    button.disabled = false;
    figure = null;
    clearTimeout(timer);
    timer = window.setTimeout(newest, PAUSE_MS);
  }

  /** The figure that was asked for last, at once. @returns {Promise<void>} */
  function newest() {
    if (timer > 0) {
      clearTimeout(timer);
      timer = 0;
      drawing = draw();
    }
    return drawing;
  }

  /** Of several that were asked for in a row only the last is shown. */
  async function draw() {
    asked += 1;
    const mine = asked;
    preview.setAttribute("aria-busy", "true");
    try {
      const made = await figureOf(store.get(), wanted, document.body);
      if (mine === asked && el.open) show(made);
    } catch (fault) {
      if (mine === asked) refuse(fault);
    } finally {
      if (mine === asked) preview.removeAttribute("aria-busy");
    }
  }

  /** @param {Figure|null} made */
  function show(made) {
    figure = made;
    URL.revokeObjectURL(shown);
    if (!made) return refill(preview);
    shown = URL.createObjectURL(svgBlob(made));
    refill(preview, h("img", { src: shown, alt: "" }));
    const pixels = pixelsOf(made);
    const refused = wanted.file === "png" ? tooLarge(...pixels) : null;
    setText(size, refused ?? sizeOf(made, pixels));
    size.classList.toggle("picture-size--bad", refused !== null);
    button.disabled = refused !== null;
  }

  /** @param {Figure} made @param {[number, number]} pixels */
  function sizeOf({ width: wide, height: tall, measures: { unit, of } }, pixels) {
    const paper = unit === "mm" ? `${Math.round(wide * of)} × ${Math.round(tall * of)} mm` : "";
    const inPixels = unit === "px" || wanted.file === "png" ? `${pixels[0]} × ${pixels[1]} pixels` : "";
    return [paper, inPixels].filter(Boolean).join(", ");
  }

  async function write() {
    await newest();
    if (!figure) return;
    try {
      if (wanted.file === "pdf") {
        await printed(figure);
        el.close();
        return;
      }
      const blob = wanted.file === "svg" ? svgBlob(figure) : await pngBlob(figure);
      save(blob, `descent.${wanted.file}`);
      el.close();
    } catch (fault) {
      refuse(fault);
    }
  }

  /** @param {unknown} fault */
  function refuse(fault) {
    console.warn(fault);
    setText(size, fault instanceof Error ? fault.message : "The figure could not be made.");
    size.classList.add("picture-size--bad");
  }

  return {
    el,
    open() {
      if (store.get().runs.length === 0) return store.set({ notice: "There is no picture yet." });
      const stage = store.get().doc?.view?.stage ?? "3d";
      el.showModal();
      set({ subject: stage === "lab" ? "contour" : stage });
    },
  };
}
