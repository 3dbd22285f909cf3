/** What an experiment sets beyond its defaults and beyond the few knobs that the page opens with. Pure. */

import { entryOf } from "../document/changes.js";
import { pathText } from "../document/controls.js";
import { formatInput } from "../document/number-format.js";

/** @import { Path } from "../document/controls.js" */
/** @import { AppState, Catalog, Field } from "../document/types.js" */

/** @typedef {{words: string, group: string, path: string}} Used   path: as errors write it, of the knob where it has one. */

/** What a document holds that no knob sets, or that the few knobs show. */
const FEW = new Set(["kind", "learning_rate", "batch_size", "label", "recorded"]);
const NETWORK = new Set(["hidden", "activation", "output", "init", "biases", "l1", "l2"]);
const DATA_ALONE = new Set(["kind", "x", "y", "name", "task"]);

/**
 * @param {Pick<AppState, "catalog"|"minimal">} state   minimal: the document without its defaults.
 * @returns {Used[]}
 */
export function usedBeyond({ catalog, minimal }) {
  if (!catalog || !minimal) return [];
  const { problem = {}, start, runs = [], edits = [], view = {} } = minimal;
  return [
    ...ofProblem(catalog, problem),
    ...ofStart(catalog, start, minimal.seed),
    ...runs.flatMap((/** @type {any} */ run, /** @type {number} */ k) => ofRun(catalog, run, k, runs.length)),
    ...named(catalog.experiment, minimal, ["steps"], "Runs", []),
    ...(edits.length > 0 ? [{ words: "changes on the way", group: "Runs", path: "edits" }] : []),
    ...ofView(catalog, view),
  ];
}

/** @param {Catalog} catalog @param {Record<string, any>} problem @returns {Used[]} */
function ofProblem(catalog, { dataset = {}, ...problem }) {
  const { kind = "network" } = problem;
  const fields = entryOf(catalog.problems, kind)?.fields;
  const names = Object.keys(problem).filter((name) => !FEW.has(name) && kind !== "formula");
  const data = Object.keys(dataset).filter((name) => !DATA_ALONE.has(name));
  // Of a table, which the catalogue does not list, the fields are those of any data.
  const known =
    entryOf(catalog.datasets, dataset.kind ?? "moons")?.fields ??
    catalog.datasets.flatMap((entry) => entry.fields);
  return [
    ...named(known, dataset, data, "Problem", ["problem", "dataset"]),
    ...names.flatMap((name) =>
      named(fields, problem, [name], kind === "network" && NETWORK.has(name) ? "Network" : "Problem", [
        "problem",
      ]),
    ),
    ...(problem.features ? [{ words: "features", group: "Problem", path: "problem.features" }] : []),
  ];
}

/** @param {Catalog} catalog @param {Record<string, any>|undefined} start @param {number|undefined} seed @returns {Used[]} */
function ofStart(catalog, start, seed) {
  const chosen = entryOf(catalog.starts, start?.kind ?? "init");
  return [
    ...(start && chosen && start.kind !== "init"
      ? [{ words: `start: ${chosen.label}`, group: "Start", path: "start" }]
      : []),
    ...named(catalog.experiment, { seed }, ["seed"], "Start", []),
  ];
}

/** @param {Catalog} catalog @param {Record<string, any>} run @param {number} k @param {number} count @returns {Used[]} */
function ofRun(catalog, { optimizer = {}, schedule, clip, start, ...run }, k, count) {
  const path = ["runs", k];
  const rule = entryOf(catalog.optimizers, optimizer.kind ?? "adam");
  const names = Object.keys(optimizer).filter((name) => !FEW.has(name));
  const own = Object.keys(run).filter((name) => !FEW.has(name));
  const used = [
    ...named(rule?.fields, optimizer, names, "Runs", [...path, "optimizer"]),
    ...named(catalog.run, run, own, "Runs", path),
    ...(schedule
      ? [said("schedule", entryOf(catalog.schedules, schedule.kind)?.label, [...path, "schedule"])]
      : []),
    ...(clip ? [said("clipping", null, [...path, "clip"])] : []),
    ...(start ? [said("own start", null, [...path, "start"])] : []),
  ];
  return count < 2 ? used : used.map((one) => ({ ...one, words: `${one.words} (run ${k + 1})` }));
}

/** @param {string} name @param {string|null|undefined} value @param {Path} path @returns {Used} */
const said = (name, value, path) => ({
  words: value ? `${name}: ${value}` : name,
  group: "Runs",
  path: pathText(path),
});

/** @param {Catalog} catalog @param {Record<string, any>} view @returns {Used[]} */
function ofView(catalog, { plane, height, grid = {} }) {
  const chosen = plane && entryOf(catalog.planes, plane.kind);
  return [
    ...(chosen ? [{ words: `plane: ${chosen.label}`, group: "Plane", path: "view.plane" }] : []),
    ...named(catalog.view, { height }, ["height"], "Plane", ["view"]),
    ...named(catalog.view, grid, ["resolution"], "Plane", ["view", "grid"]),
  ];
}

/**
 * @param {Field[]|undefined} fields
 * @param {Record<string, any>} values
 * @param {string[]} names
 * @param {string} group
 * @param {Path} path
 * @returns {Used[]}
 */
function named(fields, values, names, group, path) {
  return names.flatMap((name) => {
    const field = fields?.find((one) => one.name === name);
    const value = values[name];
    if (!field || value === undefined || value === null) return [];
    return [{ words: fieldSaid(field, value), group, path: pathText([...path, name]) }];
  });
}

/** @param {Field} field @param {any} value */
function fieldSaid({ label, choices }, value) {
  if (value === true) return label;
  if (value === false) return `${label}: off`;
  if (Array.isArray(value)) return value.length > 0 ? `${label} ${value.join(", ")}` : `no ${label}`;
  if (typeof value === "number") return `${label} ${formatInput(value)}`;
  return `${label}: ${choices?.find((choice) => choice.value === value)?.label ?? value}`;
}
