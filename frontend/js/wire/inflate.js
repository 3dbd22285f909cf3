/** A frame's arrays, each under the path to it, as the tree that they come from. Pure. */

/** @typedef {import("../document/types.js").Frame["arrays"]} Arrays */

/**
 * `{"steps.0.along": x}` as `{steps: [{along: x}]}`. A list has a hole where nothing of it is an array.
 * @param {Record<string, {data: any, shape: number[]}>} named
 * @returns {Arrays}
 */
export function inflate(named) {
  const tree = /** @type {Arrays} */ ({});
  for (const [name, array] of Object.entries(named)) {
    const path = name.split(".");
    const last = path.pop() ?? "";
    let node = /** @type {Record<string, any>} */ (tree);
    path.forEach((part, depth) => {
      node[part] ??= /^\d+$/.test(path[depth + 1] ?? last) ? [] : {};
      node = node[part];
    });
    node[last] = array;
  }
  return tree;
}
