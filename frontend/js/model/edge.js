/** How sharp the surface is along every run, asked once for each, and the largest learning rate that its rule bears. */

import { formatInput, formatNumber, formatPercent } from "../document/number-format.js";
import { createQuery } from "./query.js";

/** @import { Actions, AppState, AlongRun, Frame, Store } from "../document/types.js" */

/** So long nothing changes before a run is asked for: a slider that is dragged opens experiment after experiment. */
const REST_MS = 400;

/**
 * Keeps the state's `sharpness` of all runs: first that of the run in focus.
 * @param {Store} store
 * @param {Pick<Actions, "study">} actions
 */
export function createSharpness(store, actions) {
  let timer = /** @type {ReturnType<typeof setTimeout>|undefined} */ (undefined);
  /** Runs of which the bounds are more than may be asked for: theirs are asked for without. */
  const plain = new Set();
  const keyOf = (/** @type {number} */ run) => `${run} ${store.get().inspection?.opening}`;

  const query = createQuery(actions.study, {
    show: (frame, { place, of = [] }) =>
      put(place.run, { opening: of[0], frame, refused: null, whole: !(frame.meta.progress < 1) }),
    refuse(words, { place, of = [], study }) {
      if (study.bounds === false)
        return put(place.run, { opening: of[0], frame: null, refused: words, whole: true });
      plain.add(keyOf(place.run));
    },
    entered: (state) => state !== "asked" && soon(0),
  });

  /** @param {number} run @param {AlongRun} found */
  function put(run, found) {
    store.set({ sharpness: { ...store.get().sharpness, [run]: found } });
  }

  /** @param {number} after */
  function soon(after) {
    clearTimeout(timer);
    timer = setTimeout(ask, after);
  }

  function ask() {
    const { runs, focus, phase, connection, inspection, sharpness } = store.get();
    if (phase !== "ready" || connection !== "open" || !inspection) return;
    const { opening } = inspection;
    const left = [focus, ...runs.keys()].find(
      (run) => runs[run]?.count > 0 && !(sharpness[run]?.opening === opening && sharpness[run].whole),
    );
    if (left === undefined) return;
    const bounds = plain.has(keyOf(left)) ? { bounds: false } : {};
    query.ask({ place: { run: left, step: 0 }, study: { kind: "sharpness", ...bounds }, of: [opening] });
  }

  store.watch(["phase", "connection", "doc", "focus"], () => soon(REST_MS));
  store.watch(["inspection"], ({ inspection, sharpness, focus }) => {
    if (inspection && sharpness[focus]?.opening !== inspection.opening) soon(REST_MS);
  });
}

/**
 * What is known of a run as it is on show; of the descent before while another is asked for.
 * @param {Pick<AppState, "sharpness"|"inspection"|"phase">} state
 * @param {number} run
 */
export const isOutdated = ({ sharpness, inspection, phase }, run) =>
  phase !== "ready" || sharpness[run]?.opening !== inspection?.opening;

/**
 * @typedef {object} Edge
 * @property {number} step           The one that was looked at, the nearest to the cursor.
 * @property {number} rate           The learning rate of the step, the schedule's factor in it.
 * @property {number} factor
 * @property {number} sharpness      The λ of the bound.
 * @property {number} bound          Infinite where nothing curves upwards.
 * @property {{text: string, line: string, source: string, preconditioned: boolean}} rule
 */

/**
 * The edge of stability nearest to a step of a run; null where no bound is known.
 * @param {Frame|null|undefined} frame   Of a study of its sharpness.
 * @param {number} step
 * @returns {Edge|null}
 */
export function edgeAt(frame, step) {
  if (!frame?.arrays.edge || frame.arrays.steps.data.length === 0) return null;
  const { edge, steps } = frame.arrays;
  const at = nearest(steps.data, step);
  const [rate, factor, sharpness, bound] = ["learning_rate", "factor", "sharpness", "bound"].map(
    (name) => edge[name].data[at],
  );
  const rule = ruleAt(frame, steps.data[at])?.bound;
  return rule && !Number.isNaN(bound) ? { step: steps.data[at], rate, factor, sharpness, bound, rule } : null;
}

/** The rule that makes the step from an entry. @param {Frame} frame @param {number} step */
const ruleAt = ({ meta }, step) =>
  meta.rules.filter((/** @type {{from: number}} */ { from }) => from <= step).at(-1) ?? null;

/** @param {ArrayLike<number>} steps   Ascending. @param {number} step */
function nearest(steps, step) {
  let best = 0;
  for (let k = 1; k < steps.length; k += 1)
    if (Math.abs(steps[k] - step) < Math.abs(steps[best] - step)) best = k;
  return best;
}

/**
 * Where the bound lies on the slider of the learning rate, which a schedule multiplies; null where there is none, or
 * every rate is stable.
 * @param {Edge} edge
 */
export const boundOnSlider = ({ bound, factor }) =>
  Number.isFinite(bound) && factor > 0 ? bound / factor : null;

/**
 * The edge at the cursor in words, as it stands beside a slider and under a curve.
 * @param {AppState} state
 * @param {number} run
 * @param {Edge} edge
 */
export const edgeWords = (state, run, edge) =>
  isOutdated(state, run)
    ? "The edge of stability of the descent before; the new one is on its way."
    : edgeSaid(edge, typeof state.doc?.runs[run]?.batch_size === "number");

/**
 * The bound in words, for who does not see it.
 * @param {Edge} edge
 * @param {boolean} [sampled]   Whether the run's steps are by mini-batches.
 */
export function edgeSaid({ step, rate, factor, sharpness, bound, rule }, sampled = false) {
  const at = `At step ${step}`;
  if (!Number.isFinite(bound))
    return `${at} nothing curves upwards: for the quadratic model no rate is too large.`;
  const lambda = rule.preconditioned
    ? "the preconditioned Hessian’s highest curvature"
    : "the highest curvature";
  const known = `${at} the edge of stability is ${formatNumber(bound)} = ${rule.text}, with ${lambda} λ = ${formatNumber(sharpness)}`;
  const examples = sampled ? " on all examples." : ".";
  const scheduled =
    factor === 1
      ? ""
      : ` The schedule multiplies the rate by ${formatNumber(factor)} there: on the slider it is ${formatNumber(bound / factor)}.`;
  return `${known}${examples}${scheduled} ${rateSaid(rate, bound)}`;
}

/** @param {number} rate @param {number} bound */
function rateSaid(rate, bound) {
  const [used, share] = [formatInput(Number(rate.toPrecision(3))), rate / bound];
  const times = formatNumber(share);
  if (share > 1)
    return `The rate in use, ${used}, is ${times === "1" ? "just above" : `${times} times`} that: along the sharpest direction steps grow.`;
  const part = formatPercent(share);
  return `The rate in use, ${used}, is ${share > 0.995 ? "all but" : `${part} of`} that: along the sharpest direction steps shrink.`;
}

/**
 * @typedef {object} EdgeLine
 * @property {number[]} sharpness    The λ that the rule's bound is by, at every step that was looked at.
 * @property {number[]} line         Above it the rate in use is too large.
 * @property {string} text           What the line is.
 */

/**
 * The lines of the rules that a run has had, of those whose bound is by the sharpness itself and of the adaptive ones.
 * @param {Frame} frame
 * @param {boolean} preconditioned
 * @returns {EdgeLine|null}   Null where no such rule was in use.
 */
export function edgeLine(frame, preconditioned) {
  const { steps, edge } = frame.arrays;
  if (!edge) return null;
  const rules = Array.from(steps.data, (/** @type {number} */ step) => ruleAt(frame, step)?.bound);
  const known = rules.filter((rule) => rule?.preconditioned === preconditioned);
  const only = (/** @type {ArrayLike<number>} */ values) =>
    rules.map((rule, k) => (rule?.preconditioned === preconditioned ? values[k] : NaN));
  const line = only(edge.line.data);
  if (line.every(Number.isNaN)) return null;
  const texts = new Set(known.map(({ line: said }) => said));
  return { sharpness: only(edge.sharpness.data), line, text: [...texts].join(", then ") };
}
