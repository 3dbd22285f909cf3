/** A question as a student answers it, and as it is read once it is answered. */

import { formatNumber } from "../document/number-format.js";
import { freshId, h, refill, setText } from "../ui/dom.js";
import { icon } from "../ui/icons.js";
import { MOST } from "./bounds.js";
import { markPlace } from "./marking.js";
import { answerSaid, verdictOf } from "./submission.js";

/** @import { Actions, AppState, Store } from "../document/types.js" */
/** @import { Question } from "./assignment.js" */
/** @import { Answer, Verdict } from "./submission.js" */

/**
 * @typedef {object} Answering
 * @property {Store} store
 * @property {Actions} actions
 * @property {boolean} feedback                  Whether right and wrong are told.
 * @property {() => Answer} get
 * @property {((answer: Answer) => void)|null} set   Null where the answer is only read.
 *
 * @typedef {{el: HTMLElement, update: (state: AppState) => void}} Asked
 */

/** What is said of an answer, and its sign: never by colour alone. */
const VERDICTS = /** @type {const} */ ({
  right: ["Right.", "check"],
  wrong: ["Not right.", "close"],
  unread: ["That is no number that can be read: write 0.01, 0,01, 1/100, 1 % or 10⁻².", "help"],
});

/** @param {Question} question @param {number} at @param {Answering} answering @returns {Asked} */
export function createAsked(question, at, answering) {
  const input = INPUTS[question.kind](question, answering);
  const verdict = h("p", { class: "asked-verdict", role: "status" });
  let said = "";
  return {
    el: h(
      "li",
      { class: "asked-question", data: { kind: question.kind, at: String(at) } },
      input.el,
      verdict,
    ),
    update(state) {
      input.update(state);
      const found = verdictToTell(question, answering);
      if (found === said) return;
      said = found;
      const words = VERDICTS[/** @type {keyof typeof VERDICTS} */ (found)];
      verdict.dataset.verdict = found;
      refill(verdict, words && icon(words[1]), words && h("span", {}, words[0]));
    },
  };
}

/** @param {Question} question @param {Answering} answering @returns {Verdict} */
function verdictToTell(question, { get, feedback }) {
  const found = verdictOf(question, get());
  return feedback || found === "unread" ? found : "empty";
}

/** @type {Record<Question["kind"], (question: any, answering: Answering) => Asked>} */
const INPUTS = { choice: createChoice, number: createNumber, place: createPlace, goal: createGoal };

/** @param {Extract<Question, {kind: "choice"}>} question @param {Answering} answering @returns {Asked} */
function createChoice({ text, choices }, { get, set }) {
  const name = freshId("asked");
  const inputs = choices.map((_, at) =>
    h("input", { type: "radio", name, value: at, disabled: !set, on: { input: () => set?.(at) } }),
  );
  const labels = choices.map((choice, at) => h("label", {}, inputs[at], h("span", {}, choice)));
  return {
    el: h("fieldset", {}, h("legend", {}, text), ...labels),
    update() {
      inputs.forEach((input, at) => {
        input.checked = get() === at;
      });
    },
  };
}

/** @param {Extract<Question, {kind: "number"}>} question @param {Answering} answering @returns {Asked} */
function createNumber({ text }, { get, set }) {
  const input = h("input", {
    type: "text",
    inputmode: "decimal",
    class: "text asked-number",
    maxlength: MOST.answer,
    readonly: !set,
    on: { change: () => set?.(input.value.trim() || null) },
  });
  return {
    el: h("label", {}, h("span", { class: "asked-text" }, text), input),
    update() {
      if (document.activeElement !== input) input.value = String(get() ?? "");
    },
  };
}

/** @param {Extract<Question, {kind: "place"}>} question @param {Answering} answering @returns {Asked} */
function createPlace(question, { get, set, store, actions }) {
  const said = h("span", { class: "asked-said" });
  const button = h("button", {
    class: "button",
    on: { click: () => (marking ? marking.giveUp() : begin()) },
  });
  let marking = /** @type {ReturnType<typeof markPlace>|null} */ (null);

  async function begin() {
    if (store.get().doc?.view.stage === "lab") actions.change(["view", "stage"], "contour");
    marking = markPlace(store, button);
    show();
    const at = await marking.marked;
    marking = null;
    if (at) set?.(at);
    show();
  }

  function show() {
    button.setAttribute("aria-pressed", String(marking !== null));
    setText(button, marking ? "Cancel" : get() ? "Mark another place" : "Mark it on the picture");
    setText(said, marking ? MARKING : get() ? answerSaid(question, get()) : "");
  }
  button.hidden = !set;
  return {
    el: h(
      "div",
      { role: "group", "aria-label": question.text },
      h("p", { class: "asked-text" }, question.text),
      h("p", { class: "asked-row" }, button, said),
    ),
    update: show,
  };
}

const MARKING =
  "Click or tap the place on the picture. By keyboard: the contours (key 2), arrow keys, Enter.";

/** @param {Extract<Question, {kind: "goal"}>} question @param {Answering} answering @returns {Asked} */
function createGoal(question, { get, set }) {
  const sign = h("span", { class: "asked-sign" });
  const said = h("span", {});
  let shown = "";
  return {
    el: h(
      "div",
      { role: "group", "aria-label": question.text },
      h("p", { class: "asked-text" }, question.text),
      h("p", { class: "asked-goal", role: "status" }, sign, said),
    ),
    update({ runs }) {
      const words = get()
        ? `${set ? "Reached" : "Reached, says the link"}: ${answerSaid(question, get())}.`
        : `Not yet below ${formatNumber(question.below)}.${set ? lowestSaid(runs, question.steps) : ""}`;
      if (words === shown) return;
      shown = words;
      refill(sign, get() && icon("check"));
      setText(said, words);
    },
  };
}

/** @param {AppState["runs"]} runs @param {number|null} steps */
function lowestSaid(runs, steps) {
  const lowest = Math.min(
    ...runs.map(({ cost, count }) => cost.subarray(0, Math.min(count, (steps ?? Infinity) + 1))).map(least),
  );
  return Number.isFinite(lowest) ? ` Lowest reached on show: ${formatNumber(lowest)}.` : "";
}

/** @param {Float64Array} costs */
const least = (costs) => costs.reduce((low, cost) => Math.min(cost, low), Infinity);
