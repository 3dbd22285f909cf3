/** Columns and the cost chart in the sizes that their reader gives them, by dragging or by keys; remembered. */

import { clamp } from "../document/controls.js";
import { h } from "../ui/dom.js";
import { recall, remember } from "../ui/memory.js";

/**
 * @typedef {object} Sized
 * @property {string} name
 * @property {string} label
 * @property {"x"|"y"} along       The way that its edge moves.
 * @property {1|-1} sign           Whether it grows as its edge moves on, or back.
 * @property {[number, number]} ends  In pixels.
 */

/** Each has the custom property of its name. @type {Sized[]} */
const COLUMNS = [
  { name: "knobs", label: "Width of the knobs", along: "x", sign: 1, ends: [220, 480] },
  { name: "views", label: "Width of the views", along: "x", sign: -1, ends: [240, 760] },
];
/** @type {Sized} */
const CHART = { name: "cost", label: "Height of the cost chart", along: "y", sign: -1, ends: [160, 640] };

/** Where the page's very first script reads them. */
const REMEMBERED = "sizes";
const STEP = 16;
const STRIDE = 64;

/** @typedef {Record<string, number>} Chosen */

/** The edges of the columns are those of the stage between them. @param {HTMLElement} stage */
export function createColumnSizes(stage) {
  for (const sized of COLUMNS) stage.append(createSizer(sized, () => region(sized.name)));
}

/** Once the views are there. */
export function createChartSize() {
  const chart = document.querySelector(".view-cost");
  chart?.append(createSizer(CHART, () => /** @type {HTMLElement} */ (chart)));
}

/** @param {string} id */
const region = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** @param {Sized} sized @param {() => HTMLElement} element */
function createSizer(sized, element) {
  const { name, label, along, sign, ends } = sized;
  const handle = h("div", {
    class: `sizer sizer--${name}`,
    role: "separator",
    tabindex: "0",
    title: "Drag to size it, double-click for its own size",
    "aria-label": label,
    "aria-orientation": along === "x" ? "vertical" : "horizontal",
    "aria-valuemin": ends[0],
    "aria-valuemax": ends[1],
  });
  const size = () => {
    const { width, height } = element().getBoundingClientRect();
    return Math.round(along === "x" ? width : height);
  };
  const tell = () => handle.setAttribute("aria-valuenow", String(clamp(size(), ends[0], ends[1])));

  /** @param {number|null} pixels  Null: its own. */
  function set(pixels) {
    const chosen = chosenSizes();
    if (pixels === null) delete chosen[name];
    else chosen[name] = Math.round(clamp(pixels, ends[0], ends[1]));
    apply(name, chosen[name] ?? null);
    remember(REMEMBERED, JSON.stringify(chosen));
    tell();
  }

  let held = /** @type {{at: number, size: number}|null} */ (null);
  let wanted = 0;
  const at = (/** @type {PointerEvent} */ event) => (along === "x" ? event.clientX : event.clientY);
  handle.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    handle.setPointerCapture(event.pointerId);
    held = { at: at(event), size: size() };
  });
  handle.addEventListener("pointermove", (event) => {
    if (!held) return;
    const now = held.size + sign * (at(event) - held.at);
    cancelAnimationFrame(wanted);
    wanted = requestAnimationFrame(() => set(now));
  });
  for (const type of ["pointerup", "pointercancel"]) handle.addEventListener(type, () => (held = null));
  handle.addEventListener("dblclick", () => set(null));
  handle.addEventListener("focus", tell);
  handle.addEventListener("keydown", (event) => {
    const pixels = sizeAfter(event, size(), sized);
    if (pixels === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    set(pixels);
  });
  tell();
  return handle;
}

/**
 * The size that a key asks for: null for its own, undefined for none.
 * @param {Pick<KeyboardEvent, "key"|"shiftKey">} event
 * @param {number} size
 * @param {Sized} sized
 */
export function sizeAfter({ key, shiftKey }, size, { along, sign, ends }) {
  const onward = along === "x" ? ["ArrowLeft", "ArrowRight"] : ["ArrowUp", "ArrowDown"];
  const way = onward.indexOf(key);
  if (way >= 0) return size + (2 * way - 1) * sign * (shiftKey ? STRIDE : STEP);
  if (key === "Home") return ends[0];
  if (key === "End") return ends[1];
  return key === "Enter" ? null : undefined;
}

/** @param {string} name @param {number|null} pixels */
function apply(name, pixels) {
  const { style } = document.documentElement;
  if (pixels === null) style.removeProperty(`--${name}`);
  else style.setProperty(`--${name}`, `${pixels}px`);
}

/** @returns {Chosen} */
function chosenSizes() {
  try {
    return JSON.parse(recall(REMEMBERED) ?? "{}") ?? {};
  } catch {
    return {};
  }
}
