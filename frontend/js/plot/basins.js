/** Basins as the surface's own colours: which minimum each place leads to, from above as tiles, in 3D on the surface. Pure. */

import { formatNumber } from "../document/number-format.js";
import { looksOf } from "../document/view.js";
import { VIRIDIS } from "./figure.js";
import { heightAt } from "./height-field.js";
import { tilesOf } from "./overlay-shapes.js";

/** @import { AppState, Frame, Heights, Run, Surface } from "../document/types.js" */
/** @import { Box } from "./camera.js" */
/** @import { Tiles } from "./overlay-shapes.js" */

/** Colours of minima that no run ends in, which are none of the runs': Paul Tol's muted scheme (2021). */
const MINIMA = ["#ddcc77", "#6f63b6", "#cc6677", "#999933", "#44aa99", "#882255", "#7f8fa6"];
const NOWHERE = "#6b7078";
const NIGHT = "#20242c";
/** The shares of its colour that a start loses: one that is there at once, and one as late as can be. Paths keep theirs whole. */
const SOONEST = 0.22;
const LATEST = 0.7;
/** Each minimum has one stretch of the colour scale; values keep so far from its ends, in shares of it. */
const MARGIN = 0.1;
/** Stops of a colour scale must ascend. */
const GAP = 1e-4;
/** The surface's colours change between tiles within this share of a tile: less than a pixel. */
const EDGE = 1e-3;

/** @typedef {Tiles & {colors: string[], own: string[], frame: Frame}} Basins   `own` are the minima's colours. */

/** @type {WeakMap<Frame, Basins>} The coloured tiles of each answer: looked at in every frame, made once. */
const known = new WeakMap();

/**
 * The basins where they are to be drawn: over the fitted plane and the training set's surface alone.
 * @param {AppState} state
 * @returns {Basins|null}
 */
export function basinsOf(state) {
  const { found, live } = state;
  const frame = looksOf(state).basins === "none" || live ? null : found?.basins;
  if (!frame) return null;
  const before = known.get(frame);
  const tiles = before ?? tilesOf(frame);
  const own = tiles.groups ? ownColors(tiles, state.runs) : [];
  if (before?.own.every((color, k) => color === own[k])) return before;
  const basins = { ...tiles, frame, own, colors: tiles.group.map((_, k) => tileColor(tiles, own, k)) };
  known.set(frame, basins);
  return basins;
}

/**
 * A minimum that a run ends in has the run's colour; the others have colours of their own.
 * @param {Tiles} tiles
 * @param {Run[]} runs
 * @returns {string[]}
 */
function ownColors(tiles, runs) {
  const own = /** @type {(string|null)[]} */ (Array(minimaOf(tiles)).fill(null));
  for (const run of runs.filter(({ status, count }) => status !== "diverged" && count > 0)) {
    const end =
      tiles.group[
        tileAt(tiles.b, run.b[run.count - 1]) * tiles.a.length + tileAt(tiles.a, run.a[run.count - 1])
      ];
    if (end !== null && own[end] === null && !own.includes(run.color)) own[end] = run.color;
  }
  let next = 0;
  return own.map((color) => color ?? MINIMA[next++ % MINIMA.length]);
}

/** @param {string} color @param {number} shade */
const shaded = (color, shade) => mixed(color, NIGHT, SOONEST + (LATEST - SOONEST) * shade);

/** @param {Tiles} tiles @param {string[]} own @param {number} k */
function tileColor({ group, groups, shade }, own, k) {
  const at = group[k];
  if (at === null) return NOWHERE;
  return groups ? shaded(own[at], shade[k]) : VIRIDIS[Math.round(at * (VIRIDIS.length - 1))];
}

/** @param {string} color @param {string} other @param {number} share   Of the other. */
function mixed(color, other, share) {
  const parts = [1, 3, 5].map((at) =>
    Math.round(
      (1 - share) * parseInt(color.slice(at, at + 2), 16) + share * parseInt(other.slice(at, at + 2), 16),
    ),
  );
  return `#${parts.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

/** How many minima there are, at least one. @param {Tiles} tiles */
const minimaOf = ({ group, groups }) =>
  groups ? group.reduce((/** @type {number} */ most, own) => Math.max(most, (own ?? 0) + 1), 1) : 1;

/**
 * A tile's place on the colour scale, which has one stretch for each minimum and one for none.
 * @param {Tiles} tiles
 * @param {number} k
 * @param {number} stretches
 */
function placeOnScale({ group, groups, shade }, k, stretches) {
  const own = group[k];
  if (own === null) return stretches - 0.5;
  return groups ? own + MARGIN + (1 - 2 * MARGIN) * shade[k] : MARGIN + (1 - 2 * MARGIN) * own;
}

/**
 * One stretch for each minimum, from its colour to dark, and one for none; on a slice one for the costs.
 * @param {Basins} tiles
 * @returns {[number, string][]}
 */
function scaleOf(tiles) {
  const minima = minimaOf(tiles);
  const stretches = minima + 1;
  const place = (/** @type {number} */ stretch, /** @type {number} */ share) => (stretch + share) / stretches;
  const within = (/** @type {number} */ share) => MARGIN + (1 - 2 * MARGIN) * share;
  const colors = (/** @type {number} */ stretch) =>
    tiles.groups ? [shaded(tiles.own[stretch], 0), shaded(tiles.own[stretch], 1)] : [...VIRIDIS];
  const stops = Array.from({ length: minima }, (_, stretch) => {
    const own = colors(stretch);
    const inner = own.map(
      (color, k) => /** @type {[number, string]} */ ([place(stretch, within(k / (own.length - 1))), color]),
    );
    return /** @type {[number, string][]} */ ([
      [place(stretch, 0) + (stretch > 0 ? GAP : 0), own[0]],
      ...inner,
      [place(stretch, 1), own[own.length - 1]],
    ]);
  });
  return [...stops.flat(), [place(minima, 0) + GAP, NOWHERE], [1, NOWHERE]];
}

/**
 * The surface in the basins' colours. A surface's colours run into each other from sample to sample: a pair of samples at
 * each edge between tiles keeps them apart.
 * @param {Surface} surface
 * @param {Heights} heights
 * @param {Basins} tiles
 */
export function basinSurface(surface, heights, tiles) {
  const [x, y] = [withEdges(surface.a, tiles.a), withEdges(surface.b, tiles.b)];
  const [lowCost, highCost] = heights.drawn;
  const z = Float64Array.from(surface.cost, (cost) =>
    heights.of(Math.min(highCost, Math.max(lowCost, cost))),
  );
  const grid = /** @type {any} */ ({ columns: surface.a.length, rows: surface.b.length, z });
  const stretches = minimaOf(tiles) + 1;
  const [columns, rows] = [x.map((at) => tileAt(tiles.a, at)), y.map((at) => tileAt(tiles.b, at))];
  const height = heights.log
    ? (/** @type {number} */ place) => 10 ** place
    : (/** @type {number} */ place) => place;
  return {
    x: Float64Array.from(x),
    y: Float64Array.from(y),
    z: y.map((b) =>
      Float64Array.from(x, (a) => height(heightAt(grid, sampleAt(surface.a, a), sampleAt(surface.b, b)))),
    ),
    surfacecolor: rows.map((row) =>
      Float64Array.from(columns, (column) => placeOnScale(tiles, row * tiles.a.length + column, stretches)),
    ),
    cmin: 0,
    cmax: stretches,
    colorscale: scaleOf(tiles),
  };
}

/** @param {Float64Array} samples @param {ArrayLike<number>} centres @returns {number[]} */
function withEdges(samples, centres) {
  const tile = centres[1] - centres[0];
  const edges = Array.from({ length: centres.length - 1 }, (_, k) => (centres[k] + centres[k + 1]) / 2);
  const apart = Array.from(samples).filter((sample) =>
    edges.every((edge) => Math.abs(sample - edge) > 2 * EDGE * tile),
  );
  const pairs = edges
    .flatMap((edge) => [edge - EDGE * tile, edge + EDGE * tile])
    .filter((at) => at > samples[0] && at < samples[samples.length - 1]);
  return [...apart, ...pairs].sort((one, other) => one - other);
}

/** @param {ArrayLike<number>} centres @param {number} at */
const tileAt = (centres, at) =>
  Math.max(0, Math.min(centres.length - 1, Math.round((at - centres[0]) / (centres[1] - centres[0]))));

/** The colour at a place in shares of the box. @param {Basins} basins @param {Box} box @param {[number, number]} share */
export function colorIn({ a, b, colors }, { low, high }, [u, v]) {
  return colors[
    tileAt(b, low[1] + v * (high[1] - low[1])) * a.length + tileAt(a, low[0] + u * (high[0] - low[0]))
  ];
}

/** A place on an axis in samples. @param {Float64Array} samples @param {number} at */
const sampleAt = (samples, at) =>
  Math.min(
    samples.length - 1,
    ((at - samples[0]) / (samples[samples.length - 1] - samples[0])) * (samples.length - 1),
  );

/**
 * What the colours stand for, as the scale under the picture shows it.
 * @param {Basins} basins
 * @returns {{low: string, high: string, words: string, stops: [number, string][]}}
 */
export function basinScale(basins) {
  const { meta, arrays } = basins.frame;
  if (basins.group.every((own) => own === null))
    return {
      low: "",
      high: "",
      words: basins.groups ? "no start comes to a minimum" : "every start diverges",
      stops: [
        [0, NOWHERE],
        [1, NOWHERE],
      ],
    };
  if (basins.groups) {
    const own = basins.own.map((color) => shaded(color, 0));
    const all = basins.group.includes(null) ? [...own, NOWHERE] : own;
    /** @type {[number, string][]} */
    const stops = all.flatMap((color, k) => [
      [k / all.length, color],
      [(k + 1) / all.length, color],
    ]);
    return {
      low: "",
      high: "",
      words: `the minimum reached, darker the later${all.length > own.length ? "; grey: none" : ""}`,
      stops,
    };
  }
  const finite = Array.from(arrays.cost.data).filter((cost) => Number.isFinite(cost));
  return {
    low: formatNumber(Math.min(...finite), 2),
    high: formatNumber(Math.max(...finite), 2),
    words: `cost after ${meta.steps} steps from there, log`,
    stops: VIRIDIS.map((color, k) => [k / (VIRIDIS.length - 1), color]),
  };
}
