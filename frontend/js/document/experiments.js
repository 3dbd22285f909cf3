/** Which curated experiment a document is. Pure. */

import { defaultsOf, entryOf } from "./changes.js";

/** @import { AppState, Catalog, Experiment } from "./types.js" */

/** The document's dynamics; how it is looked at makes no experiment another one. */
export const DYNAMICS = /** @type {const} */ (["problem", "runs", "start", "steps", "seed", "edits"]);

/**
 * The entry of the menu that a document still is, null once a knob has made it the learner's own.
 * @param {Catalog} catalog
 * @param {Experiment} doc
 * @returns {{id: string, title: string, point: string, why?: string, experiment: Experiment}|null}
 */
export function currentExperiment(catalog, doc) {
  return catalog.experiments.find((entry) => isExperiment(catalog, entry.experiment, doc)) ?? null;
}

/**
 * The entry of the menu that a changed document was made of, as long as its problem is the same.
 * @param {Catalog} catalog
 * @param {Experiment} opened   What the changes began with: an entry, or one with fewer of its runs.
 * @param {Experiment} doc
 */
export function sourceExperiment(catalog, opened, doc) {
  const isMadeOf = (/** @type {Experiment} */ curated) => {
    const { problem, start, runs } = withDefaults(catalog, curated);
    return (
      agrees(problem, opened.problem) &&
      agrees(start, opened.start) &&
      agrees(runs[0].optimizer, opened.runs[0]?.optimizer)
    );
  };
  const entry =
    currentExperiment(catalog, opened) ??
    catalog.experiments.find(({ experiment }) => isMadeOf(experiment)) ??
    null;
  return entry && agrees(withDefaults(catalog, entry.experiment).problem, doc.problem) ? entry : null;
}

/**
 * The entries of the menu that hold every word of a query, in their order: in the title, the line or the group, whether
 * typed with curved apostrophes or accents or not.
 * @template {{title: string, point: string, group: string}} E
 * @param {E[]} entries
 * @param {string} query
 * @returns {E[]}
 */
export function searchExperiments(entries, query) {
  const words = plain(query).split(/\s+/).filter(Boolean);
  return entries.filter(({ title, point, group }) => {
    const said = plain(`${title} ${point} ${group}`);
    return words.every((word) => said.includes(word));
  });
}

/** @param {string} text */
const plain = (text) =>
  text.normalize("NFKD").replace(/\p{M}/gu, "").replace(/’/g, "'").toLocaleLowerCase("en");

/**
 * The camera that a curated experiment or a stop of the tour opens with; null where the first look is chosen by the data.
 * @param {Pick<AppState, "catalog"|"doc"|"tour">} state
 */
export function openingCamera({ catalog, doc, tour }) {
  if (!catalog || !doc) return null;
  const entry = tour === null ? currentExperiment(catalog, doc) : catalog.tour[tour];
  return entry?.experiment.view?.camera ?? null;
}

/** @param {Catalog} catalog @param {Experiment} curated @param {Experiment} doc */
function isExperiment(catalog, curated, doc) {
  const filled = withDefaults(catalog, curated);
  return DYNAMICS.every((key) => agrees(filled[key], doc[key]));
}

/**
 * The curated document with the catalogue's defaults where it is silent, as far as the catalogue tells them.
 * @param {Catalog} catalog
 * @param {Experiment} curated
 * @returns {Experiment}
 */
function withDefaults(catalog, curated) {
  const whole = { ...catalog.defaults, ...curated };
  const runs = whole.runs.map((run) => ({
    ...run,
    optimizer: { ...defaultsOf(entryOf(catalog.optimizers, run.optimizer?.kind)), ...run.optimizer },
  }));
  const problem = { ...defaultsOf(entryOf(catalog.problems, whole.problem.kind)), ...whole.problem };
  const { dataset } = whole.problem;
  if (dataset) problem.dataset = { ...defaultsOf(entryOf(catalog.datasets, dataset.kind)), ...dataset };
  return { ...whole, problem, runs };
}

/**
 * Equal wherever both say something: what only one side says is a default that the other leaves out.
 * @param {any} one
 * @param {any} other
 * @returns {boolean}
 */
export function agrees(one, other) {
  if (one === undefined || other === undefined) return true;
  if (one === null || other === null || typeof one !== "object" || typeof other !== "object")
    return Object.is(one, other);
  if (Array.isArray(one))
    return (
      Array.isArray(other) && one.length === other.length && one.every((item, at) => agrees(item, other[at]))
    );
  return Object.keys(one).every((key) => agrees(one[key], other[key]));
}
