/** The glossary's terms, and which of MathML's elements the page builds from them. Pure. */

/** @import { AppState } from "./types.js" */

/** @typedef {{key: string, text: string, mathml: string|null}} Term */

const TAGS = new Set([
  "math",
  "semantics",
  "mrow",
  "mi",
  "mn",
  "mo",
  "ms",
  "mtext",
  "mspace",
  "msup",
  "msub",
  "msubsup",
  "mfrac",
  "msqrt",
  "mroot",
  "mover",
  "munder",
  "munderover",
  "mmultiscripts",
  "mtable",
  "mtr",
  "mtd",
  "mpadded",
  "mphantom",
  "mstyle",
]);
const ATTRIBUTES = new Set([
  "display",
  "mathvariant",
  "stretchy",
  "fence",
  "separator",
  "lspace",
  "rspace",
  "width",
  "height",
  "depth",
  "linethickness",
  "accent",
  "accentunder",
  "displaystyle",
  "scriptlevel",
  "largeop",
  "movablelimits",
]);
/** Deeper than any formula that the service reads. */
const DEEPEST = 256;

/**
 * @typedef {object} FoundElement  As much of a parsed element as is read.
 * @property {string} localName
 * @property {Iterable<{name: string, value: string}>} attributes
 * @property {Iterable<any>} childNodes
 */

/**
 * Builds a formula anew from a parsed one: known elements and attributes only, everything else left out.
 * @template N
 * @param {FoundElement} found
 * @param {(tag: string, attributes: [string, string][], children: (N|string)[]) => N} make
 * @param {number} [depth]
 * @returns {N|null}
 */
export function rebuild(found, make, depth = 0) {
  if (!TAGS.has(found.localName) || depth > DEEPEST) return null;
  /** @type {[string, string][]} */
  const attributes = [...found.attributes]
    .filter(({ name }) => ATTRIBUTES.has(name))
    .map(({ name, value }) => [name, value]);
  /** @type {(N|string)[]} */
  const children = [];
  for (const child of found.childNodes) {
    const made = typeof child.localName === "string" ? rebuild(child, make, depth + 1) : text(child);
    if (made !== null) children.push(made);
  }
  return make(found.localName, attributes, children);
}

const TEXT_NODE = 3;

/** @param {{nodeType: number, data: string}} node */
const text = (node) => (node.nodeType === TEXT_NODE ? node.data : null);

/** @param {AppState["glossary"]} glossary @param {string|null|undefined} key @returns {Term|null} */
export function termOf(glossary, key) {
  const entry = key ? glossary?.[key] : null;
  return entry ? { key: /** @type {string} */ (key), text: entry.text, mathml: entry.mathml ?? null } : null;
}

/** The glossary's entry for the name of a fact that the page shows, where its words do not speak for themselves. */
export const FACT_TERMS = /** @type {Record<string, string>} */ ({
  "effective rate here": "effective rate",
  "effective rates, all": "effective rate",
  "learning rate η": "learning rate",
  "schedule’s factor": "schedule",
  velocity: "momentum",
  momentum: "momentum",
  "first moment": "moment",
  "second moment": "moment",
  "largest moment": "AMSGrad",
  "square sum": "AdaGrad",
  "square average": "RMSProp",
  "step average": "AdaDelta",
  bound: "stability",
  "sharpness λ": "sharpness",
  "sharpness λ, preconditioned": "preconditioning",
  "length of Newton’s step": "Newton’s method",
  "length of the gradient": "gradient",
  "change it predicts": "quadratic model",
  "negative curvatures": "curvature",
  "‖∇C‖, the full gradient": "gradient",
  "noise scale tr Σ / ‖∇C‖²": "noise scale",
  "highest curvature λ": "sharpness",
  "lowest curvature λ": "curvature",
  "negative eigenvalues": "index",
  "condition number": "condition number",
  "slope ⟨∇C, v⟩": "directional derivative",
  "predicted s ⟨∇C, v⟩": "derivative",
  "second order ½ s² vᵀHv": "quadratic model",
  "curvature vᵀHv": "curvature",
  "slope from the left, right": "subgradient",
  "subgradient in use": "subgradient",
  "cost C": "cost",
  "gradient’s norm ‖∇C‖": "norm",
  "test cost": "test set",
  "training accuracy": "accuracy",
  "test accuracy": "accuracy",
});

/**
 * The glossary's entry for a fact: by its whole name, by what stands in brackets at its end, or by its first word.
 * @param {string} name
 * @returns {string|undefined}
 */
export const termOfFact = (name) =>
  FACT_TERMS[name] ?? FACT_TERMS[name.match(/\(([^)]+)\)$/)?.[1] ?? ""] ?? FACT_TERMS[name.split(" ")[0]];

/**
 * The terms that a query means, best first: those named so, those that begin so, those that mention it.
 * @param {AppState["glossary"]} glossary
 * @param {string} query
 * @returns {Term[]}
 */
export function searchTerms(glossary, query) {
  const wanted = query.trim().toLocaleLowerCase("en");
  const keys = Object.keys(glossary ?? {}).sort((one, other) => one.localeCompare(other, "en"));
  const terms = keys.map((key) => /** @type {Term} */ (termOf(glossary, key)));
  if (!wanted) return terms;
  return terms
    .map((term) => ({ term, rank: rankOf(term, wanted) }))
    .filter(({ rank }) => rank < 3)
    .sort((one, other) => one.rank - other.rank)
    .map(({ term }) => term);
}

/** @param {Term} term @param {string} wanted */
function rankOf({ key, text: said }, wanted) {
  const name = key.toLocaleLowerCase("en");
  if (name.startsWith(wanted)) return 0;
  if (name.includes(wanted)) return 1;
  return said.toLocaleLowerCase("en").includes(wanted) ? 2 : 3;
}
