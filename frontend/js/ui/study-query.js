/** A question that a view keeps asking about the place under the cursor, at a pace that the service can follow. */

import { placeOf } from "../model/cursor.js";
import { createQuery } from "../model/query.js";

/** @typedef {import("../document/types.js").AppState} AppState */
/** @typedef {import("../document/types.js").Frame} Frame */

/** A study is asked for so often at most, in milliseconds: the cursor may pass sixty steps a second. */
const PACE = 120;
/**
 * The quadratic model is sampled like the surface, so that where the two agree they do not flicker through
 * each other; at most so finely.
 */
const FINEST = 201;

/**
 * @typedef {object} StudyQuery
 * @property {{kind: string} & Record<string, any>} study
 * @property {Record<string, any>} [place]   Where not under the cursor.
 * @property {boolean} [onRun]     Only of a place on a run: at a point of the plane the cursor's place is taken.
 * @property {boolean} [once]      Of the run as a whole: the same at all of its steps.
 * @property {boolean} [settling]  Asked once more when all runs are whole, which may turn the plane.
 */

/**
 * @typedef {object} Listener
 * @property {() => boolean} open   Whether it is in sight: what is not, neither asks nor is told.
 * @property {(frame: Frame, place: Record<string, any>) => void} show
 * @property {(words: string, place: Record<string, any>) => void} refuse
 */

/**
 * A question of one view's own.
 * @param {import("../document/types.js").Store} store
 * @param {import("../document/types.js").Actions} actions
 * @param {() => boolean} open
 * @param {{ask: (state: AppState) => StudyQuery|null, replaces?: boolean} & Omit<Listener, "open">} view   replaces: a new question does not wait for the answer to the one before.
 */
export const createStudyQuery = (store, actions, open, { ask, replaces, ...view }) =>
  createShared(store, actions, ask, replaces).join({ open, ...view });

/**
 * A question that several views have in common: asked while one of them is open, answered to all that are. (Of each
 * kind the service answers the newest question alone, so that two who ask would silence each other.)
 * @param {import("../document/types.js").Store} store
 * @param {import("../document/types.js").Actions} actions
 * @param {(state: AppState) => StudyQuery|null} ask
 * @param {boolean} [replaces]
 */
function createShared(store, actions, ask, replaces) {
  const listeners = /** @type {Listener[]} */ ([]);
  let told = /** @type {Listener[]} */ ([]);
  let timer = 0;
  const listening = () => listeners.filter(({ open }) => open());
  const query = createQuery(actions.study, {
    show: (frame, { place }) => listening().forEach(({ show }) => show(frame, place)),
    refuse: (words, { place }) => listening().forEach(({ refuse }) => refuse(words, place)),
    entered: (state) => state !== "asked" && refresh(),
    replaces,
  });

  function refresh() {
    timer ||= setTimeout(inquire, PACE);
  }

  function inquire() {
    timer = 0;
    const state = store.get();
    const open = listening();
    // Who was closed has missed the answer, and the service may have been asked the like by another.
    if (open.some((listener) => !told.includes(listener))) query.forget();
    told = open;
    const asked = open.length > 0 && state.connection === "open" ? ask(state) : null;
    const place = asked && placeFor(state, asked);
    if (!asked || !place) return;
    const { once = false, settling = once } = asked;
    const experiment = once ? state.inspection?.opening : state.inspection?.key;
    query.ask({ place, study: asked.study, of: [experiment, settling && state.phase === "ready"] });
  }

  store.watch(["step", "focus", "look", "inspection", "phase", "doc", "connection"], refresh);
  return {
    /**
     * @param {Listener} listener
     * @returns {{refresh: () => void}} refresh: to be called when it opens, closes, or asks for something else.
     */
    join(listener) {
      listeners.push(listener);
      return { refresh };
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
function placeFor(state, { place, onRun = false, once = false }) {
  if (place) return place;
  if (once) return state.runs[state.focus]?.count ? { run: state.focus, step: 0 } : null;
  return placeOf(onRun ? { ...state, look: null } : state);
}
