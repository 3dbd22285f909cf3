/** A student’s answers beside the picture, and each change that was made, to be looked at again. */

import { formatCount, plural } from "../document/number-format.js";
import { requireShape } from "../document/shape.js";
import { upgraded } from "../document/upgrade.js";
import { h, refill } from "../ui/dom.js";
import { createAsked } from "./asked.js";
import { changesSaid } from "./differences.js";
import { headOf, paragraphs, placesOf } from "./panel-parts.js";
import { asShown, bare, verdictOf } from "./submission.js";

/** @import { Actions, OpenAssignment, Store } from "../document/types.js" */
/** @import { Document, Submission } from "./submission.js" */

/**
 * @param {HTMLElement} body
 * @param {OpenAssignment} opened
 * @param {Store} store
 * @param {Actions} actions
 * @param {() => void} leave
 * @returns {() => void}   Ends it.
 */
export function createReplay(body, opened, store, actions, leave) {
  const submission = /** @type {Submission} */ (opened.submission);
  const { assignment, answers, name } = submission;
  const asked = assignment.questions.map((question, at) =>
    createAsked(question, at, { store, actions, feedback: true, get: () => answers[at], set: null }),
  );
  const moves = createMoves(submission, (document) => {
    const { catalog } = store.get();
    if (!catalog) return;
    try {
      actions.load(requireShape(upgraded(asShown(assignment, document), catalog), catalog), {
        entry: "same",
      });
    } catch (fault) {
      const detail = fault instanceof Error ? fault.message : String(fault);
      store.set({ fault: { title: "This change cannot be shown", detail, errors: [] } });
    }
  });
  refill(
    body,
    headOf(name || "Without a name", "Leave these answers", leave),
    h("p", { class: "assignment__held" }, `Answers to “${assignment.title}”. ${scoreSaid(submission)}`),
    h(
      "details",
      { class: "fold" },
      h("summary", { class: "fold__summary" }, "The task"),
      ...paragraphs(assignment.task),
    ),
    asked.length > 0 && h("ol", { class: "asked-list" }, ...asked.map(({ el }) => el)),
    moves,
  );
  store.set({ places: placesOf(assignment, answers) });
  const stop = store.watch(["arrived", "phase"], (state) => asked.forEach((each) => each.update(state)));
  return () => {
    stop();
    store.set({ places: [] });
  };
}

/** @param {Submission} submission */
function scoreSaid({ assignment, answers }) {
  const judged = assignment.questions.map((question, at) => verdictOf(question, answers[at]));
  const certain = judged.filter((verdict) => verdict !== "claimed");
  const right = certain.filter((verdict) => verdict === "right").length;
  return certain.length > 0 ? `${right} of ${certain.length} right.` : "";
}

/** @param {Submission} submission @param {(document: Document) => void} open */
function createMoves({ assignment, moves, count }, open) {
  const left = count - moves.length;
  const places = [bare(assignment.experiment), ...moves];
  const buttons = places.map((document, at) =>
    h(
      "button",
      { class: "replayed", "aria-pressed": String(at === places.length - 1), on: { click: () => show(at) } },
      at === 0 ? "As it was set" : `${formatCount(left + at)}. ${changesSaid(places[at - 1], document)}`,
    ),
  );

  /** @param {number} at */
  function show(at) {
    buttons.forEach((button, k) => button.setAttribute("aria-pressed", String(k === at)));
    open(places[at]);
  }
  return h(
    "section",
    { class: "moves", "aria-label": "What was done" },
    h("h3", {}, `What was done: ${plural(count, "change")}`),
    left > 0 && h("p", { class: "assignment__held" }, `The first ${formatCount(left)} are not in the link.`),
    h("ol", {}, ...buttons.map((button) => h("li", {}, button))),
  );
}
