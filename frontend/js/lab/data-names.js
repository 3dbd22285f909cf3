/** What the data call a network’s inputs and its outputs, at the two ends of the chain. */

/** @import { Frame } from "../document/types.js" */

/** What the service calls what has no name: x1, y, class 2. */
const NAMELESS = /^(?:[xy]\d*|\d+)$/;

/**
 * The names of the inputs and of as many outputs; null where the data have none.
 * @param {Frame|null} data
 * @param {number} outputs
 * @returns {{inputs: (string|null)[], outputs: (string|null)[]}}
 */
export function endNames(data, outputs) {
  const { feature_names: inputs = [], class_names: classes, target_name: target } = data?.meta.data ?? {};
  // One unit for two classes says how much it is the second.
  const named = classes ? (outputs === 1 ? [classes[1]] : classes) : [target];
  return { inputs: inputs.map(own), outputs: Array.from({ length: outputs }, (_, k) => own(named[k])) };
}

/** @param {string|null|undefined} name */
const own = (name) => (name && !NAMELESS.test(name) ? name : null);

/**
 * Has the tiles of the inputs and the outputs say their names.
 * @param {{layer: number, unit: number, button: HTMLElement}[]} tiles
 * @param {{units: number}[]} layers
 * @param {Frame|null} data
 */
export function nameTiles(tiles, layers, data) {
  const last = layers.length - 1;
  const names = endNames(data, layers[last].units);
  for (const { layer, unit, button } of tiles) {
    const name = layer < 0 ? names.inputs[unit] : layer === last ? names.outputs[unit] : null;
    if (name) button.dataset.named = name;
    else delete button.dataset.named;
    button.title = name ?? "";
  }
}
