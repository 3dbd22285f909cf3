/** How the document says that it is looked at, as far as its problem has what is asked for. Pure. */

/** @import { AppState, Experiment, Pair } from "./types.js" */

/** Parts of `view` that only this page's drawing reads: no question to the service. */
const DRAWN_HERE = new Set([
  "height",
  "colors",
  "moving_plane",
  "surface",
  "overlays",
  "stage",
  "lab",
  "example",
  "nudge",
  "run",
  "tab",
  "compare_by",
  "theme",
  "camera",
  "step",
]);

/** @param {(string|number)[]} path   Of a value in the document. */
export const isDrawnHere = ([part, name]) => part === "view" && DRAWN_HERE.has(String(name));

/**
 * The document as the service answered it, looked at as the page looks by now: a switch may have been thrown meanwhile.
 * @param {Experiment} answered
 * @param {Experiment|null} doc
 * @returns {Experiment}
 */
export function withDrawn(answered, doc) {
  const drawn = Object.entries(doc?.view ?? {}).filter(([name]) => DRAWN_HERE.has(name));
  return { ...answered, view: { ...answered.view, ...Object.fromEntries(drawn) } };
}

/**
 * @typedef {object} Looks
 * @property {"height"|"rank"} colors        Whether a colour stands for a height or for a share of the surface below it.
 * @property {boolean} moving_plane          Whether the plane goes through the focused run's point.
 * @property {"train"|"batch"|"test"} surface   Whose cost it is.
 * @property {boolean} gradient_field
 * @property {boolean} critical_points
 * @property {"none"|"minima"|"against"} basins
 * @property {"none"|"step"|"all"} arrows
 * @property {boolean} quadratic_model
 * @property {boolean} random_walk
 */

/**
 * What is shown of what the document asks for: a choice that the problem does not have waits until it has.
 * @param {Pick<AppState, "doc"|"problem">} state
 * @returns {Looks}
 */
export function looksOf({ doc, problem }) {
  const { colors = "height", moving_plane = false, surface = "train", overlays } = doc?.view ?? {};
  const exact = problem?.exact ?? true;
  return {
    colors,
    moving_plane: moving_plane && !exact,
    surface: hasSurface(doc, surface) ? surface : "train",
    gradient_field: overlays?.gradient_field ?? false,
    critical_points: (overlays?.critical_points ?? false) && exact,
    basins: overlays?.basins ?? "none",
    arrows: overlays?.arrows ?? "none",
    quadratic_model: overlays?.quadratic_model ?? false,
    random_walk: (overlays?.random_walk ?? false) && !exact,
  };
}

/** Whether it is a model that Python explores, of which the cost alone is known here. @param {Experiment|null} doc */
export const isExplored = (doc) => doc?.problem.kind === "explored";

/** Whether the problem is learnt from examples. @param {Experiment|null} doc */
export const hasExamples = (doc) => doc !== null && !["formula", "explored"].includes(doc.problem.kind);

/** Whether nothing of it is computed here but the costs of what was recorded. @param {Experiment|null} doc */
export const isRecorded = (doc) => Boolean(doc?.runs.every((/** @type {any} */ run) => run.recorded));

/**
 * Whether the problem has examples that the surface can be the cost on.
 * @param {Experiment|null} doc
 * @param {"train"|"batch"|"test"} surface
 */
export function hasSurface(doc, surface) {
  if (surface === "train") return true;
  return hasExamples(doc) && (surface === "batch" || (doc?.problem.dataset?.test_fraction ?? 0) > 0);
}

/**
 * The training example that the lab follows; the first where there are not so many.
 * @param {Pick<AppState, "doc"|"data">} state
 * @returns {number}
 */
export function exampleOf({ doc, data }) {
  const wanted = doc?.view?.example ?? 0;
  return wanted < (exampleCount({ data }) || Infinity) ? wanted : 0;
}

/** How many training examples there are, as far as they are known. @param {Pick<AppState, "data">} state @returns {number} */
export const exampleCount = ({ data }) => data?.arrays.data?.points.shape[0] ?? 0;

/**
 * @typedef {object} Nudge
 * @property {"gradient"|"parameter"|"random"|"step"|"plane"} direction
 * @property {number} parameter
 * @property {number} seed
 * @property {Pair} vector   On the plane.
 * @property {number} size
 */

/** The lab's nudge. @param {Pick<AppState, "doc">} state @returns {Nudge} */
export const nudgeOf = ({ doc }) => ({
  direction: "gradient",
  parameter: 0,
  seed: 0,
  vector: [1, 0],
  size: 0.1,
  ...doc?.view?.nudge,
});

/** @param {any} value */
export const isGroup = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

/**
 * Every value that is left out, from the defaults, group by group.
 * @param {Record<string, any>} defaults
 * @param {Record<string, any>} [given]
 * @returns {Record<string, any>}
 */
export function filled(defaults, given = {}) {
  const groups = Object.entries(given).map(([name, value]) => [
    name,
    isGroup(value) && isGroup(defaults[name]) ? filled(defaults[name], value) : value,
  ]);
  return { ...defaults, ...Object.fromEntries(groups) };
}

/**
 * What differs from the defaults, group by group: the inverse of `filled`.
 * @param {Record<string, any>} defaults
 * @param {Record<string, any>} given
 * @returns {Record<string, any>}
 */
export function changed(defaults, given) {
  const kept = Object.entries(given).flatMap(([name, value]) => {
    const own = isGroup(value) && isGroup(defaults[name]) ? changed(defaults[name], value) : value;
    const same =
      own === value
        ? JSON.stringify(value) === JSON.stringify(defaults[name])
        : Object.keys(own).length === 0;
    return same ? [] : [[name, own]];
  });
  return Object.fromEntries(kept);
}
