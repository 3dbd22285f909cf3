/** How one change of a knob keeps the rest of the document true to it. Documents in, documents out. */

import { formatInput } from "./number-format.js";
import { filled } from "./view.js";

/** @import { Catalog, DatasetEntry, Experiment, Field } from "./types.js" */

/** @type {Experiment["start"]} */
const INIT = { kind: "init" };

/** The view that shows what a network answers over its data. */
export const DATA_VIEW = "network";

/** A first data set for each problem that needs one; the catalogue's own order decides for the rest. */
const FIRST_DATA = /** @type {Record<string, string>} */ ({
  linear: "line",
  chain: "line",
  network: "moons",
});

/** @template {{kind: string}} E @param {E[]|undefined} list @param {string|null|undefined} kind @returns {E|null} */
export const entryOf = (list, kind) => list?.find((entry) => entry.kind === kind) ?? null;

/** What an entry's fields are unless the document says otherwise. @param {{fields?: Field[]}|null} entry */
export const defaultsOf = (entry) =>
  Object.fromEntries((entry?.fields ?? []).map(({ name, default: value }) => [name, value]));

/**
 * A document as short as a link's, with all that the page reads before the service has filled in the rest.
 * @param {Experiment} doc
 * @param {Experiment} defaults
 * @returns {Experiment}
 */
export function filledIn(doc, defaults) {
  const { kind } = defaults.problem;
  const usual = (doc.problem?.kind ?? kind) === kind ? defaults.problem : {};
  const runs = (doc.runs ?? defaults.runs).map((run) => withRun(run, defaults.runs[0]));
  return {
    ...defaults,
    ...doc,
    problem: { ...usual, ...doc.problem },
    runs,
    view: /** @type {Experiment["view"]} */ (filled(defaults.view, doc.view)),
  };
}

/** @param {any} run @param {any} usual */
function withRun(run, usual) {
  const optimizer = run.optimizer ? { kind: usual.optimizer.kind, ...run.optimizer } : usual.optimizer;
  return { ...usual, ...run, optimizer };
}

/**
 * The changed document with labels that follow the numbers they name, and without what is given as numbers, one for
 * each parameter, where the layers have changed.
 * @param {Experiment} changed
 * @param {Experiment} before
 * @returns {Experiment}
 */
export function fitting(changed, before) {
  const runs = changed.runs.map((run, k) => relabelled(run, before.runs[k]));
  const doc = runs.every((run, k) => run === changed.runs[k]) ? changed : { ...changed, runs };
  if (String(inputsAndLayers(doc)) === String(inputsAndLayers(before))) return doc;
  const start = doc.start?.kind === "theta" || doc.start?.kind === "stored" ? INIT : doc.start;
  const plane = /** @type {Record<string, any>|null|undefined} */ (doc.view?.plane);
  const view = Array.isArray(plane?.origin) ? { ...doc.view, plane: null } : doc.view;
  return { ...doc, start, view, runs: computedOf(doc.runs) };
}

/** The runs that fit other layers than those of the recorded ones. @param {Experiment["runs"]} runs */
function computedOf(runs) {
  const computed = runs.filter((run) => !run.recorded);
  return computed.length > 0 ? computed : runs.map((run) => ({ ...run, recorded: null }));
}

/** @param {Experiment} doc */
const inputsAndLayers = ({ problem }) => [problem.features ?? [], "", problem.hidden];

/**
 * A run whose label follows the one number that it names and that is another now: “rate 0.05”.
 * @param {Experiment["runs"][number]} run
 * @param {Experiment["runs"][number]|undefined} before
 */
function relabelled(run, before) {
  if (!run.label || run === before || run.label !== before?.label) return run;
  const [now, was] = [run, before].map(
    ({ optimizer, ...own }) => /** @type {Record<string, any>} */ ({ ...own, ...optimizer }),
  );
  const words = run.label.split(" ");
  const named = Object.keys(was).filter(
    (key) => typeof was[key] === "number" && words.includes(formatInput(was[key])),
  );
  if (named.length !== 1 || now[named[0]] === was[named[0]]) return run;
  const [old, value] = [formatInput(was[named[0]]), now[named[0]]];
  const label = words.map((word) => (word === old ? formatInput(value) : word)).join(" ");
  return { ...run, label: typeof value === "number" ? label : null };
}

/**
 * The data sets that a problem can learn from.
 * @param {Catalog} catalog
 * @param {string} problem
 * @returns {DatasetEntry[]}
 */
export function dataFor(catalog, problem) {
  if (problem === "network") return catalog.datasets;
  return catalog.datasets.filter(
    ({ classes, inputs }) => (classes ?? 2) <= 2 && (problem !== "chain" || inputs === 1),
  );
}

/**
 * Another kind of problem: the menu's first experiment of that kind, since learning rates do not carry over; where
 * the menu has none, the problem's own defaults under the same runs.
 * @param {Experiment} doc
 * @param {Catalog} catalog
 * @param {string} kind
 * @returns {Experiment}
 */
export function withProblem(doc, catalog, kind) {
  const curated = catalog.experiments.find(
    ({ experiment }) => (experiment.problem?.kind ?? "network") === kind,
  );
  if (curated) return curated.experiment;
  return kind === "formula"
    ? withFormula(doc, catalog, catalog.formulas[0].kind)
    : onNewSurface(doc, freshProblem(doc, catalog, kind), false);
}

/** @param {Experiment} doc @param {Catalog} catalog @param {string} kind */
function freshProblem(doc, catalog, kind) {
  const usable = dataFor(catalog, kind);
  const kept = usable.find((data) => data.kind === doc.problem.dataset?.kind);
  if (kept) return { kind, dataset: doc.problem.dataset };
  return { kind, dataset: { kind: (entryOf(usable, FIRST_DATA[kind]) ?? usable[0]).kind } };
}

/**
 * @param {Experiment} doc
 * @param {Record<string, any>} problem
 * @param {boolean} withoutExamples
 * @param {(run: any) => any} [tune]   What else of a run is another on this surface.
 * @returns {Experiment}
 */
function onNewSurface(doc, problem, withoutExamples, tune = (run) => run) {
  const without = withoutExamples ? { batch_size: null, init_seed: null } : { gradient_noise: 0 };
  const runs = renamed(computedOf(doc.runs), (run) => tune({ ...run, ...without, start: null }));
  const run = Math.min(doc.view?.run ?? 0, runs.length - 1);
  const grid = { ...doc.view?.grid, extent: /** @type {const} */ ("fit") };
  const own = /** @type {Experiment["problem"]} */ (problem);
  return {
    ...doc,
    problem: own,
    runs,
    start: INIT,
    edits: [],
    view: { ...doc.view, run, plane: null, grid },
  };
}

/**
 * The changed runs. Labels tell runs apart by their starts, rates or batches: where such a thing is another now, none
 * of the labels is true, and runs that differed in it alone are one.
 * @param {any[]} runs
 * @param {(run: any) => any} change
 */
function renamed(runs, change) {
  const next = runs.map(change);
  const text = (/** @type {any} */ run) => JSON.stringify(Object.entries({ ...BARE, ...run }).sort());
  if (next.every((run, k) => text(run) === text(runs[k]))) return next;
  const nameless = next.map((run) => ({ ...run, label: null }));
  return [...new Map(nameless.map((run) => [text(run), run])).values()];
}

/** What a run says that says nothing of these. */
const BARE = { start: null, label: null, batch_size: null, init_seed: null, gradient_noise: 0 };

/**
 * Another data set, with a cost and an output that suit what it asks. What was trained elsewhere is looked at on it
 * where it has inputs and outputs as before.
 * @param {Experiment} doc
 * @param {Catalog} catalog
 * @param {string} kind
 * @returns {Experiment}
 */
export function withData(doc, catalog, kind) {
  const data = entryOf(catalog.datasets, kind);
  const problem = { ...doc.problem, dataset: { kind } };
  if (isTrained(doc) && isAlike(data, entryOf(catalog.datasets, doc.problem.dataset?.kind)))
    return { ...onNewSurface(doc, problem, false), start: doc.start, runs: doc.runs };
  if (data && problem.kind === "network")
    Object.assign(problem, { output: null, cost: suitingCost(data, problem.cost ?? "mse") });
  return onNewSurface(doc, problem, false);
}

/** Whether it shows weights of a file. @param {Experiment} doc */
const isTrained = ({ start, runs }) => start?.kind === "stored" || runs.some((run) => run.recorded);

/** @param {DatasetEntry|null} one @param {DatasetEntry|null} other */
const isAlike = (one, other) =>
  one !== null &&
  one.inputs === other?.inputs &&
  one.outputs === other?.outputs &&
  one.classes === other?.classes;

/**
 * The document on another surface: its runs begin anew there, in a plane of its own.
 * @param {Experiment} doc
 * @param {Record<string, any>} problem
 */
export const freshSurface = (doc, problem) => onNewSurface(doc, problem, false);

/** @param {Pick<DatasetEntry, "task"|"classes">} data @param {string} cost */
export function suitingCost({ task, classes }, cost) {
  if (task === "regression") return cost === "bce" || cost === "cross_entropy" ? "mse" : cost;
  return cost === "bce" && (classes ?? 2) > 2 ? "cross_entropy" : cost;
}

/**
 * Another cost; an output layer that was chosen for the old one is left open again.
 * @param {Record<string, any>} problem
 * @param {string} cost
 */
export const withCost = (problem, cost) => ({
  ...problem,
  cost,
  ...("output" in problem ? { output: null } : {}),
});

/**
 * A formula of the catalogue (the menu's experiment with it, if there is one), or what the learner types (name
 * null), beginning with the formula before and its window.
 * @param {Experiment} doc
 * @param {Catalog} catalog
 * @param {string|null} name
 * @returns {Experiment}
 */
export function withFormula(doc, catalog, name) {
  const curated = catalog.experiments.find(
    ({ experiment }) => name !== null && experiment.problem?.name === name,
  );
  if (curated) return curated.experiment;
  if (name === null) return onNewSurface(doc, ownFormula(entryOf(catalog.formulas, doc.problem.name)), true);
  const formula = entryOf(catalog.formulas, name);
  return onNewSurface(doc, { kind: "formula", name }, true, (run) => ({
    ...run,
    optimizer: tuned(entryOf(catalog.optimizers, run.optimizer.kind), run.optimizer.kind, formula),
  }));
}

/** @param {{expression: string, domain: number[][]}|null} before */
function ownFormula(before) {
  return {
    kind: "formula",
    name: null,
    expression: before?.expression ?? "x^2 + y^2",
    domain: before?.domain ?? [
      [-3, 3],
      [-3, 3],
    ],
  };
}

/**
 * An optimizer on a formula that it has not met: its own default, or the rate that the formula bears, on which it
 * depends where a step is as long as the slope is steep.
 * @param {{kind: string, unscaled?: boolean}|null} entry   The catalogue's.
 * @param {string} kind
 * @param {{learning_rate?: number}|null} formula
 */
const tuned = (entry, kind, formula) =>
  entry?.unscaled && formula?.learning_rate ? { kind, learning_rate: formula.learning_rate } : { kind };

/**
 * One more run, of an optimizer that does not race yet, on the first run's batches.
 * @param {Experiment} doc
 * @param {Catalog} catalog
 * @returns {(Experiment["runs"][number] | {optimizer: {kind: string}, batch_size: number|null})[]}
 */
export function withOneMoreRun(doc, catalog) {
  const racing = new Set(doc.runs.map((run) => run.optimizer.kind));
  const { kind } = catalog.optimizers.find((entry) => !racing.has(entry.kind)) ?? catalog.optimizers[0];
  const added = { optimizer: { kind }, batch_size: doc.runs[0].batch_size ?? null };
  return [...doc.runs, added];
}

/**
 * The optimizer that acts on a run after `step` steps: its own, or that of the last edit before.
 * @param {Experiment} doc
 * @param {number} run
 * @param {number} step
 * @returns {Record<string, any>}
 */
export function optimizerAt(doc, run, step) {
  const edits = editsOf(doc, run).filter((edit) => edit.step <= step);
  return edits.length ? edits[edits.length - 1].optimizer : (doc.runs[run]?.optimizer ?? {});
}

/**
 * The changes of a run's optimizer under way, first one first.
 * @param {Experiment} doc
 * @param {number} run
 * @returns {{step: number, run: number, optimizer: Record<string, any>}[]}
 */
export function editsOf(doc, run) {
  return (doc.edits ?? [])
    .flatMap(({ step, run: own = 0, optimizer }) =>
      own === run && optimizer ? [{ step, run, optimizer }] : [],
    )
    .sort((one, other) => one.step - other.step);
}

/** The document's edits without those of one run. @param {Experiment} doc @param {number} run */
export const withoutEdits = (doc, run) => (doc.edits ?? []).filter(({ run: own = 0 }) => own !== run);
