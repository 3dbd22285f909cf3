/** What the picture may and may not claim, in words: the strip under the stage. Pure. */

import { currentExperiment } from "../document/experiments.js";
import { formatCount, formatPercent, formatRunning } from "../document/number-format.js";
import { endSaid, entryAt } from "../model/runs.js";
import { stepArrows } from "../model/step-arrows.js";
import { drawnFlat, LOG_REFUSED } from "./heights.js";
import { modelSaid } from "./quadratic-model.js";

/** A share this close to the random walk's says nothing about the descent. */
const CLEARLY_ABOVE = 0.05;

/** A distance below this share of the window's coordinates is what rounding leaves of none. */
const ROUNDING = 1e-12;

/**
 * @typedef {object} Truth
 * @property {string} key
 * @property {string} [name]   Of a run, where the sentence is about one; it stands in front.
 * @property {string} strong   Read first.
 * @property {string} text
 * @property {string} [brief]  The text where room is short; without one it is left out there.
 * @property {boolean} [warn]
 * @property {string} [color]  A run's colour, where the sentence is about one run.
 */

/**
 * @param {import("../document/types.js").AppState} state
 * @returns {Truth[]}
 */
export function truths(state) {
  const { plane, problem } = state;
  if (!plane || !problem) return [];
  return [
    ...aboutLive(state),
    ...aboutPlane(state, plane, problem),
    ...aboutRuns(state),
    ...aboutDirections(plane),
    ...aboutSurface(state),
    ...aboutArrows(state),
    ...aboutModel(state),
    ...aboutExperiment(state),
  ];
}

/** What the arrows at the cursor stand for. @param {import("../document/types.js").AppState} state @returns {Truth[]} */
function aboutArrows(state) {
  const found = state.plane && stepArrows(state, state.plane.extent);
  return found ? [{ key: "arrows", strong: "Arrows", text: found.said }] : [];
}

/** A truth in one line. @param {Truth} truth */
export const lineOf = ({ name, strong, text }) =>
  `${name === undefined ? "" : `${name} `}${strong}${spaced(text)}`;

/** Text as it follows what is read first. @param {string} text */
export const spaced = (text) => (text.startsWith(",") || text === "" ? text : ` ${text}`);

/**
 * What must be said in any case, where room is short.
 * @param {Truth[]} said
 * @returns {Truth[]}
 */
export const inBrief = (said) =>
  said.flatMap((truth) => (truth.brief === undefined ? [] : [{ ...truth, text: truth.brief }]));

/** @param {import("../document/types.js").AppState} state @returns {Truth[]} */
function aboutModel(state) {
  const said = modelSaid(state);
  return said ? [{ key: "model", strong: "Quadratic model", text: said }] : [];
}

/** @type {WeakMap<object, string|null>} The sentence of each document: asked for at every step, found once. */
const whys = new WeakMap();

/** Why a curated experiment does what it does, as long as it is the one on show. @param {import("../document/types.js").AppState} state @returns {Truth[]} */
function aboutExperiment({ catalog, doc }) {
  if (!catalog || !doc) return [];
  if (!whys.has(doc)) whys.set(doc, currentExperiment(catalog, doc)?.why ?? null);
  const why = whys.get(doc);
  return why ? [{ key: "why", strong: "Why", text: why }] : [];
}

/** What the ground is, where it is not the window's own. @param {import("../document/types.js").AppState} state @returns {Truth[]} */
function aboutLive({ live, runs }) {
  if (!live) return [];
  /** @type {Truth[]} */
  const said = [];
  const through = `through ${runs[live.run]?.label ?? "the run"} at step ${live.step}`;
  if (live.travels)
    said.push({
      key: "travels",
      strong: "Travelling slice",
      text: `${through}, along the same two directions`,
      brief: through,
    });
  if (live.ground === "batch")
    said.push({
      key: "ground",
      strong: "Mini-batch",
      text: `surface and heights are the batch cost, on the examples of step ${live.step + 1} alone`,
      brief: `batch cost of step ${live.step + 1}`,
    });
  if (live.ground === "test")
    said.push({
      key: "ground",
      strong: "Test set",
      text: "surface and heights are the test cost, on examples that no step has seen",
      brief: "test cost",
    });
  return said;
}

/** @param {import("../document/types.js").AppState} state @param {import("../document/types.js").Plane} plane @param {{dim: number}} problem @returns {Truth[]} */
function aboutPlane(state, plane, problem) {
  if (plane.exact)
    return [
      {
        key: "exact",
        strong: "Exact",
        text: "both parameters shown, nothing left out",
        brief: "both parameters shown",
      },
    ];
  /** @type {Truth[]} */
  const said = [
    {
      key: "slice",
      strong: "Slice",
      text: `${formatCount(problem.dim)} parameters, 2 shown`,
      brief: `2 of ${formatCount(problem.dim)}`,
    },
  ];
  if (plane.provisional)
    said.push({
      key: "provisional",
      strong: "Provisional plane",
      text: "refitted when the run is complete",
      brief: "",
    });
  if (plane.varianceShare) said.push(shareSaid(plane, whoseVariance(state)));
  if (!plane.orthonormal)
    said.push({
      key: "oblique",
      strong: "Not orthonormal",
      text: "directions keep the length their normalisation gave them",
      brief: "",
    });
  return said;
}

/** How the directions were chosen. @param {import("../document/types.js").Plane} plane @returns {Truth[]} */
const aboutDirections = ({ exact, note }) =>
  note && !exact ? [{ key: "note", strong: "Plane", text: note }] : [];

/** Whose variance the plane's shares are of. @param {import("../document/types.js").AppState} state */
function whoseVariance({ doc, runs }) {
  const { kind = "", runs: chosen = "all" } = doc?.view?.plane ?? {};
  const some =
    kind === "pca" && chosen !== "all"
      ? /** @type {number[]} */ (chosen).flatMap((k) => runs[k] ?? [])
      : runs;
  const chosenOnly =
    some.length === 1 ? `${some[0].label}’s path` : `${some.length} of the ${runs.length} paths`;
  return some.length === runs.length ? "of the paths’ variance" : `of the variance of ${chosenOnly}`;
}

/** @param {import("../document/types.js").Plane} plane @param {string} whose @returns {Truth} */
function shareSaid({ kind, varianceShare, nullShare }, whose) {
  const share = (varianceShare?.[0] ?? 0) + (varianceShare?.[1] ?? 0);
  // Directions of one's own may have been read off the path: the walk's share is that of a plane that was not.
  const walk = kind === "custom" ? "a random walk in a plane chosen beforehand" : "a random walk";
  const beside = nullShare === null ? "" : ` (${walk}: ${formatPercent(nullShare)})`;
  const warn = nullShare !== null && share < nullShare + CLEARLY_ABOVE;
  const verdict = warn ? ", no more than chance would: read the plane with care" : "";
  const short = nullShare === null ? "" : ` (chance ${formatPercent(nullShare)})`;
  return {
    key: "share",
    strong: formatPercent(share),
    text: `${whose}${beside}${verdict}`,
    brief: `of variance${short}${warn ? ", no more than chance" : ""}`,
    warn,
  };
}

/** @param {import("../document/types.js").AppState} state @returns {Truth[]} */
function aboutRuns({ runs, plane, step, surface, heights, focus }) {
  const range = surface && heights ? drawnRange(surface.cost, heights) : Infinity;
  const rounding = ROUNDING * Math.max(0, ...(plane?.extent ?? []).flat().map(Math.abs));
  return runs
    .filter((run) => run.count > 0)
    .map((run, index) => {
      const entry = entryAt(run, step);
      const gap = Math.abs(run.cost[entry] - run.shadowCost[entry]);
      const projected = formatRunning(run.shadowCost[entry]);
      const off = formatRunning(run.offPlane[entry] < rounding ? 0 : run.offPlane[entry]);
      const heights = plane?.exact ? "" : `, projected cost ${projected}, off the plane ${off}`;
      const warn = !plane?.exact && gap > range;
      const ended = endSaid(run, step);
      const tail = ended && `, ${ended}`;
      const text = `${heights}${warn ? ": the gap exceeds the picture’s whole range" : ""}${tail}`;
      const short = heights.replace("projected cost", "projected").replace("off the plane", "off plane");
      const brief = `${short}${warn ? ": gap beyond the range" : ""}${tail}`;
      return {
        key: `run-${index}`,
        name: run.label,
        strong: formatRunning(run.cost[entry]),
        text,
        ...(warn || run === runs[focus] ? { brief } : {}),
        color: run.color,
        warn,
      };
    });
}

/** How much of the axis the ground takes up, in costs. @param {ArrayLike<number>} cost @param {import("../document/types.js").Heights} heights */
function drawnRange(cost, { lowCost, highCost }) {
  let low = highCost;
  let high = lowCost;
  for (let k = 0; k < cost.length; k += 1) {
    const drawn = Math.min(highCost, Math.max(lowCost, cost[k]));
    if (drawn < low) low = drawn;
    if (drawn > high) high = drawn;
  }
  return high - low;
}

/** @param {import("../document/types.js").AppState} state @returns {Truth[]} */
function aboutSurface({ surface, heights }) {
  if (!surface || !heights) return [];
  /** @type {Truth[]} */
  const said = [];
  if (heights.log)
    said.push({ key: "log", strong: "Height", text: "log of the cost, for surface and paths alike" });
  if (heights.refused) said.push({ key: "log", strong: "Height", text: LOG_REFUSED });
  const holes = surface.cost.reduce((count, cost) => count + Number(Number.isNaN(cost)), 0);
  if (holes > 0)
    said.push({
      key: "holes",
      strong: "No value",
      text: `on ${formatPercent(holes / surface.cost.length)} of the surface: left out there`,
      brief: `on ${formatPercent(holes / surface.cost.length)}`,
    });
  const { above, below } = drawnFlat(heights, surface);
  const share = (/** @type {number} */ count) => formatPercent(count / surface.cost.length);
  const beyond = [
    ...(above > 0 ? [`${share(above)} of the surface lies above ${formatRunning(heights.highCost)}`] : []),
    ...(below > 0 ? [`${share(below)} of the surface lies below ${formatRunning(heights.lowCost)}`] : []),
  ];
  if (beyond.length > 0)
    said.push({
      key: "clipped",
      strong: "Clipped",
      text: `${beyond.join(", ")}: drawn flat there`,
      brief: beyond.join(", ").replaceAll(" of the surface lies", ""),
    });
  return said;
}
