/** What the page asks beside the experiment: the network at the cursor, single questions, and studies. */

/** @import { Frame, Pair, Store, StudyAnswer } from "../document/types.js" */

/**
 * @param {Store} store
 * @param {(message: Record<string, any>) => boolean} send
 * @param {() => number} nextId
 * @param {() => number|null} shown   Which of the experiments opened so far is on show, if any is.
 */
export function createAsking(store, send, nextId, shown) {
  /** @type {{id: number, run: number, step: number, at: Pair|null, key: string}|null} */
  let inspecting = null;
  /** @type {Map<number, (result: any) => void>} */
  const awaited = new Map();
  /** @type {Map<number, {kind: string, answer: StudyAnswer}>} */
  const studies = new Map();

  /**
   * A question of its own, answered by an inspection frame (null when refused, or lost with the connection).
   * @param {Record<string, any>} question
   * @returns {Promise<Frame|null>}
   */
  function ask(question) {
    const id = nextId();
    if (!send({ type: "inspect", id, ...question })) return Promise.resolve(null);
    return new Promise((resolve) => awaited.set(id, resolve));
  }

  /**
   * Asks for a study, which is answered frame by frame, each in place of the one before; the one before of its kind falls silent.
   * @param {Record<string, any>} place   A run and step, theta, or a point of the plane.
   * @param {{kind: string} & Record<string, any>} wanted
   * @param {StudyAnswer} answer
   * @returns {() => void}   Gives it up, unless it is answered.
   */
  function study(place, wanted, answer) {
    const id = nextId();
    for (const [other, { kind }] of studies) if (kind === wanted.kind) studies.delete(other);
    if (send({ type: "study", id, ...place, study: wanted })) studies.set(id, { kind: wanted.kind, answer });
    else answer(null, null);
    return () => {
      if (studies.delete(id)) send({ type: "cancel", id });
    };
  }

  /** Asks for the network at the cursor; one question at a time, always the newest. */
  function inspect() {
    const { runs, focus, step, inspection, problem, look } = store.get();
    const [run, opening] = [runs[focus], shown()];
    if (inspecting || !run || run.count === 0 || !problem || opening === null) return;
    const entry = Math.min(step, run.count - 1);
    const place = look ? { at: look.at } : { run: focus, step: entry };
    const key = JSON.stringify([place, opening, look?.plane]);
    if (inspection?.key === key) return;
    const id = nextId();
    const message = { type: "inspect", id, ...place, want: ["outputs", "examples"] };
    if (send(message)) inspecting = { id, run: focus, step: entry, at: look?.at ?? null, key };
  }

  /** @param {Frame} frame */
  function onStudy(frame) {
    const asked = studies.get(frame.meta.id);
    if (frame.meta.progress === 1) studies.delete(frame.meta.id);
    asked?.answer(frame, null);
  }

  /** @param {Frame} frame */
  function onInspection(frame) {
    if (!inspecting || frame.meta.id !== inspecting.id) return settle(frame.meta.id, frame);
    const { id, ...asked } = inspecting;
    inspecting = null;
    store.set({ inspection: { ...asked, meta: frame.meta, arrays: frame.arrays } });
    inspect();
  }

  /** @param {number} id @param {Frame|null} answer */
  function settle(id, answer) {
    awaited.get(id)?.(answer);
    awaited.delete(id);
  }

  /** @param {number} id @param {Record<string, any>|null} problem */
  function endStudy(id, problem) {
    const asked = studies.get(id);
    studies.delete(id);
    asked?.answer(null, problem);
  }

  store.watch(["step", "focus", "look"], inspect);

  return {
    ask,
    study,
    inspect,
    /** @param {Frame} frame */
    onFrame(frame) {
      if (frame.kind === "study") onStudy(frame);
      else onInspection(frame);
    },
    /** What has this id is refused. @param {number} id @param {Record<string, any>} problem */
    refuse(id, problem) {
      if (id === inspecting?.id) inspecting = null;
      settle(id, null);
      endStudy(id, problem);
    },
    /** What was asked over a connection that is lost has no answer any more. */
    lose() {
      inspecting = null;
      for (const id of [...awaited.keys()]) settle(id, null);
      for (const id of [...studies.keys()]) endStudy(id, null);
    },
  };
}
