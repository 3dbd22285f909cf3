/** What the page asks beside the experiment: the network at the cursor, single questions, and studies. */

import { createQuery } from "../model/query.js";

/** @import { Frame, Store, StudyAnswer } from "../document/types.js" */

/**
 * @param {Store} store
 * @param {(message: Record<string, any>) => boolean} send
 * @param {() => number} nextId
 * @param {() => number|null} shown   Which of the experiments opened so far is on show, if any is.
 */
export function createAsking(store, send, nextId, shown) {
  /**
   * @type {Map<number, {kind: string|null, answer: StudyAnswer}>} What is not answered yet; of each kind of study the newest alone.
   */
  const awaited = new Map();

  /** @param {Record<string, any>} message @param {string|null} kind @param {StudyAnswer} answer */
  function request(message, kind, answer) {
    const id = nextId();
    for (const [other, before] of awaited) if (kind && before.kind === kind) awaited.delete(other);
    if (send({ ...message, id })) awaited.set(id, { kind, answer });
    else answer(null, null);
    return () => {
      if (awaited.delete(id)) send({ type: "cancel", id });
    };
  }

  /**
   * A question of its own, answered by an inspection frame (null when refused, or lost with the connection).
   * @param {Record<string, any>} question
   * @returns {Promise<Frame|null>}
   */
  const ask = (question) =>
    new Promise((resolve) => request({ type: "inspect", ...question }, null, (frame) => resolve(frame)));

  /**
   * Asks for a study, which is answered frame by frame, each in place of the one before; the one before of its kind falls silent.
   * @param {Record<string, any>} place   A run and step, theta, or a point of the plane.
   * @param {{kind: string} & Record<string, any>} wanted
   * @param {StudyAnswer} answer
   * @returns {() => void}   Gives it up, unless it is answered.
   */
  const study = (place, wanted, answer) =>
    request({ type: "study", ...place, study: wanted }, wanted.kind, answer);

  const cursor = createQuery(
    (place, { kind, ...wanted }, answer) => request({ type: "inspect", ...place, ...wanted }, null, answer),
    {
      show({ meta, arrays }, { place, of = [] }) {
        const key = JSON.stringify([place, of]);
        store.set({
          inspection: { run: store.get().focus, at: null, ...place, opening: of[0], key, meta, arrays },
        });
      },
      refuse() {},
      entered: (state) => (state === "answered" || state === "outdated") && inspect(),
    },
  );

  /** Asks for the network at the cursor; one question at a time, always the newest. */
  function inspect() {
    const { runs, focus, step, inspection, problem, look, drawing } = store.get();
    const [run, opening] = [runs[focus], shown()];
    if (!run || run.count === 0 || !problem || opening === null) return;
    // The page forgets the answer when it leaves an experiment, and may come back to it.
    if (!inspection && cursor.state() === "answered") cursor.forget();
    cursor.ask({
      place: look ? { at: look.at } : { run: focus, step: Math.min(step, run.count - 1) },
      study: {
        kind: "inspection",
        want: ["outputs", "examples"],
        ...(drawing && { window: drawing.window }),
      },
      of: [opening, look?.plane],
    });
  }

  /** @param {number} id @param {Frame|null} frame @param {Record<string, any>|null} problem */
  function settle(id, frame, problem) {
    const asked = awaited.get(id);
    if (!(frame && frame.meta.progress < 1)) awaited.delete(id);
    asked?.answer(frame, problem);
  }

  store.watch(["step", "focus", "look", "drawing"], inspect);

  return {
    ask,
    study,
    inspect,
    /** @param {Frame} frame */
    onFrame: (frame) => settle(frame.meta.id, frame, null),
    /** What has this id is refused. @param {number} id @param {Record<string, any>} problem */
    refuse: (id, problem) => settle(id, null, problem),
    /** What was asked over a connection that is lost has no answer any more. */
    lose() {
      for (const id of [...awaited.keys()]) settle(id, null, null);
    },
  };
}
