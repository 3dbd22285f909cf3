/** The chain of functions as a picture: where units and weights are drawn, and what is said of them. Pure. */

import { formatNumber } from "../document/number-format.js";

/** @import { Frame } from "../document/types.js" */

/** Units of a layer that are drawn; of more, the rest is counted. */
export const MOST_UNITS = 12;
/** Weights that are drawn in all; above, they are said by layer. */
const MOST_WEIGHTS = 900;
/** Terms of a sum that are spelt out. */
const MOST_TERMS = 6;

/**
 * @typedef {object} Layer
 * @property {string} name
 * @property {string} activation
 * @property {string} formula
 * @property {string} function
 * @property {ArrayLike<number>} z
 * @property {ArrayLike<number>} a
 * @property {ArrayLike<number>} weights      (out, in), row after row.
 * @property {ArrayLike<number>|null} biases
 * @property {ArrayLike<number>} places       Where each weight stands in θ.
 * @property {ArrayLike<number>|null} biasPlaces
 * @property {number} inputs
 * @property {number} units
 */

/**
 * @typedef {object} Chain
 * @property {ArrayLike<number>} x
 * @property {string[]} inputs                Their names.
 * @property {number} ownInputs               How many of them the data have themselves: the others are features.
 * @property {ArrayLike<number>} y
 * @property {ArrayLike<number>} residual
 * @property {Layer[]} layers
 * @property {number} loss
 * @property {number} cost
 * @property {number} example
 * @property {number} examples
 * @property {Record<string, any>} place   Where the parameters are those.
 */

/** @param {Frame} frame   Of the study `forward`. @param {Record<string, any>} place @returns {Chain} */
export function chainOf({ meta, arrays }, place) {
  const layers = meta.passed.layers.map((/** @type {any} */ about, /** @type {number} */ k) => {
    const { weights, biases } = arrays.network[k];
    const [passed, places] = [arrays.passed.layers[k], arrays.places[k]];
    return {
      ...about,
      z: passed.z.data,
      a: passed.a.data,
      weights: weights.data,
      biases: biases?.data ?? null,
      places: places.weights.data,
      biasPlaces: places.biases?.data ?? null,
      inputs: weights.shape[1],
      units: weights.shape[0],
    };
  });
  return {
    x: arrays.passed.x.data,
    inputs: meta.input_names,
    ownInputs: meta.own_inputs,
    y: arrays.passed.y.data,
    residual: arrays.passed.residual.data,
    layers,
    loss: meta.passed.loss,
    cost: meta.cost,
    example: meta.passed.example,
    examples: meta.examples,
    place,
  };
}

/** Inputs, then each layer's units. @param {Chain} chain */
export const widthsOf = (chain) => [chain.x.length, ...chain.layers.map(({ units }) => units)];

/**
 * @typedef {object} Place
 * @property {number} column    0 for the inputs.
 * @property {number} unit
 * @property {number} x         Centre.
 * @property {number} y
 */

/**
 * @typedef {object} Layout
 * @property {number} tile                     Side of a unit's picture.
 * @property {Place[]} units
 * @property {{column: number, x: number, y: number, more: number}[]} rest   Layers of which some units are not drawn.
 * @property {{layer: number, to: number, from: number, x0: number, y0: number, x1: number, y1: number}[]} weights
 * @property {number[]} columns                Centres of the columns, the cost's last.
 * @property {number} middle
 */

/** Columns nearer than this could not be told apart or hit: a deeper chain is scrolled. In pixels. */
const MINIMAL_PITCH = 33;
/** Loss and cost stand in a card of up to this width. */
const ROOM_FOR_COST = 74;
const LARGEST_TILE = 72;
const SMALLEST_TILE = 12;
const GAP = 15;
/** Under a column of which some units are left out, their number. */
const ROOM_FOR_REST = 20;
/** Under the lowest units stand their values, in pixels. */
const ROOM_FOR_VALUE = 12;

/** Least width of a chain. @param {number[]} widths */
export const leastWidth = (widths) => widths.length * MINIMAL_PITCH + ROOM_FOR_COST;

/**
 * Where everything goes in a box.
 * @param {number[]} widths
 * @param {{width: number, height: number}} box
 * @returns {Layout}
 */
export function layoutOf(widths, { width, height: whole }) {
  const height = whole - (Math.max(...widths) > MOST_UNITS ? ROOM_FOR_REST : ROOM_FOR_VALUE);
  const end = Math.max(width / (widths.length + 1), ROOM_FOR_COST);
  const apart = (width - end) / widths.length;
  const columns = [...widths.map((_, k) => (k + 0.5) * apart), width - end / 2];
  const drawn = widths.map((count) => Math.min(count, MOST_UNITS));
  const rows = Math.max(...drawn);
  const tile = Math.max(SMALLEST_TILE, Math.min(LARGEST_TILE, height / rows - GAP, apart - 22));
  const pitch = Math.min(height / rows, tile + 20);
  const middle = height / 2;
  const units = drawn.flatMap((count, column) =>
    Array.from({ length: count }, (_, unit) => ({
      column,
      unit,
      x: columns[column],
      y: middle + (unit - (count - 1) / 2) * pitch,
    })),
  );
  const rest = widths.flatMap((count, column) =>
    count > drawn[column]
      ? [
          {
            column,
            x: columns[column],
            y: middle + (drawn[column] / 2) * pitch + 2,
            more: count - drawn[column],
          },
        ]
      : [],
  );
  return { tile, units, rest, weights: weightsOf(units, tile), columns, middle };
}

/** @param {Place[]} units @param {number} tile @returns {Layout["weights"]} */
function weightsOf(units, tile) {
  const found = units.flatMap((to) =>
    units
      .filter(({ column }) => column === to.column - 1)
      .map((from) => ({
        layer: to.column - 1,
        to: to.unit,
        from: from.unit,
        x0: from.x + tile / 2,
        y0: from.y,
        x1: to.x - tile / 2,
        y1: to.y,
      })),
  );
  return found.length <= MOST_WEIGHTS ? found : [];
}

/**
 * How wide a weight is drawn: by its size among its layer's.
 * @param {number} weight
 * @param {number} largest
 */
export const strokeOf = (weight, largest) => 0.4 + 4 * (largest > 0 ? Math.abs(weight) / largest : 0);

/** @param {ArrayLike<number>} values */
export const largestOf = (values) =>
  Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/** @param {number} value */
const bracketed = (value) => (value < 0 ? `(${formatNumber(value)})` : formatNumber(value));

/**
 * How one unit comes to its value, symbols and numbers.
 * @param {Chain} chain
 * @param {number} layer   From 0.
 * @param {number} unit
 */
export function unitSaid(chain, layer, unit) {
  const own = chain.layers[layer];
  const below = layer === 0 ? chain.x : chain.layers[layer - 1].a;
  const terms = Array.from(
    { length: own.inputs },
    (_, k) =>
      `${k > 0 ? bracketed(own.weights[unit * own.inputs + k]) : formatNumber(own.weights[unit * own.inputs + k])} · ${bracketed(below[k])}`,
  );
  const spelt =
    terms.length > MOST_TERMS
      ? [...terms.slice(0, MOST_TERMS), `… ${terms.length - MOST_TERMS} more`]
      : terms;
  const sum = [...spelt, ...(own.biases ? [bracketed(own.biases[unit])] : [])].join(" + ");
  return {
    z: `z = ${sum} = ${formatNumber(own.z[unit], 4)}`,
    a: `a = σ(z) = ${formatNumber(own.a[unit], 4)}`,
    activation: own.function,
  };
}

/**
 * A weight's name as formulas have it: w²₃₁.
 * @param {number} layer   From 0.
 * @param {number} to
 * @param {number} from
 */
export const weightName = (layer, to, from) => `w${raised(layer + 1)}${lowered(to + 1, from + 1)}`;

/**
 * An input's symbol, which of a feature is its formula.
 * @param {Chain} chain
 * @param {number} unit
 */
export const inputName = ({ inputs, ownInputs }, unit) =>
  unit < ownInputs ? unitName(-1, unit) : inputs[unit];

/** @param {number} layer From 0. @param {number} unit */
export const unitName = (layer, unit) =>
  layer < 0 ? `x${lowered(unit + 1)}` : `a${raised(layer + 1)}${lowered(unit + 1)}`;

/** @param {number} value */
export const raised = (value) => [...String(value)].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)]).join("");

/** @param {...number} values */
export const lowered = (...values) =>
  values
    .map((value) => [...String(value)].map((digit) => "₀₁₂₃₄₅₆₇₈₉"[Number(digit)]).join(""))
    .join(Math.max(...values) > 9 && values.length > 1 ? "," : "");

/**
 * A response's values on a scale from 0 to 1 around the middle ½: what is above 0 (for probabilities ½) is yellow.
 * @param {ArrayLike<number>} values
 * @param {string} activation
 * @returns {Float64Array}
 */
export function shadeOf(values, activation) {
  if (activation === "sigmoid" || activation === "softmax") return Float64Array.from(values);
  const most = largestOf(values) || 1;
  return Float64Array.from(values, (value) => 0.5 + value / (2 * most));
}

/**
 * The example that lies nearest to a place, and how far.
 * @param {ArrayLike<number>} points   x, y of one after the other.
 * @param {(x: number, y: number) => [number, number]} pixel
 * @param {[number, number]} at
 */
export function nearestExample(points, pixel, [px, py]) {
  let best = { example: -1, distance: Infinity };
  for (let k = 0; 2 * k < points.length; k += 1) {
    const [x, y] = pixel(points[2 * k], points[2 * k + 1]);
    const distance = Math.hypot(x - px, y - py);
    if (distance < best.distance) best = { example: k, distance };
  }
  return best;
}
