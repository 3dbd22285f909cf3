/** A question that is asked anew whenever what it depends on is another, and where its answer stands. Pure. */

import { refusalSaid } from "../wire/refusal.js";
import { createState } from "./state.js";

/** @typedef {import("../document/types.js").Frame} Frame */
/** @typedef {import("../document/types.js").Actions["study"]} Send */

/**
 * @typedef {object} Question
 * @property {Record<string, any>} place
 * @property {{kind: string} & Record<string, any>} study
 * @property {any[]} [of]         What else its answer depends on.
 */

/** @typedef {"idle"|"asked"|"answered"|"outdated"|"failed"} QueryState */

/**
 * Not asked, or given up by the service or with the connection; under way, with partial answers perhaps; answered;
 * answered, but what is wanted by now is something else; refused.
 * @type {import("./state.js").Moves<QueryState>}
 */
const QUERY = Object.freeze({
  idle: ["asked"],
  asked: ["idle", "answered", "outdated", "failed"],
  answered: ["idle", "asked"],
  outdated: ["idle", "asked", "answered"],
  failed: ["idle", "asked"],
});

/** The status of a study that was given up: asked again it may be answered. */
const GIVEN_UP = 409;

/** @param {Question} question */
const keyOf = ({ place, study, of }) => JSON.stringify([place, study, of]);

/**
 * @param {Send} send
 * @param {object} view
 * @param {(frame: Frame, question: Question) => void} view.show   Told of every answer, partial ones too, and of what.
 * @param {(words: string, question: Question) => void} view.refuse
 * @param {(state: QueryState) => void} [view.entered]   Where the answer stands by now.
 * @param {boolean} [view.replaces]   A new question takes the place of the one under way; else it waits for its answer.
 * @param {number} [view.partialMs]   A partial answer waits so long for the next before it is shown, and is then taken for the answer.
 */
export function createQuery(send, { show, refuse, entered = () => {}, replaces = false, partialMs }) {
  const state = createState(QUERY, "idle", entered);
  let asked = /** @type {Question|null} */ (null);
  let [key, wanted] = ["", ""];
  let giveUp = () => {};
  let timer = /** @type {ReturnType<typeof setTimeout>|undefined} */ (undefined);

  /** Asks, unless that is what was asked last. @param {Question} question */
  function ask(question) {
    wanted = keyOf(question);
    if (asked && wanted === key) {
      if (state.get() === "outdated") state.move("answered");
      return;
    }
    if (state.get() === "asked") {
      if (!replaces) return;
      forget();
    }
    asked = question;
    key = wanted;
    state.move("asked");
    giveUp = send(question.place, question.study, (frame, problem) => {
      // Of a question that was forgotten nothing is shown.
      if (asked !== question) return;
      clearTimeout(timer);
      if (!frame) fail(question, problem);
      else if (frame.meta.progress < 1) takePartial(question, frame);
      else take(question, frame);
    });
  }

  /** @param {Question} question @param {Frame} frame */
  function take(question, frame) {
    show(frame, question);
    if (asked === question) state.move(key === wanted ? "answered" : "outdated");
  }

  /** @param {Question} question @param {Frame} frame */
  function takePartial(question, frame) {
    if (partialMs === undefined) show(frame, question);
    else timer = setTimeout(() => take(question, frame), partialMs);
  }

  /** @param {Question} question @param {Record<string, any>|null} problem */
  function fail(question, problem) {
    if (!problem || problem.status === GIVEN_UP) {
      asked = null;
      state.move("idle");
      return;
    }
    refuse(refusalSaid(problem), question);
    if (asked === question) state.move("failed");
  }

  /** Gives up what is under way; whatever was asked may be asked again. */
  function forget() {
    clearTimeout(timer);
    asked = null;
    giveUp();
    state.move("idle");
  }

  return { ask, forget, state: state.get };
}

/**
 * The answer to a question that is asked once.
 * @param {Send} send
 * @param {Question} question
 * @returns {Promise<Frame>}
 * @throws {Error} with the reason where it is refused or given up.
 */
export function askOnce(send, question) {
  return new Promise((resolve, reject) => {
    const refuse = (/** @type {string} */ words) => reject(new Error(words));
    const entered = (/** @type {QueryState} */ state) =>
      state === "idle" && refuse("The question was given up: ask again.");
    createQuery(send, { show: resolve, refuse, entered }).ask(question);
  });
}
