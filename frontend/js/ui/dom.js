/** Elements in one expression. Text only ever becomes text nodes, so that no string is ever read as markup. */

/** @typedef {Node | string | number | null | undefined | false} Child */
/**
 * @typedef {object} Options
 * @property {string} [class]
 * @property {Record<string, string>} [data]
 * @property {Record<string, (event: any) => void>} [on]
 * @property {Record<string, string>} [style]  Set through the CSSOM: the page's policy refuses style attributes.
 */
/** @typedef {Options & Record<string, any>} Props  Every other key is an attribute: true sets it, false, null leave it out. */

const FIELDS = new Set(["input", "select", "textarea"]);

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Props} [props]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, props = {}, ...children) {
  const el = document.createElement(tag);
  // What is shown is what the page's state says, not what a browser remembers of a visit before.
  if (FIELDS.has(tag)) el.setAttribute("autocomplete", "off");
  // A button sends no form unless it says so.
  if (tag === "button") el.setAttribute("type", "button");
  dress(el, props);
  fill(el, children);
  return el;
}

const SVG = "http://www.w3.org/2000/svg";

/** @param {string} tag @param {Props} [props] @param {...Child} children @returns {SVGElement} */
export function svg(tag, props = {}, ...children) {
  const el = document.createElementNS(SVG, tag);
  dress(el, props);
  fill(el, children);
  return el;
}

/** @param {HTMLElement | SVGElement} el @param {Props} props */
function dress(el, props) {
  for (const [key, value] of Object.entries(props)) {
    if (value === false || value === null || value === undefined) continue;
    if (key === "on")
      for (const [type, listener] of Object.entries(value)) el.addEventListener(type, listener);
    else if (key === "data") Object.assign(el.dataset, value);
    else if (key === "style")
      for (const [name, text] of Object.entries(value)) el.style.setProperty(name, text);
    else el.setAttribute(key, value === true ? "" : String(value));
  }
}

/** @param {Element} el @param {Child[]} children */
function fill(el, children) {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    el.append(child instanceof Node ? child : String(child));
  }
}

/** Replaces what an element holds. @param {Element} el @param {...Child} children */
export function refill(el, ...children) {
  el.replaceChildren();
  fill(el, children);
}

/**
 * Sets a text only when it differs: an untouched text node costs no layout, and is not announced again.
 * @param {Element} el
 * @param {string} text
 */
export function setText(el, text) {
  if (el.textContent !== text) el.textContent = text;
}

/**
 * Lets an element be scrolled by keyboard too, while it has more than it shows.
 * @template {HTMLElement} E
 * @param {E} el
 * @param {Element} [content]   What grows in it.
 * @returns {E}
 */
export function reachable(el, content = el) {
  const observer = new ResizeObserver(() => {
    if (el.scrollHeight > el.clientHeight || el.scrollWidth > el.clientWidth) el.tabIndex = 0;
    else el.removeAttribute("tabindex");
  });
  observer.observe(el);
  observer.observe(content);
  return el;
}

/** Where a finger presses, a sentence says so. */
const hasFinger = () => matchMedia("(pointer: coarse)").matches;

/**
 * A sentence about pressing, in the word for what presses: a mouse clicks, a finger taps.
 * @param {string} text    As for a mouse.
 */
export const forFinger = (text) =>
  hasFinger()
    ? text.replace(/\b(right-)?(c)lick/gi, (_, right, c) =>
        right ? `${right}click` : c === "C" ? "Tap" : "tap",
      )
    : text;

let count = 0;

/** An id that no other element of the page has. @param {string} stem */
export function freshId(stem) {
  count += 1;
  return `${stem}-${count}`;
}
