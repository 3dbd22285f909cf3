/**
 * What a network makes of single examples and of every class. Its elements stay while what they show changes: a canvas
 * made anew for every answer costs more to throw away than to fill.
 */

import { formatPercent } from "../document/number-format.js";
import { h, refill, setText } from "../ui/dom.js";

/** @typedef {ReturnType<typeof import("../plot/answers.js").examplesOf>} Examples */
/** @typedef {NonNullable<ReturnType<typeof import("../plot/answers.js").confusionOf>>} Confusion */

/** Pixels along a side of a digit, and what the brightest of them counts. */
const SIDE = 8;
const BRIGHTEST = 16;

/** @param {HTMLElement} element */
export function createClassified(element) {
  const digits = createDigits();
  const table = createTable();
  element.append(digits.el, table.el);

  return {
    /** @param {Examples} examples @param {Confusion|null} confusion */
    show(examples, confusion) {
      digits.show(examples);
      table.show(confusion);
    },
  };
}

function createDigits() {
  const el = h("ul", { class: "digits" });
  /** @type {ReturnType<typeof createDigit>[]} */
  let shown = [];

  return {
    el,
    /** @param {Examples} examples */
    show(examples) {
      el.hidden = examples.length === 0;
      if (shown.length !== examples.length) {
        shown = examples.map(createDigit);
        refill(el, ...shown.map((digit) => digit.el));
      }
      examples.forEach((example, k) => shown[k].show(example));
    },
  };
}

function createDigit() {
  const canvas = h("canvas", { width: SIDE, height: SIDE, "aria-hidden": "true" });
  const answer = h("span");
  const note = h("small");
  const el = h("li", {}, canvas, answer, note);
  let drawn = "";

  /** @param {ArrayLike<number>} pixels */
  function paint(pixels) {
    const now = Array.prototype.join.call(pixels);
    if (now === drawn) return;
    drawn = now;
    const image = new ImageData(SIDE, SIDE);
    for (let k = 0; k < SIDE * SIDE; k += 1)
      image.data.set([255, 255, 255, Math.round((255 * pixels[k]) / BRIGHTEST)], 4 * k);
    canvas.getContext("2d")?.putImageData(image, 0, 0);
  }

  return {
    el,
    /** @param {Examples[number]} example */
    show({ pixels, truth, named, sure }) {
      paint(pixels);
      setClass(el, named === truth ? "right" : "wrong");
      setText(answer, `${named}`);
      setText(note, named === truth ? formatPercent(sure) : `is ${truth}`);
    },
  };
}

function createTable() {
  const caption = h("caption");
  const head = h("thead");
  const body = h("tbody");
  const el = h("table", { class: "confusion" }, caption, head, body);
  /** @type {HTMLTableCellElement[][]} */
  let cells = [];
  let classes = "";

  /** @param {string[]} names */
  function lay(names) {
    const corner = h("th", { scope: "col" }, "true \\ named");
    refill(head, h("tr", {}, corner, ...names.map((name) => h("th", { scope: "col" }, name))));
    cells = names.map((_, row) =>
      names.map((_, column) => h("td", { class: column === row ? "right" : "wrong" })),
    );
    refill(body, ...names.map((name, row) => h("tr", {}, h("th", { scope: "row" }, name), ...cells[row])));
  }

  return {
    el,
    /** @param {Confusion|null} confusion */
    show(confusion) {
      el.hidden = confusion === null;
      if (!confusion) return;
      const { part, names, rows } = confusion;
      const now = names.join("\n");
      if (now !== classes) lay(names);
      classes = now;
      setText(caption, `True against named classes, ${part === "test" ? "test set" : "training set"}`);
      const most = Math.max(...rows.flat(), 1);
      rows.forEach((row, r) => row.forEach((count, column) => fill(cells[r][column], count, most)));
    },
  };
}

/** @param {HTMLElement} cell @param {number} count @param {number} most */
function fill(cell, count, most) {
  setText(cell, String(count || "·"));
  const share = String(count / most);
  if (cell.style.getPropertyValue("--share") !== share) cell.style.setProperty("--share", share);
}

/** @param {HTMLElement} el @param {string} name */
function setClass(el, name) {
  if (el.className !== name) el.className = name;
}
