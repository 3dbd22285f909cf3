/** Each hidden layer's activation, which the document gives as one name for all of them or as a list. Pure. */

/** @typedef {Record<string, any>} Problem   The document's. */

/**
 * One name for each hidden layer; the chain's one name goes for its output too.
 * @param {Problem|undefined} problem
 * @returns {string[]}
 */
export function activationsOf({ kind, hidden = kind === "chain" ? [1] : [], activation } = {}) {
  return Array.isArray(activation) ? activation : hidden.map(() => activation);
}

/** In short: one name where all are alike. @param {string[]} kinds @param {string} otherwise   Where there is no layer. */
const shortest = (kinds, otherwise) => (new Set(kinds).size > 1 ? kinds : (kinds[0] ?? otherwise));

/**
 * Another function for one hidden layer.
 * @param {Problem} problem
 * @param {number} layer   From 0.
 * @param {string} kind
 * @returns {Problem}
 */
export const withActivation = (problem, layer, kind) => ({
  ...problem,
  activation: shortest(
    activationsOf(problem).map((own, k) => (k === layer ? kind : own)),
    kind,
  ),
});

/**
 * Other widths; a layer that is new bends as the one before it.
 * @param {Problem} problem
 * @param {number[]} hidden
 * @returns {Problem}
 */
export function withHidden(problem, hidden) {
  const { activation } = problem;
  if (!Array.isArray(activation)) return { ...problem, hidden };
  const kinds = hidden.map((_, k) => activation[Math.min(k, activation.length - 1)]);
  return { ...problem, hidden, activation: shortest(kinds, activation[0]) };
}
