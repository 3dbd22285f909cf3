/** The computational graph: where its nodes are drawn, and how far the walk back has come. Pure. */

import { formatCount, formatNumber, plural } from "../document/number-format.js";

/** @import { Frame } from "../document/types.js" */

/**
 * @typedef {object} GraphNode
 * @property {string} name
 * @property {string} kind
 * @property {string} words
 * @property {number} value
 * @property {number} adjoint
 * @property {number} x         Centre.
 * @property {number} y
 * @property {number} width
 * @property {number} height
 */

/**
 * @typedef {object} Graph
 * @property {string} root       What is differentiated: ℓ of an example, C of a formula.
 * @property {GraphNode[]} nodes
 * @property {{parent: number, child: number, derivative: number, slope: string}[]} edges
 * @property {{node: number, edges: number[], sentence: string}[]} walk
 * @property {number} width
 * @property {number} height
 */

/** Leaves are drawn in one line, everything else in three. */
const LEAVES = new Set(["weight", "bias", "constant", "target", "input", "variable"]);
const LEAF = { width: 104, height: 22 };
const OPERATION = { width: 128, height: 54 };
const GAP = { x: 44, y: 6 };
const ROOM = 12;

/** @param {Frame} frame   Of the study `graph`. @returns {Graph} */
export function graphOf({ meta, arrays }) {
  const columns = /** @type {ArrayLike<number>} */ (arrays.columns.data);
  const sizes = meta.kinds.map((/** @type {string} */ kind) => (LEAVES.has(kind) ? LEAF : OPERATION));
  const used = [...new Set(Array.from(columns))].sort((one, other) => one - other);
  const heights = used.map((column) =>
    sizes.reduce(
      (/** @type {number} */ sum, /** @type {typeof LEAF} */ { height }, /** @type {number} */ k) =>
        sum + (columns[k] === column ? height + GAP.y : 0),
      0,
    ),
  );
  const height = Math.max(...heights) + 2 * ROOM;
  const tops = heights.map((own) => (height - own) / 2);
  const nodes = meta.names.map((/** @type {string} */ name, /** @type {number} */ k) => {
    const column = used.indexOf(columns[k]);
    const y = tops[column] + sizes[k].height / 2;
    tops[column] += sizes[k].height + GAP.y;
    const x = ROOM + OPERATION.width / 2 + column * (OPERATION.width + GAP.x);
    return {
      name,
      kind: meta.kinds[k],
      words: meta.words[k],
      value: arrays.values.data[k],
      adjoint: arrays.adjoints.data[k],
      x,
      y,
      ...sizes[k],
    };
  });
  const edges = meta.slopes.map((/** @type {string} */ slope, /** @type {number} */ k) => ({
    parent: arrays.parents.data[k],
    child: arrays.children.data[k],
    derivative: arrays.derivatives.data[k],
    slope,
  }));
  return {
    root: meta.root,
    nodes,
    edges,
    walk: meta.walk,
    width: 2 * ROOM + used.length * (OPERATION.width + GAP.x) - GAP.x,
    height,
  };
}

/**
 * What is shown after so many steps of the walk back: adjoints reached, the node at work and its edges.
 * @param {Graph} graph
 * @param {number} position   0: values alone.
 */
export function walked({ walk }, position) {
  const at = Math.max(0, Math.min(walk.length, position));
  const reached = new Set(walk.slice(0, at).map(({ node }) => node));
  const now = at > 0 ? walk[at - 1] : null;
  return {
    reached,
    node: now?.node ?? null,
    edges: new Set(now?.edges ?? []),
    sentence:
      now?.sentence ??
      "Every node has its value, computed from left to right. Now walk back: each step is one use of the chain rule.",
    at,
    of: walk.length,
  };
}

/**
 * What the walk says of a node, for those who hear the page.
 * @param {GraphNode} node
 * @param {string} root
 * @param {boolean} reached
 */
export const nodeSaid = ({ name, value, adjoint, words }, root, reached) =>
  `${name} = ${formatNumber(value, 4)}, ${words}${reached ? `; ∂${root}/∂${name} = ${formatNumber(adjoint, 4)}` : ""}`;

/** Longer words do not fit on a node; its title has them whole. */
const LONGEST_WORDS = 23;

/** How a node comes about, as far as there is room. @param {GraphNode} node */
export const wordsOn = ({ words }) =>
  words.length > LONGEST_WORDS ? `${words.slice(0, LONGEST_WORDS - 1)}…` : words;

/**
 * A curve from one node's right side to the next one's left.
 * @param {GraphNode} from
 * @param {GraphNode} to
 */
export function edgePath(from, to) {
  const [x0, x1] = [from.x + from.width / 2, to.x - to.width / 2];
  const bend = Math.max(16, (x1 - x0) / 2);
  return `M${x0} ${from.y}C${x0 + bend} ${from.y} ${x1 - bend} ${to.y} ${x1} ${to.y}`;
}

/** A graph is drawn this much larger or smaller at most, and by these steps between. */
const SCALES = [0.25, 0.35, 0.5, 0.6, 0.75, 0.85, 1, 1.2, 1.5, 2];
/** Smaller than this its numbers are hard to read: below eight pixels. */
const READABLE = 0.72;

/**
 * The scale at which all of a graph is in a box, no larger than it needs to be.
 * @param {{width: number, height: number}} graph
 * @param {{width: number, height: number}} box
 */
export const fitScale = ({ width, height }, box) =>
  Math.max(SCALES[0], Math.min(box.width / width, box.height / height, 1.2));

/**
 * Whether a graph can be read when it is fitted.
 * @param {{width: number, height: number}} graph
 * @param {{width: number, height: number}} box
 */
export const readable = (graph, box) => fitScale(graph, box) >= READABLE;

/** The next scale up or down. @param {number} scale @param {1|-1} by */
export function zoomed(scale, by) {
  const further =
    by > 0 ? SCALES.filter((one) => one > scale * 1.01) : SCALES.filter((one) => one < scale / 1.01);
  return (by > 0 ? further[0] : further.at(-1)) ?? scale;
}

/**
 * Layers with their gradients on a logarithmic scale from 0 to 1, and what becomes of it.
 * @param {Frame} frame   Of the study `jacobians`.
 */
export function layerBars({ meta, arrays }) {
  const norms = meta.layers.map((/** @type {any} */ { grad_norm: norm }) => norm);
  const positive = norms.filter((/** @type {number} */ norm) => norm > 0);
  const high = Math.log10(Math.max(...positive, 1e-300));
  const low = Math.min(Math.log10(Math.min(...positive, 1)), high - 2);
  return meta.layers.map((/** @type {any} */ layer, /** @type {number} */ k) => ({
    name: layer.name,
    norm: formatNumber(layer.grad_norm),
    share: layer.grad_norm > 0 ? Math.max(0.02, (Math.log10(layer.grad_norm) - low) / (high - low)) : 0,
    slope: formatNumber(layer.mean_slope, 2),
    own: rangeSaid(arrays.layers[k].singular_values.data),
    product: rangeSaid(arrays.layers[k].product_singular_values.data),
  }));
}

/** Below this share of the largest, a singular value is what round-off makes of zero. */
const ROUND_OFF = 1e-14;

/** @param {ArrayLike<number>} values Falling. */
function rangeSaid(values) {
  const [largest, smallest] = [values[0], values[values.length - 1]];
  const end = smallest > ROUND_OFF * largest || Number.isNaN(smallest) ? smallest : 0;
  return values.length === 1
    ? formatNumber(largest, 2)
    : `${formatNumber(largest, 2)} … ${formatNumber(end, 2)}`;
}

/** @param {Record<string, any>} meta   Of the study `operations`. */
export const operationsSaid = ({ parameters, value, reverse, forward, ratio }) =>
  `For one example of this net: ${plural(value, "multiplication")} for the value, ${formatCount(reverse)} with all ${formatCount(parameters)} derivatives by one walk back (reverse mode), ${formatCount(forward)} by one pass for each parameter (forward mode): ${formatNumber(ratio, 2)} times as many.`;
