/** The fields of a run and of the whole race that no table of the catalogue lists. */

/** @typedef {import("../controls.js").Field} Field */
/** @typedef {import("../types.js").Catalog} Catalog */

/** @param {Catalog|null} catalog @returns {Field} */
export const stepsField = (catalog) => ({
  name: "steps",
  label: "Steps",
  help: "How many steps each run takes. Play on past the end with the button beside the scrubber.",
  type: "integer",
  default: catalog?.defaults.steps ?? 300,
  low: 1,
  high: catalog?.limits.max_steps ?? 20_000,
  typical: [10, 2000],
  log: true,
  term: "step",
});

/** @type {Field} */
export const seedField = {
  name: "seed",
  label: "Seed",
  help: "The number that all chance comes from: initial weights, order of the examples, noise. The same seed gives the same descent.",
  type: "integer",
  default: 0,
  low: 0,
  high: 2 ** 32 - 1,
  term: "seed",
};

/** @type {Field} */
export const batchField = {
  name: "batch_size",
  label: "batch size",
  help: "Examples in each step's gradient. Empty for all of them, 1 for stochastic gradient descent.",
  type: "optional_integer",
  default: null,
  low: 1,
  high: 5000,
  empty: "all",
  term: "mini-batch",
};

/** @type {Field} */
export const noiseField = {
  name: "gradient_noise",
  label: "gradient noise",
  help: "A formula has no examples to draw from, so chance is added to the gradient itself: normal, with this standard deviation.",
  type: "number",
  default: 0,
  low: 0,
  high: 1000,
  typical: [0.001, 100],
  log: true,
  term: "gradient noise",
};

/** @type {Field} */
export const labelField = {
  name: "label",
  label: "label",
  help: "A name of your own for this run, shown in every view.",
  type: "text",
  default: null,
  high: 40,
};

/** @type {Field} */
export const initSeedField = {
  name: "init_seed",
  label: "own seed",
  help: "Initial weights of this run's own, instead of the start that the others share. Empty to share it.",
  type: "optional_integer",
  default: null,
  low: 0,
  high: 2 ** 32 - 1,
  empty: "shared",
  term: "seed",
};

/** @type {Field} */
export const clipField = {
  name: "limit",
  label: "limit",
  help: "The largest length, or the largest component, that a gradient keeps.",
  type: "number",
  default: 1,
  low: 1e-9,
  high: 1e9,
  typical: [0.001, 100],
  log: true,
  term: "gradient clipping",
};
