/** What the stage shows of the state, the same in 3D and from above: axes, surface, marks. Pure. */

import { formatNumber, formatPercent } from "../document/number-format.js";
import { looksOf } from "../document/view.js";
import { endSaid, entryAt } from "../model/runs.js";
import { boxOf } from "./camera.js";
import { costAt } from "./height-field.js";
import { heightsOf, joined, steady } from "./heights.js";
import { criticalMarks, settledCost } from "./overlay-shapes.js";

/** @import { AppState, Experiment, Extent, Heights, Plane, Run, Surface } from "../document/types.js" */
/** @import { Box } from "./camera.js" */
/** @import { Mark } from "./overlay-shapes.js" */

/**
 * @typedef {object} Picture
 * @property {Surface} surface
 * @property {Heights} heights
 * @property {Box} box
 * @property {Extent} extent
 * @property {[string, string]} titles
 * @property {Plane|null} plane
 * @property {string} key       Changes when the picture is of something else: axes must not carry over.
 */

/**
 * @param {AppState} state
 * @param {Picture|null} before
 * @param {AppState} beside   What the other pane shows: one axis and one set of colours hold for both.
 * @returns {Picture|null}
 */
export function pictureOf(state, before, beside = state) {
  const { surface, plane, doc } = state;
  if (!surface || surface.a.length < 2 || surface.b.length < 2) return null;
  const extent = extentOf(surface);
  const wanted = doc?.view?.height === "log" ? "log" : "linear";
  const key = JSON.stringify([plane?.id, plane?.generation, extent, wanted]);
  const own = surface.height[wanted];
  const axis =
    beside.surface && beside.surface !== surface ? joined(own, beside.surface.height[wanted]) : own;
  const fitted = heightsOf(axis, looksOf(state).colors);
  const heights = state.live ? steady(fitted, before?.key === key ? before.heights : null) : fitted;
  const box = boxOf(extent, heights);
  return { surface, heights, box, extent, titles: titlesOf(plane), plane, key };
}

/**
 * What is looked at, knobs aside: another subject deserves its own first look, another learning rate does not.
 * @param {Experiment|null} doc
 */
export function subjectOf(doc) {
  const { problem, view } = doc ?? {};
  return JSON.stringify([
    problem?.kind,
    problem?.dataset?.kind,
    problem?.name,
    problem?.expression,
    view?.plane?.kind,
  ]);
}

/**
 * The axes end where the samples end, which a surface on its way says before its plane does.
 * @param {Surface} surface
 * @returns {Extent}
 */
function extentOf({ a, b }) {
  return [
    [a[0], a[a.length - 1]],
    [b[0], b[b.length - 1]],
  ];
}

/** @param {Plane|null} plane @returns {[string, string]} */
function titlesOf(plane) {
  const [first, second] = plane?.labels ?? ["a", "b"];
  const shares = plane?.varianceShare;
  const titled = (/** @type {string} */ label, /** @type {number} */ k) =>
    shares && !label.includes("%") ? `${label} (${formatPercent(shares[k])})` : label;
  return [titled(first, 0), titled(second, 1)];
}

/**
 * @typedef {object} Ball
 * @property {number} index       Of the run.
 * @property {number} entry
 * @property {Run} run
 */

/** Where every run is at the cursor. @param {AppState} state @returns {Ball[]} */
export function ballsOf({ runs, step }) {
  return runs
    .map((run, index) => ({ run, index, entry: entryAt(run, Math.floor(step)) }))
    .filter(({ entry }) => entry >= 0);
}

/** Shares of the window's sides within which two marks cover each other. */
const SAME_PLACE = 0.01;

/**
 * The fixed points of the picture: starts, the lowest point found, known minima.
 * @param {AppState} state
 * @returns {Mark[]}
 */
export function marksOf(state) {
  const { runs, surface, found, live, places = [] } = state;
  const critical =
    looksOf(state).critical_points && found.critical && !live
      ? criticalMarks(found.critical, costAround(surface))
      : [];
  // On another surface heights are told around the cursor only: the lowest of those is no find.
  const lowest = live && live.surfaceCost !== "train" ? [] : lowestOf(runs);
  const known = critical.length > 0 ? critical : minimaOf(surface);
  const missed = lowest.filter(
    (found) => !known.some((mark) => mark.kind === "minimum" && surface && coincide(found, mark, surface)),
  );
  return [...startsOf(runs), ...missed, ...known, ...places.flatMap((place) => placeMark(place, surface))];
}

/** What someone has marked. @param {AppState["places"][number]} place @param {Surface|null} surface @returns {Mark[]} */
function placeMark({ at: [a, b], text }, surface) {
  return surface ? [{ kind: "place", a, b, cost: costAt(surface, a, b), text }] : [];
}

/** @param {Surface|null} surface @returns {Mark[]} */
function minimaOf(surface) {
  const around = costAround(surface);
  return (surface?.minima ?? []).map(([a, b, cost]) => ({
    kind: "minimum",
    a,
    b,
    cost,
    text: `minimum: ${formatNumber(settledCost(cost, around))}`,
  }));
}

/** The size of the costs in the surface's corners. @param {Surface|null} surface */
function costAround(surface) {
  if (!surface) return 0;
  const [width, last] = [surface.a.length, surface.cost.length - 1];
  const corners = [0, width - 1, last - width + 1, last].map((k) => Math.abs(surface.cost[k]));
  return Math.max(0, ...corners.filter(Number.isFinite));
}

/**
 * Whether two marks are one to the eye: the lowest point found is then the minimum itself.
 * @param {Mark} one
 * @param {Mark} other
 * @param {Surface} surface
 */
function coincide(one, other, { a, b }) {
  const apart = (/** @type {number} */ from, /** @type {number} */ to, /** @type {Float64Array} */ axis) =>
    Math.abs(from - to) / (axis[axis.length - 1] - axis[0]);
  return Math.max(apart(one.a, other.a, a), apart(one.b, other.b, b)) < SAME_PLACE;
}

/** @param {Run[]} runs @returns {Mark[]} */
function startsOf(runs) {
  /** @type {Mark[]} */
  const starts = [];
  for (const run of runs) {
    if (run.count === 0) continue;
    const [a, b, cost] = [run.a[0], run.b[0], run.cost[0]];
    if (starts.some((start) => start.a === a && start.b === b)) continue;
    starts.push({ kind: "start", a, b, cost, text: "start" });
  }
  return starts;
}

/** @param {Run[]} runs @returns {Mark[]} */
function lowestOf(runs) {
  let best = /** @type {{run: Run, entry: number}|null} */ (null);
  for (const run of runs) {
    for (let entry = 0; entry < run.count; entry += 1) {
      if (!best || run.cost[entry] < best.run.cost[best.entry]) best = { run, entry };
    }
  }
  if (!best || best.entry === 0) return [];
  const { run, entry } = best;
  return [
    {
      kind: "lowest",
      a: run.a[entry],
      b: run.b[entry],
      cost: run.cost[entry],
      text: `lowest reached: ${formatNumber(run.cost[entry])}`,
    },
  ];
}

/**
 * The picture in words, for those who do not see it.
 * @param {AppState} state
 * @param {Picture|null} picture
 */
export function summaryOf(state, picture) {
  if (!picture) return "The cost surface has not arrived yet.";
  const { heights, extent, titles } = picture;
  const scale = heights.log ? "logarithmic" : "linear";
  const over = titles
    .map((title, k) => `${title} from ${formatNumber(extent[k][0])} to ${formatNumber(extent[k][1])}`)
    .join(" and ");
  const runs = ballsOf(state).map(({ run, entry }) =>
    [`${run.label} at cost ${formatNumber(run.cost[entry])}`, endSaid(run, state.step)]
      .filter(Boolean)
      .join(", "),
  );
  return `Cost surface over ${over}, cost from ${formatNumber(heights.lowCost)} to ${formatNumber(heights.highCost)}, ${scale} height. At step ${state.step}: ${runs.join("; ") || "no run yet"}.`;
}
