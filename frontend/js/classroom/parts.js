/** The parts of an experiment that an assignment may hold as they are, and how a changed document is held to them. Pure. */

/** @import { Experiment } from "../document/types.js" */

/**
 * @typedef {"free"|"fixed"|"hidden"} Hold    Hidden is fixed, and out of sight.
 * @typedef {Record<string, Hold>} Holds      By part; what is not named is free.
 * @typedef {Record<string, any>} Run
 */

/** What a teacher may hold, in the order of the knobs. */
export const PARTS = Object.freeze([
  { name: "problem", label: "Problem and data" },
  { name: "network", label: "Network" },
  { name: "start", label: "Start" },
  { name: "runs", label: "Number of runs" },
  { name: "optimizer", label: "Optimizer" },
  { name: "rate", label: "Learning rate" },
  { name: "batch", label: "Batch size" },
  { name: "details", label: "What else a run has" },
  { name: "weights", label: "Weights set by hand" },
  { name: "steps", label: "Number of steps" },
  { name: "plane", label: "Plane" },
]);

/** Fields of a problem that shape the network. */
const NETWORK = ["hidden", "activation", "output", "init", "biases", "l1", "l2"];
/** Fields of a run, by the part that they belong to. */
const RUN = /** @type {Record<string, string[]>} */ ({
  start: ["start", "init_seed"],
  batch: ["batch_size"],
  details: ["schedule", "clip", "gradient_noise"],
});
const OF_OPTIMIZER = ["optimizer", "rate", "details"];

/** @param {Holds|null|undefined} holds @param {string} name */
const isHeld = (holds, name) => (holds?.[name] ?? "free") !== "free";

/** @param {string} name */
export const partLabel = (name) => PARTS.find((part) => part.name === name)?.label ?? name;

/**
 * The changed document with every part that is held as it was before.
 * @param {Experiment} changed
 * @param {Experiment} before
 * @param {Holds} holds
 * @returns {{doc: Experiment, kept: string[]}}   kept: the parts that were put back.
 */
export const heldTo = (changed, before, holds) => held(changed, before, holds, true);

/**
 * A document that was come to by any way, with every part that is held as the assignment gives it: where runs may come
 * and go, each is like one of those that were given.
 * @type {typeof heldTo}
 */
export const heldToGiven = (changed, given, holds) => held(changed, given, holds, isHeld(holds, "runs"));

/** @param {Experiment} changed @param {Experiment} before @param {Holds} holds @param {boolean} inPlace   Whether the runs stand in their places. */
function held(changed, before, holds, inPlace) {
  const kept = /** @type {string[]} */ ([]);
  const doc = Object.entries(KEEP).reduce((now, [name, keep]) => {
    if (!isHeld(holds, name)) return now;
    const next = keep(now, before, inPlace);
    if (!same(next, now)) kept.push(name);
    return next;
  }, changed);
  const left = withEdits(doc, before, holds, kept);
  return { doc: left, kept: [...new Set(kept)] };
}

/** @type {Record<string, (doc: Experiment, before: Experiment, inPlace: boolean) => Experiment>} */
const KEEP = {
  problem: (doc, before) => ({
    ...doc,
    problem: { ...before.problem, ...only(Object(doc.problem), NETWORK) },
  }),
  network: (doc, before) =>
    doc.problem.kind === "network" && before.problem.kind === "network"
      ? { ...doc, problem: { ...doc.problem, ...only(Object(before.problem), NETWORK) } }
      : doc,
  runs: (doc, before) => (doc.runs.length === before.runs.length ? doc : { ...doc, runs: before.runs }),
  start: (doc, before, inPlace) =>
    ofRuns({ ...doc, start: before.start, seed: before.seed }, before, inPlace, keepFields(RUN.start)),
  optimizer: (doc, before, inPlace) => ofRuns(doc, before, inPlace, keepKind),
  rate: (doc, before, inPlace) => ofRuns(doc, before, inPlace, keepRate),
  batch: (doc, before, inPlace) => ofRuns(doc, before, inPlace, keepFields(RUN.batch)),
  details: (doc, before, inPlace) => ofRuns(doc, before, inPlace, keepDetails),
  steps: (doc, before) => (doc.steps === before.steps ? doc : { ...doc, steps: before.steps }),
  plane: (doc, before) => ({
    ...doc,
    view: { ...doc.view, plane: before.view.plane, grid: before.view.grid },
  }),
};

/**
 * Every run held to the one that it was; where runs came or went, one that is like any of before may stay.
 * @param {Experiment} doc @param {Experiment} before @param {boolean} inPlace @param {(run: Run, was: Run) => Run} keep
 * @returns {Experiment}
 */
function ofRuns(doc, before, inPlace, keep) {
  const paired = inPlace && doc.runs.length === before.runs.length;
  const runs = doc.runs.map((run, k) => {
    if (paired) return keep(run, before.runs[k]);
    const ofKind = before.runs.filter(({ optimizer }) => optimizer.kind === run.optimizer.kind);
    const like = ofKind.length > 0 ? ofKind : before.runs;
    return like.some((was) => same(keep(run, was), run)) ? run : keep(run, like[0]);
  });
  return { ...doc, runs: /** @type {Experiment["runs"]} */ (runs) };
}

/** @param {string[]} names @returns {(run: Run, was: Run) => Run} */
const keepFields = (names) => (run, was) => ({ ...run, ...only(was, names) });

/** @param {Run} run @param {Run} was */
const keepKind = (run, was) =>
  run.optimizer.kind === was.optimizer.kind ? run : { ...run, optimizer: was.optimizer };

/** A rule’s rate says nothing of another’s. @param {Run} run @param {Run} was */
const keepRate = (run, was) =>
  run.optimizer.kind === was.optimizer.kind
    ? { ...run, optimizer: { ...run.optimizer, ...only(was.optimizer, ["learning_rate"]) } }
    : run;

/** @param {Run} run @param {Run} was */
function keepDetails(run, was) {
  const kept = keepFields(RUN.details)(run, was);
  if (run.optimizer.kind !== was.optimizer.kind) return kept;
  return { ...kept, optimizer: { ...was.optimizer, ...only(run.optimizer, ["learning_rate"]) } };
}

/**
 * Edits change on the way what they name: one that is new must not touch what is held.
 * @param {Experiment} doc @param {Experiment} before @param {Holds} holds @param {string[]} kept
 */
function withEdits(doc, before, holds, kept) {
  const edits = (doc.edits ?? []).filter((edit) => {
    const part = heldPartOf(edit, holds);
    if (part === null || (before.edits ?? []).some((was) => same(ofAnyRun(was), ofAnyRun(edit)))) return true;
    kept.push(part);
    return false;
  });
  return edits.length === (doc.edits ?? []).length ? doc : { ...doc, edits };
}

/** Where a run goes, the edits of those after it are of another place. @param {any} edit */
const ofAnyRun = (edit) => ({ ...edit, run: null });

/** The part that is held and that an edit would change; null where there is none. @param {any} edit @param {Holds} holds */
export function heldPartOf(edit, holds) {
  const parts = edit.set ? ["weights"] : OF_OPTIMIZER;
  return parts.find((name) => isHeld(holds, name)) ?? null;
}

/** @param {Record<string, any>} group @param {string[]} names */
const only = (group, names) =>
  Object.fromEntries(names.filter((name) => name in group).map((name) => [name, group[name]]));

/** @param {any} one @param {any} other */
const same = (one, other) => one === other || canonical(one) === canonical(other);

/** @param {any} value */
const canonical = (value) =>
  JSON.stringify(value, (_, part) =>
    part !== null && typeof part === "object" && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
      : part,
  );
