/** The three first moves: what is to be done, whether it was, and what the picture then shows, in computed facts. Pure. */

import { formatCount, formatNumber, plural } from "../document/number-format.js";

/** @import { AppState, Catalog, Experiment, Pair, Plane, Run } from "../document/types.js" */

/**
 * @typedef {object} Move
 * @property {string} name           What it is about, for the press that goes on to it.
 * @property {"stage"|"rate"} place  Where it is done: on the picture, or at the first run's learning rate.
 * @property {(catalog: Catalog) => Experiment|null} experiment   That it is done with; null for whatever is on show.
 * @property {string} say
 * @property {string} [away]          The same where its place is folded away.
 * @property {(plane: Plane) => Pair|null} ring    The place of the plane that is meant; null for any.
 * @property {(state: AppState, before: Experiment) => boolean} done
 * @property {(state: AppState, bound: Stability|null) => string} answer
 * @property {(state: AppState) => Pair|number} shown      What is done for who would rather watch.
 */
/** @typedef {{bound: number|null, learning_rate: number, text: string, sharpness: number}} Stability  The service's answer at the start of the run. */

/** From here a learning rate of the second move's surface is too large by half: seen at once. */
const TOO_LARGE = 0.12;
/** On the third move's surface, the other side of the saddle from where its own runs start. */
const RIDGE = /** @type {Pair} */ ([-1.2, 1.2]);
/** So near to the ring, in shares of the window, is on the ridge. */
export const REACH = 0.07;

/** @type {Move[]} */
export const MOVES = [
  {
    name: "Start elsewhere",
    place: "stage",
    experiment: () => null,
    say: "Click the surface: every run starts there.",
    ring: () => null,
    done: ({ doc }, before) =>
      doc !== null && doc.start.kind !== "init" && JSON.stringify(doc.start) !== JSON.stringify(before.start),
    answer: ({ runs }) =>
      `${runs.length === 1 ? "The run starts" : `All ${runs.length} runs start`} where you chose, each on its own way down from there.`,
    shown: ({ plane }) => within(/** @type {Plane} */ (plane), 0.22, 0.7),
  },
  {
    name: "Make it diverge",
    place: "rate",
    experiment: steepRavine,
    away: "In the knobs, drag the learning rate up until the descent diverges.",
    say: "Drag this learning rate up until the descent diverges.",
    ring: () => null,
    done: ({ runs }) => runs[0]?.status === "diverged",
    answer: ({ runs: [run] }, known) => divergedSaid(run, known),
    shown: () => TOO_LARGE,
  },
  {
    name: "Meet the saddle",
    place: "stage",
    experiment: quietSaddle,
    say: "Click in the ring: a ridge that leads down to a saddle.",
    ring: () => RIDGE,
    done: ({ doc, runs, plane, phase }) =>
      phase === "ready" && runs[0]?.count > 1 && plane !== null && isNear(plane, startOf(doc), RIDGE),
    answer: ({ runs: [run] }) => saddleSaid(run),
    shown: () => [RIDGE[0], RIDGE[1] - 0.005],
  },
];

/** The curated experiment with one run, whose rate is one's own to turn, in a picture that leaves a phone's knobs room. @param {Catalog} catalog @returns {Experiment|null} */
function steepRavine(catalog) {
  const found = experimentNamed(catalog, "too-large-a-rate");
  const [run] = found?.runs ?? [];
  if (!found || !run) return null;
  return { ...found, runs: [{ ...run, label: null }], view: { ...found.view, stage: "contour" } };
}

/** The saddle, from above, where every place can be pressed exactly. @param {Catalog} catalog @returns {Experiment|null} */
function quietSaddle(catalog) {
  const found = experimentNamed(catalog, "saddle");
  return found && { ...found, runs: found.runs.slice(0, 1), view: { ...found.view, stage: "contour" } };
}

/** @param {Catalog} catalog @param {string} id @returns {Experiment|null} */
const experimentNamed = ({ experiments }, id) =>
  experiments.find((entry) => entry.id === id)?.experiment ?? null;

/** @param {Plane} plane @param {number} x @param {number} y   Shares of the window. @returns {Pair} */
const within = ({ extent: [[a0, a1], [b0, b1]] }, x, y) => [a0 + x * (a1 - a0), b0 + y * (b1 - b0)];

/** @param {Experiment|null} doc @returns {Pair|null} */
const startOf = (doc) => (doc?.start.kind === "point" ? /** @type {Pair} */ (doc.start.at) : null);

/** @param {Plane} plane @param {Pair|null} at @param {Pair} wanted */
export function isNear({ extent: [[a0, a1], [b0, b1]] }, at, wanted) {
  return at !== null && Math.hypot((at[0] - wanted[0]) / (a1 - a0), (at[1] - wanted[1]) / (b1 - b0)) <= REACH;
}

/** @param {Run} run @param {Stability|null} known */
export function divergedSaid(run, known) {
  const when = `Diverged at step ${formatCount(run.count - 1)}`;
  if (!known || known.bound === null || known.learning_rate <= known.bound) return `${when}.`;
  const [rate, bound] = [known.learning_rate, known.bound].map((value) => formatNumber(value));
  return `${when}: ${rate} is past the mark on the slider, the bound ${known.text} = ${bound}. From there on each step overshoots further than the last.`;
}

/**
 * How a run that began on the ridge of the saddle at zero fared: when it was nearest, and whether it left.
 * @param {Run} run
 */
export function saddleSaid(run) {
  let nearest = 0;
  for (let k = 1; k < run.count; k += 1)
    if (Math.hypot(run.a[k], run.b[k]) < Math.hypot(run.a[nearest], run.b[nearest])) nearest = k;
  const [there, last] = [run.cost[nearest], run.cost[run.count - 1]];
  const came = `The ridge led it to the saddle: nearest at step ${formatCount(nearest)}, at cost ${formatNumber(there)}.`;
  if (last > there / 2) return `${came} It is still there after ${plural(run.count - 1, "step")}.`;
  return `${came} It slipped off sideways, down to ${formatNumber(last)}.`;
}
