/** What a student does at an assignment, kept on this machine until it is handed in. */

import { isGroup } from "../document/view.js";
import { NOTHING_DONE, push } from "../model/history.js";
import { recall, remember } from "../ui/memory.js";
import { MOST } from "./bounds.js";
import { differences } from "./differences.js";
import { answerOf, bare, reachedBy, reachedWith } from "./submission.js";

/** @import { AppState, OpenAssignment, Store } from "../document/types.js" */
/** @import { Assignment } from "./assignment.js" */
/** @import { Answer, Document, Submission } from "./submission.js" */

/** Changes of the same values within so short a time are one: a slider on its way. */
const ONE_GO_MS = 1500;

/**
 * @param {OpenAssignment} opened
 * @param {Store} store
 * @param {() => void} changed   Called with every answer and every move.
 */
export function createRecord({ link, given }, store, changed) {
  const assignment = /** @type {Assignment} */ (given);
  const key = `assignment.${digest(link)}`;
  /** @type {Omit<Submission, "assignment">} */
  let kept = readKept(recall(key), assignment);
  let before = /** @type {Document|null} */ (null);
  let done = NOTHING_DONE;
  for (const document of [bare(assignment.experiment), ...kept.moves])
    done = push(done, asDone(document), "");
  let last = 0;

  /** @param {Partial<typeof kept>} part */
  function keep(part) {
    kept = { ...kept, ...part };
    remember(key, JSON.stringify(kept));
    changed();
  }

  /** @param {number} at @param {Answer} answer */
  function answer(at, answer) {
    keep({ answers: kept.answers.map((one, k) => (k === at ? answer : one)) });
  }

  /** @param {AppState} state */
  function look(state) {
    if (state.phase !== "ready" && state.phase !== "computing") return;
    const now = bare(state.minimal ?? {});
    if (before === null) before = now;
    else if (JSON.stringify(now) !== JSON.stringify(before)) move(now);
    if (state.phase === "ready") reach(state, now);
  }

  /** @param {Document} now */
  function move(now) {
    const time = performance.now();
    const soon = time - last < ONE_GO_MS;
    const { entries } = done;
    const of = pathsOf(entries.at(-2)?.document, now);
    const again = soon && entries.length > 1 && entries.at(-1)?.of === of;
    last = time;
    before = now;
    done = push(done, asDone(now), "", { of: again ? of : pathsOf(entries.at(-1)?.document, now), again });
    const moves = done.entries.slice(1).map(({ document }) => /** @type {Document} */ (document));
    keep({ moves: moves.slice(-MOST.moves), count: kept.count + (again ? 0 : 1) });
  }

  /** @param {AppState} state @param {Document} now */
  function reach({ runs }, now) {
    assignment.questions.forEach((question, at) => {
      if (question.kind !== "goal" || kept.answers[at]) return;
      const found = reachedBy(question, runs);
      if (found) answer(at, reachedWith(assignment, now, found));
    });
  }

  const stop = store.watch(["minimal", "phase", "arrived"], look);
  return {
    stop,
    answer,
    /** @param {string} name */
    sign: (name) => keep({ name }),
    get: () => ({ assignment, ...kept }),
  };
}

/** A document as short as this is one all the same. @param {Document} document */
const asDone = (document) => /** @type {import("../document/types.js").Experiment} */ (document);

/** Which values of two documents differ. @param {Document|undefined} one @param {Document} other */
const pathsOf = (one, other) => JSON.stringify(differences(one, other).map(([path]) => path));

/** @param {Assignment} assignment @returns {Omit<Submission, "assignment">} */
const nothing = ({ questions }) => ({ name: "", answers: questions.map(() => null), moves: [], count: 0 });

/** What is stored here may be of another version, or of another hand. @param {string|null} text @param {Assignment} assignment */
function readKept(text, assignment) {
  try {
    const kept = JSON.parse(text ?? "null");
    const moves = kept.moves.filter(isGroup).slice(-MOST.moves);
    return {
      name: String(kept.name).slice(0, MOST.name),
      answers: assignment.questions.map((question, at) => answerOf(question, kept.answers[at], "answer")),
      moves,
      count: Math.max(moves.length, Number(kept.count) || 0),
    };
  } catch {
    return nothing(assignment);
  }
}

/** A short name of a long text (FNV-1a, twice). @param {string} text */
function digest(text) {
  let [one, two] = [0x811c9dc5, 0x1234567];
  for (let at = 0; at < text.length; at += 1) {
    one = Math.imul(one ^ text.charCodeAt(at), 0x01000193);
    two = Math.imul(two ^ text.charCodeAt(at), 0x01000193) ^ (one >>> 15);
  }
  return [one, two].map((part) => (part >>> 0).toString(36)).join("");
}
