/** Points of one's own while they are drawn: what is drawn, what can be undone, and the document that learns from it. */

import { fitting } from "../document/changes.js";
import {
  learnsFrom,
  mayBeLearnt,
  NO_POINTS,
  pointsDrawn,
  pointsGiven,
  usualLabel,
  withOwnPoints,
} from "../document/own-points.js";
import { answersOf } from "../plot/answers.js";

/** @import { Drawing, Experiment, Frame, Store } from "../document/types.js" */
/** @import { Points } from "../document/own-points.js" */
/** @import { Answers } from "../plot/answers.js" */

/** Room around the examples to draw in, in widths of their window. */
const ROOM = 0.08;
/** Where an empty plane is drawn. @type {Answers["window"]} */
const EMPTY_WINDOW = [
  [-1.2, 1.2],
  [-1.2, 1.2],
];
/** Changes that can be undone. */
const MOST_UNDONE = 200;

/**
 * @param {Store} store
 * @param {(doc: Experiment) => void} open   Learns from the document, the cursor staying where it is.
 */
export function createDrawing(store, open) {
  /** The points that the document learns from by now. @type {Points|null} */
  let learnt = null;

  /** @param {Partial<Drawing>} patch */
  function change(patch) {
    const { drawing } = store.get();
    if (drawing) store.set({ drawing: { ...drawing, ...patch } });
  }

  /** @param {Points} points @param {Points|null} [before]   What was learnt from until now. */
  function learn(points, before = learnt) {
    const { doc, catalog } = store.get();
    if (!doc || !catalog || !mayBeLearnt(points)) return;
    learnt = points;
    open(fitting(withOwnPoints(doc, catalog, points, before), doc));
  }

  // Another experiment, or other data, and what was drawn is no longer what is learnt from.
  store.watch(["doc", "entry"], ({ doc, connection, drawing }) => {
    if (drawing && connection === "open" && learnt && !learnsFrom(doc, learnt)) store.set({ drawing: null });
  });

  return {
    /** Begins with the examples on show; with none where they cannot be drawn whole. */
    beginDrawing() {
      const { doc, inspection, data } = store.get();
      if (!doc || doc.problem.kind === "formula") return;
      const shown = answersOf(inspection, data);
      const whole = shown !== null && inspection?.meta.outputs.exact;
      const points = (whole && (pointsGiven(doc) ?? pointsOf(shown, data))) || NO_POINTS;
      const window = whole ? widened(shown.window) : EMPTY_WINDOW;
      const given = learnsFrom(doc, points);
      learnt = given ? points : null;
      store.set({ drawing: { points, past: [], window, label: usualLabel(points), tool: "add" } });
      if (!given) learn(points, points);
    },
    /** @param {Points} points @param {boolean} [again]   Whether it is a part of the change before. */
    draw(points, again = false) {
      const { drawing } = store.get();
      if (!drawing) return;
      const past = again ? drawing.past : [...drawing.past, drawing.points].slice(-MOST_UNDONE);
      change({ points, past });
      learn(points);
    },
    undoDrawing() {
      const { drawing } = store.get();
      const points = drawing?.past.at(-1);
      if (!drawing || !points) return;
      change({ points, past: drawing.past.slice(0, -1) });
      learn(points);
    },
    /** @param {Partial<Pick<Drawing, "label"|"tool">>} choice */
    drawWith: (choice) => change(choice),
    endDrawing: () => store.set({ drawing: null }),
  };
}

/** @param {Answers} shown @param {Frame|null} data @returns {Points} */
function pointsOf({ curve }, data) {
  const { points, targets, test_points: kept, test_targets: keptTargets } = data?.arrays.data ?? {};
  const numbers = [...points.data, ...(kept?.data ?? [])];
  return pointsDrawn({
    places: Array.from({ length: numbers.length / 2 }, (_, k) => [numbers[2 * k], numbers[2 * k + 1]]),
    targets: [...targets.data, ...(keptTargets?.data ?? [])],
    names: data?.meta.data.class_names ?? null,
    inputs: curve ? 1 : 2,
  });
}

/** @param {Answers["window"]} window */
const widened = (window) =>
  /** @type {Answers["window"]} */ (
    window.map(([low, high]) => [low - ROOM * (high - low), high + ROOM * (high - low)])
  );
