/** From the state to what the overlay draws, for any way of looking: 3D and from above differ only in their space. */

import { clamp } from "../document/controls.js";
import { cut } from "../document/names.js";
import { endWords } from "../model/runs.js";
import { ballsOf } from "../plot/picture.js";
import { exitOf, inside, placeOf } from "../plot/track.js";

/** @import { AppState, Heights, Run } from "../document/types.js" */
/** @import { Box, Camera } from "../plot/camera.js" */
/** @import { Rect } from "../plot/labels.js" */
/** @import { Mark } from "../plot/overlay-shapes.js" */
/** @import { Picture } from "../plot/picture.js" */
/** @import { Exit, Track, Vec } from "../plot/track.js" */
/** @import { Ink, Point } from "../ui/canvas.js" */
/** @import { Place } from "./readout.js" */

/**
 * @typedef {object} Space          A way of looking at the box.
 * @property {boolean} flat         From above: heights are not seen.
 * @property {(place: Vec) => Point} pixel
 * @property {(place: Vec) => boolean} seen
 */

/**
 * What the stage does for its two sides.
 * @typedef {object} StageSide
 * @property {(pane: HTMLElement) => Rect[]} taken   Where controls lie over a pane: modes, legend, scale, tools.
 * @property {(place: Place|null, aloud?: boolean) => void} read
 * @property {(camera: Camera) => void} cameraMoved
 * @property {() => boolean} turned   Whether the learner has turned the picture since it was first seen.
 */

/**
 * @typedef {object} ProjectedTrack   A run's track on the screen.
 * @property {Float32Array} x
 * @property {Float32Array} y
 * @property {Uint8Array} seen        Whether the surface leaves the point in view.
 * @property {Float32Array} at
 * @property {Uint8Array} joined
 */

/**
 * @typedef {object} OverlayRun
 * @property {number} index
 * @property {string} label
 * @property {string} color
 * @property {ProjectedTrack} track
 * @property {number} step            The entry at the cursor.
 * @property {{at: Point, seen: boolean}|null} ball       Null where the run is outside the picture.
 * @property {{at: Point, seen: boolean}|null} projected     Its projection on the surface, where that is another height.
 * @property {{at: Point, toward: Point, text: string}|null} exit
 */

/** @typedef {{kind: string, at: Point, seen: boolean, text: string}} OverlayMark */

/**
 * @typedef {object} OverlayArrow
 * @property {string} kind
 * @property {string} text
 * @property {string} color
 * @property {string|null} tag      The colour of its label, where it has one.
 * @property {{points: Point[], seen: boolean}[]} lines
 * @property {Point|null} tip       Null where the arrow leaves the picture.
 * @property {Point} toward
 */

/**
 * @typedef {object} Overlay
 * @property {OverlayRun[]} runs
 * @property {OverlayMark[]} marks
 * @property {OverlayArrow[]} arrows
 * @property {number|null} lifted
 * @property {Rect[]} taken   Controls that labels keep clear of.
 * @property {Rect} frame     Where labels may be.
 * @property {Ink} ink
 */

/** A learner's own name for a run may be long; the legend has it whole. */
const LONGEST_LABEL = 24;
/** Heights nearer than this share of the axis are one height to the eye. */
const SAME_HEIGHT = 0.006;

/** @param {Track} track @param {Space} space @returns {ProjectedTrack} */
export function projectTrack({ places, at, joined }, { pixel, seen }) {
  const count = at.length;
  const shown = {
    x: new Float32Array(count),
    y: new Float32Array(count),
    seen: new Uint8Array(count),
    at,
    joined,
  };
  for (let k = 0; k < count; k += 1) {
    const place = /** @type {Vec} */ ([places[3 * k], places[3 * k + 1], places[3 * k + 2]]);
    [shown.x[k], shown.y[k]] = pixel(place);
    shown.seen[k] = seen(place) ? 1 : 0;
  }
  return shown;
}

/**
 * @param {AppState} state
 * @param {Picture} picture
 * @param {ProjectedTrack[]} tracks   By run.
 * @param {Space} space
 * @returns {OverlayRun[]}
 */
export function overlayRuns(state, { box, heights }, tracks, space) {
  return ballsOf(state)
    .filter(({ index }) => tracks[index])
    .map(({ run, index, entry }) => {
      const place = placeOf(run, entry, box, heights);
      const here = inside(place, space.flat);
      const ended = entry === run.count - 1 ? endWords(run) : "";
      return {
        index,
        label: [shortened(run.label), ended].filter(Boolean).join(", "),
        color: run.color,
        track: tracks[index],
        step: entry,
        ball: here ? { at: space.pixel(place), seen: space.seen(place) } : null,
        projected:
          here && !space.flat && !state.plane?.exact
            ? projectionOf(run, entry, place, heights, box, space)
            : null,
        exit: here
          ? null
          : overlayExit(run.label, exitOf(run, entry, box, heights, space.flat), ended, space),
      };
    });
}

/**
 * @param {Run} run @param {number} entry @param {Vec} place
 * @param {Heights} heights @param {Box} box @param {Space} space
 */
function projectionOf(run, entry, place, heights, { low, high }, space) {
  const height = (heights.of(run.projectedCost[entry]) - low[2]) / (high[2] - low[2]);
  if (!Number.isFinite(height) || Math.abs(height - place[2]) < SAME_HEIGHT) return null;
  // A surface above the picture is drawn flat at its top, and that is where the line must end.
  const foot = /** @type {Vec} */ ([place[0], place[1], clamp(height, 0, 1)]);
  return { at: space.pixel(foot), seen: space.seen(foot) };
}

/** @param {string} label */
const shortened = (label) => cut(label, LONGEST_LABEL);

/** @param {string} label @param {Exit|null} exit @param {string} ended @param {Space} space */
function overlayExit(label, exit, ended, { pixel }) {
  if (!exit) return null;
  const norm = Math.hypot(...exit.toward) || 1;
  const at = pixel(exit.from);
  const ahead = pixel(/** @type {Vec} */ (exit.from.map((part, k) => part + (0.05 * exit.toward[k]) / norm)));
  const text = `${shortened(label)} ${ended && `${ended}, `}left at step ${exit.entry}`;
  return { at, toward: /** @type {Point} */ ([ahead[0] - at[0], ahead[1] - at[1]]), text };
}

/** @param {Mark[]} marks @param {Picture} picture @param {Space} space @returns {OverlayMark[]} */
export function overlayMarks(marks, { box, heights }, space) {
  return marks.flatMap(({ kind, a, b, cost, text }) => {
    const place = placeOf(/** @type {any} */ ({ a: [a], b: [b], cost: [cost] }), 0, box, heights);
    return inside(place, space.flat) ? [{ kind, at: space.pixel(place), seen: space.seen(place), text }] : [];
  });
}

/**
 * The run whose path passes nearest to a pixel, within reach.
 * @param {ProjectedTrack[]} tracks
 * @param {Point} pointer
 * @param {number} reach
 * @returns {number|null}
 */
export function nearestRun(tracks, [px, py], reach) {
  let best = { distance: reach, index: /** @type {number|null} */ (null) };
  tracks.forEach(({ x, y }, index) => {
    for (let k = 0; k < x.length; k += 1) {
      const distance = Math.hypot(x[k] - px, y[k] - py);
      if (distance < best.distance) best = { distance, index };
    }
  });
  return best.index;
}
