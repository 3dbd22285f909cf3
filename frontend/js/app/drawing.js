/** Points of one's own while they are drawn: what is drawn, what can be undone, and the document that learns from it. */

import { fitting } from "../document/changes.js";
import { learnsFrom, mayBeLearnt, usualLabel, withOwnPoints } from "../document/own-points.js";

/** @import { Drawing, Experiment, Store, Points } from "../document/types.js" */

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
    /** @param {Points} points @param {Drawing["window"]} window   Of the data plane. */
    beginDrawing(points, window) {
      const given = learnsFrom(store.get().doc, points);
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
