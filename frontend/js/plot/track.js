/** A run's path as it is drawn: clipped to the picture, fine enough to be hidden piece by piece, and no finer. Pure. */

/** @import { Heights, Run } from "../document/types.js" */
/** @import { Box } from "./camera.js" */

/** Pieces are at most this long, in shares of the box, so that a hill can hide a part of a long step. */
const LONGEST_PIECE = 0.02;
/** Entries nearer than this to the one before add nothing that one could see. */
const SHORTEST_PIECE = 0.0012;

/** @typedef {[number, number, number]} Vec */

/**
 * @typedef {object} Exit            Where a path left the picture.
 * @property {Vec} from              The last place inside, in shares of the box.
 * @property {Vec} toward            The direction it leaves in.
 * @property {number} entry          The first entry outside.
 */

/**
 * @typedef {object} Track
 * @property {Float32Array} places   Three shares of the box for each point: along a, b and height, each in [0, 1].
 * @property {Float32Array} at       The step that each point belongs to; between entries, a fraction.
 * @property {Uint8Array} joined     Whether a line leads to the point from the one before.
 * @property {number[]} entries      The run's entries that can be told apart, inside the picture or not.
 */

/**
 * An entry's place in shares of the box; heights under the floor are drawn on it.
 * @param {Run} run
 * @param {number} entry
 * @param {Box} box
 * @param {Heights} heights
 * @returns {Vec}
 */
export function placeOf(run, entry, { low, high }, heights) {
  return [
    (run.a[entry] - low[0]) / (high[0] - low[0]),
    (run.b[entry] - low[1]) / (high[1] - low[1]),
    Math.max(0, (heights.of(run.cost[entry]) - low[2]) / (high[2] - low[2])),
  ];
}

/** @param {Vec} place @param {boolean} flat */
export function inside([x, y, z], flat = false) {
  return x >= 0 && x <= 1 && y >= 0 && y <= 1 && (flat || z <= 1);
}

/**
 * @param {Run} run
 * @param {Box} box
 * @param {Heights} heights
 * @param {boolean} [flat]   Seen from above: height cuts nothing off.
 * @returns {Track}
 */
export function trackOf(run, box, heights, flat = false) {
  /** @type {number[]} */
  const places = [];
  /** @type {number[]} */
  const at = [];
  /** @type {number[]} */
  const joined = [];
  /** @param {Vec} place @param {number} step @param {boolean} line */
  const add = (place, step, line) => {
    places.push(...place);
    at.push(step);
    joined.push(line ? 1 : 0);
  };

  let before = run.count > 0 ? placeOf(run, 0, box, heights) : null;
  let entryBefore = 0;
  const entries = before ? [0] : [];
  if (before && inside(before, flat)) add(before, 0, false);
  for (let entry = 1; before && entry < run.count; entry += 1) {
    const place = placeOf(run, entry, box, heights);
    if (entry < run.count - 1 && near(before, place)) continue;
    addPieces(before, place, entryBefore, entry, flat, add);
    entries.push(entry);
    before = place;
    entryBefore = entry;
  }
  return {
    places: Float32Array.from(places),
    at: Float32Array.from(at),
    joined: Uint8Array.from(joined),
    entries,
  };
}

/**
 * Makes the tracks of the runs, anew only where a run has grown or the picture is another: what was drawn of a track
 * stands for as long as it is the same object.
 * @param {boolean} [flat]
 * @returns {(runs: Run[], box: Box, heights: Heights) => Track[]}
 */
export function createTracks(flat = false) {
  let made = /** @type {{of: unknown[], track: Track}[]} */ ([]);

  return (runs, box, heights) => {
    made = runs.map((run, k) => {
      const of = [run.a, run.cost, run.count, box, heights];
      const before = made[k];
      return before && of.every((one, part) => one === before.of[part])
        ? before
        : { of, track: trackOf(run, box, heights, flat) };
    });
    return made.map(({ track }) => track);
  };
}

/** @param {Vec} p @param {Vec} q */
const near = (p, q) => Math.abs(p[0] - q[0]) + Math.abs(p[1] - q[1]) + Math.abs(p[2] - q[2]) < SHORTEST_PIECE;

/** @param {Vec} p @param {Vec} q @param {number} t @returns {Vec} */
const between = (p, q, t) => [p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1]), p[2] + t * (q[2] - p[2])];

/**
 * @param {Vec} p
 * @param {Vec} q
 * @param {number} first
 * @param {number} last
 * @param {boolean} flat
 * @param {(place: Vec, step: number, line: boolean) => void} add
 */
function addPieces(p, q, first, last, flat, add) {
  // A line between two places outside may cross the picture, but the descent was never in it.
  const cut = inside(p, flat) || inside(q, flat) ? clip(p, q, flat) : null;
  if (!cut) return;
  const [enter, leave] = cut;
  if (enter > 0) add(between(p, q, enter), first + enter * (last - first), false);
  const size = (leave - enter) * Math.hypot(q[0] - p[0], q[1] - p[1], flat ? 0 : q[2] - p[2]);
  const pieces = Math.max(1, Math.ceil(size / LONGEST_PIECE));
  for (let k = 1; k <= pieces; k += 1) {
    const t = enter + ((leave - enter) * k) / pieces;
    add(between(p, q, t), first + t * (last - first), true);
  }
}

/**
 * The part of a line inside the unit box, as the two ends' shares of it (Liang and Barsky 1984).
 * @param {Vec} p
 * @param {Vec} q
 * @param {boolean} flat
 * @returns {[number, number]|null}
 */
export function clip(p, q, flat) {
  let [enter, leave] = [0, 1];
  for (let axis = 0; axis < (flat ? 2 : 3); axis += 1) {
    const delta = q[axis] - p[axis];
    if (delta === 0) {
      if (p[axis] < 0 || p[axis] > 1) return null;
      continue;
    }
    const [t0, t1] = [-p[axis] / delta, (1 - p[axis]) / delta];
    enter = Math.max(enter, Math.min(t0, t1));
    leave = Math.min(leave, Math.max(t0, t1));
  }
  return enter < leave ? [enter, leave] : null;
}

/**
 * Where the path was when it left the picture, for an entry outside; null when it is inside or never was.
 * @param {Run} run
 * @param {number} entry
 * @param {Box} box
 * @param {Heights} heights
 * @param {boolean} [flat]
 * @returns {Exit|null}
 */
export function exitOf(run, entry, box, heights, flat = false) {
  let first = entry + 1;
  while (first > 0 && !inside(placeOf(run, first - 1, box, heights), flat)) first -= 1;
  if (first === entry + 1 || first === 0) return null;
  const p = placeOf(run, first - 1, box, heights);
  const q = placeOf(run, first, box, heights);
  const cut = clip(p, q, flat);
  return {
    from: cut ? between(p, q, cut[1]) : p,
    toward: [q[0] - p[0], q[1] - p[1], flat ? 0 : q[2] - p[2]],
    entry: first,
  };
}
