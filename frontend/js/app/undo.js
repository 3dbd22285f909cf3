/** Undo and redo: the state's history of what was done, whichever way it was done, and the way back through it. */

import { changeOf, OPENED, openingOf } from "../document/change-words.js";
import { withDrawn } from "../document/view.js";
import { amend, NOTHING_DONE, present, push, redo, undo } from "../model/history.js";

/** @import { HistoryEntry, Experiment, History, Loading, Store } from "../document/types.js" */

/** What follows so soon on a change of the same is a part of it: a key that is held, a number that is typed. */
const ONE_GO_MS = 1000;
/** What ends a drag, or a stay in a field. */
const ENDS = ["pointerdown", "focusin", "change"];

/**
 * @param {Store} store
 * @param {object} ways
 * @param {(doc: Experiment, options: {keepPlane: boolean}) => void} ways.open   Shows a document, the cursor staying where it is.
 * @param {(doc: Experiment, options: Loading) => void} ways.load
 * @param {() => void} ways.undoDrawing
 * @param {Pick<Document, "addEventListener">} page
 * @param {() => number} now   Milliseconds.
 */
export function keepHistory(store, { open, load, undoDrawing }, page, now) {
  let { entry, assignment } = store.get();
  /** Whether a hand is still at what it began. */
  let held = false;
  let last = -Infinity;
  let stepping = false;
  for (const kind of ENDS) page.addEventListener(kind, () => (held = false), { capture: true });

  store.watch(["doc", "entry", "tour"], (state) => {
    const { doc, history, catalog, drawing, tour } = state;
    const opened = state.entry !== entry;
    entry = state.entry;
    if (!doc) return;
    const given = state.assignment !== null && state.assignment !== assignment;
    assignment = state.assignment;
    // What was done before it holds nothing as it is set.
    if (given) return store.set({ history: push(NOTHING_DONE, doc, "", { tour }) });
    const before = present(history);
    if (!before) return store.set({ history: push(history, doc, "", { tour }) });
    if (doc === before.document && tour === before.tour) return;
    const stop = tour === before.tour ? null : tour;
    const change = opened ? openingOf(doc, catalog, stop) : changeOf(before.document, doc, catalog);
    if (!change || stepping) return store.set({ history: amend(history, doc, tour) });
    // What is drawn has steps of its own, which are taken back one by one while it is drawn.
    const again = held || now() - last < ONE_GO_MS || drawing !== null;
    held = true;
    last = now();
    store.set({ history: push(history, doc, change.words, { of: change.of, again, tour }) });
  });

  /** @param {History} history @param {HistoryEntry} crossed   What is taken back, or done again. */
  function go(history, crossed) {
    const entry = present(history);
    const { doc, connection } = store.get();
    // Without a connection what is asked for waits, and the page stays as it is.
    if (!entry || !doc || connection !== "open") return;
    store.set({ history, fault: null });
    stepping = true;
    held = false;
    last = -Infinity;
    // Another problem may be chosen at an assignment or a stop of the tour: taking it back leaves neither.
    const leading = store.get().assignment ? {} : { tour: entry.tour };
    if (crossed.of === OPENED) load(entry.document, { entry: "own", ...leading });
    else open(inReach(withDrawn(entry.document, doc)), { keepPlane: crossed.of === "start" });
    stepping = false;
  }

  return {
    undo() {
      const { history, drawing } = store.get();
      const crossed = history.entries[history.at];
      if (drawing && drawing.past.length > 0) undoDrawing();
      else if (history.at > 0) go(undo(history), crossed);
    },
    redo() {
      const { history } = store.get();
      const crossed = history.entries[history.at + 1];
      if (crossed) go(redo(history), crossed);
    },
  };
}

/** With a run in focus that there is. @param {Experiment} doc @returns {Experiment} */
function inReach(doc) {
  const run = Math.min(doc.view.run, doc.runs.length - 1);
  return run === doc.view.run ? doc : { ...doc, view: { ...doc.view, run } };
}
