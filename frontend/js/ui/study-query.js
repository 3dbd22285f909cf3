/** A question that a view keeps asking about the place under the cursor, at a pace that the service can follow. */

import { placeOf } from "../model/cursor.js";
import { refusalSaid } from "../model/refusal.js";

/** @typedef {import("../document/types.js").AppState} AppState */
/** @typedef {import("../document/types.js").Frame} Frame */

/** A study is asked for so often at most, in milliseconds: the cursor may pass sixty steps a second. */
const PACE = 120;
/** The quadratic model is sampled like the surface, so that where the two agree they do not flicker through each other; at most so finely. */
const FINEST = 201;
/** The status of a study that was given up: asked again it may be answered. */
const GIVEN_UP = 409;

/**
 * @typedef {object} StudyQuery
 * @property {{kind: string} & Record<string, any>} study
 * @property {boolean} [onRun]     Only of a place on a run: at a point of the plane the cursor's place is taken.
 * @property {boolean} [once]      Of the run as a whole: the same at all of its steps.
 */

/**
 * @param {import("../document/types.js").Store} store
 * @param {import("../document/types.js").Actions} actions
 * @param {() => boolean} open
 * @param {{ask: (state: AppState) => StudyQuery|null, show: (frame: Frame, place: Record<string, any>) => void, refuse: (words: string, place: Record<string, any>) => void}} view
 */
export function createStudyQuery(store, actions, open, { ask, show, refuse }) {
  let asked = "";
  let busy = 0;
  let count = 0;
  let timer = 0;

  function schedule() {
    timer ||= window.setTimeout(inquire, PACE);
  }

  function inquire() {
    timer = 0;
    const state = store.get();
    const query = open() ? ask(state) : null;
    const place = query && placeFor(state, query);
    if (!query || !place || busy) return;
    const key = JSON.stringify([
      place,
      query.study,
      query.once ? state.inspection?.key.replace(/"step":\d+/, "") : state.inspection?.key,
      query.once && state.phase === "ready",
    ]);
    if (key === asked) return;
    asked = key;
    busy = ++count;
    const own = busy;
    actions.study(place, query.study, (frame, problem) => {
      if (busy !== own && frame === null) return;
      if (frame) show(frame, place);
      else if (problem && problem.status !== GIVEN_UP) refuse(refusalSaid(problem), place);
      if (frame === null && (!problem || problem.status === GIVEN_UP)) asked = "";
      if (frame && frame.meta.progress < 1) return;
      busy = 0;
      schedule();
    });
  }

  store.watch(["step", "focus", "look", "inspection", "phase", "doc"], schedule);
  return {
    refresh: schedule,
    /** Asks anew even when nothing changed: what was under way may have fallen silent. */
    wake() {
      busy = 0;
      asked = "";
      schedule();
    },
  };
}

/**
 * @typedef {object} Listener
 * @property {() => boolean} open
 * @property {(frame: Frame, place: Record<string, any>) => void} show
 * @property {(words: string) => void} refuse
 */

/**
 * A study query that several views have in common: asked while one of them is open, answered to all that are. (Of each
 * kind the service answers the newest question alone, so that two who ask would silence each other.)
 * @param {import("../document/types.js").Store} store
 * @param {import("../document/types.js").Actions} actions
 * @param {(state: AppState) => StudyQuery} ask
 */
function createShared(store, actions, ask) {
  const listeners = /** @type {Listener[]} */ ([]);
  const listening = () => listeners.filter(({ open }) => open());
  const { refresh, wake } = createStudyQuery(store, actions, () => listening().length > 0, {
    ask,
    show: (frame, place) => listening().forEach(({ show }) => show(frame, place)),
    refuse: (words) => listening().forEach(({ refuse }) => refuse(words)),
  });
  return {
    /** @param {Listener} listener */
    join(listener) {
      listeners.push(listener);
      return { refresh, wake };
    },
  };
}

/** @typedef {ReturnType<typeof createShared>} Shared */

/**
 * What both the stage and the Step view may ask about the place under the cursor.
 * @param {import("../document/types.js").Store} store
 * @param {import("../document/types.js").Actions} actions
 */
export function createQuestions(store, actions) {
  return {
    others: createShared(store, actions, () => ({ study: { kind: "others" }, onRun: true })),
    newton: createShared(store, actions, () => ({ study: { kind: "newton" } })),
    quadratic: createShared(store, actions, ({ doc }) => ({
      study: { kind: "quadratic_model", resolution: Math.min(FINEST, doc?.view.grid.resolution ?? FINEST) },
    })),
  };
}

/** @typedef {ReturnType<typeof createQuestions>} Questions */

/** @param {AppState} state @param {StudyQuery} query @returns {Record<string, any>|null} */
function placeFor(state, { onRun = false, once = false }) {
  if (once) return state.runs[state.focus]?.count ? { run: state.focus, step: 0 } : null;
  return placeOf(onRun ? { ...state, look: null } : state);
}
