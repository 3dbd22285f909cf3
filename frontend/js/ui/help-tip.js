/** "What is this": a small question mark beside a term, and the explanation it opens. */

import { rebuild } from "../document/terms.js";
import { freshId, h, reachable, refill } from "./dom.js";
import { icon } from "./icons.js";
import { placeNear } from "./popover-place.js";

/**
 * @typedef {object} Explanation
 * @property {string} title
 * @property {(string|null|undefined)[]} texts    Paragraphs.
 * @property {string|null} [formula]              Unicode, one rule a line.
 * @property {string|null} [mathml]
 * @property {string|null} [source]
 */

const MATHML = "http://www.w3.org/1998/Math/MathML";

/**
 * A formula as MathML elements; null when the text holds none.
 * @param {string} mathml
 * @returns {Element|null}
 */
function formulaElement(mathml) {
  const found = new DOMParser().parseFromString(mathml, "text/html").querySelector("math");
  return found && rebuild(found, makeMath);
}

/**
 * A formula in its box: it may break before the signs of a sum, and scrolls where that is still too wide.
 * @param {string} mathml
 * @returns {HTMLElement|null}
 */
export function formulaBox(mathml) {
  const math = formulaElement(mathml);
  if (!math) return null;
  const box = h("div", { class: "formula", role: "group", "aria-label": "Formula" }, ...lines(math));
  return reachable(box);
}

/** The formula in parts, since browsers break no line inside one. @param {Element} math */
function lines(math) {
  const parts = [makeMath("math", [], [])];
  for (const child of [...math.children]) {
    const sign = child.localName === "mo" ? child.textContent : "";
    const between = parts[parts.length - 1].childElementCount > 0;
    // At a part's edge it would take the narrow space of a sign before or after a term.
    if (sign && between) child.setAttribute("form", "infix");
    if (between && (sign === "+" || sign === "−")) parts.push(makeMath("math", [], []));
    parts[parts.length - 1].append(child);
    if (sign === "=") parts.push(makeMath("math", [], []));
  }
  return parts.filter((part) => part.childElementCount > 0).flatMap((part) => [part, "\u200b"]);
}

/**
 * @param {string} tag
 * @param {[string, string][]} attributes
 * @param {(Element|string)[]} children
 * @returns {Element}
 */
function makeMath(tag, attributes, children) {
  const el = document.createElementNS(MATHML, tag);
  for (const [name, value] of attributes) el.setAttribute(name, value);
  el.append(...children);
  return el;
}

/**
 * The button that explains; the explanation is made when it is asked for.
 * @param {string} name  What is explained, for those who hear the page.
 * @param {() => Explanation} explain
 */
export function createHelpTip(name, explain) {
  return createExplained(
    h("button", { class: "help-tip", "aria-label": `What is ${name}?` }, icon("help")),
    explain,
  );
}

/**
 * A button with the explanation that it opens.
 * @param {HTMLButtonElement} button
 * @param {() => Explanation} explain
 */
export function createExplained(button, explain) {
  const id = freshId("explanation");
  const card = h("div", { class: "explanation", popover: "auto", id });
  button.setAttribute("popovertarget", id);
  card.addEventListener("beforetoggle", (event) => {
    const opens = /** @type {ToggleEvent} */ (event).newState === "open";
    refill(card, ...(opens ? explanationOf(explain()) : []));
  });
  card.addEventListener("toggle", () => placeNear(card, button));
  return h("span", { class: "help-tip-holder" }, button, card);
}

/** @param {Explanation} explanation */
function explanationOf({ title, texts, formula, mathml, source }) {
  return [
    h("strong", { class: "explanation__title" }, title),
    ...texts.filter(Boolean).map((text) => h("p", {}, text)),
    mathml && formulaBox(mathml),
    formula && h("pre", { class: "formula formula--text" }, formula),
    source && h("p", { class: "explanation__source" }, source),
  ];
}
