/** A stop's question: the answer checked, what is said to this very answer, hints one by one, the solution when asked for. */

import { replyTo, solutionOf } from "../model/tour-answer.js";
import { h, refill, setText } from "../ui/dom.js";
import { icon } from "../ui/icons.js";

/** @import { Store } from "../document/types.js" */
/** @import { Question } from "../model/tour.js" */

/** What is said of an answer, and the sign beside it: neither is told by colour alone. */
const VERDICTS = /** @type {const} */ ({
  none: { words: "", sign: null },
  empty: { words: "No answer yet.", sign: null },
  unread: { words: "That is no number that can be read: write 0.01, 0,01, 1/100, 1 % or 10⁻².", sign: null },
  wrong: { words: "Not yet.", sign: "close" },
  near: { words: "Nearly.", sign: "near" },
  right: { words: "Right.", sign: "check" },
  hint: { words: "Hint:", sign: "help" },
  solution: { words: "Solution:", sign: "help" },
});

/** @typedef {keyof typeof VERDICTS} VerdictName */

/**
 * @param {Question} question
 * @param {Store} store
 * @param {HTMLButtonElement} onward   Shown after the right answer, or the solution.
 * @param {() => void} answered        Called at the right answer.
 */
export function createQuestion(question, store, onward, answered) {
  const sign = h("span", { class: "tour__sign" });
  const words = h("span", {});
  const verdict = h("p", { class: "tour__verdict", role: "status" }, sign, words);
  const inputs = inputsOf(question);
  const check = h("button", { type: "submit", class: "button" }, "Check");
  const hint = h("button", { class: "quiet", on: { click: help } }, "Hint");
  const solve = h("button", { class: "quiet", on: { click: tell } }, "Show the solution");
  const form = h(
    "form",
    { class: "tour__question", on: { submit, input: () => say("none") } },
    inputs.el,
    h("div", { class: "tour__row" }, check, hint, solve, onward),
    verdict,
  );
  let hints = 0;

  /** @param {VerdictName} name @param {string} [more] */
  function say(name, more = "") {
    const said = VERDICTS[name];
    form.dataset.verdict = name;
    refill(sign, said.sign && icon(said.sign));
    setText(words, [said.words, more].filter(Boolean).join(" "));
    onward.hidden = name !== "right" && name !== "solution";
    hint.hidden = !onward.hidden || hints >= question.hints.length;
    solve.hidden = !onward.hidden || hints === 0;
    if (name !== "none") verdict.scrollIntoView({ block: "nearest" });
  }

  /** @param {Event} event */
  function submit(event) {
    event.preventDefault();
    const reply = replyTo(question, inputs.given(), store.get());
    say(reply.verdict, reply.words);
    if (reply.verdict === "right") answered();
  }

  function help() {
    hints += 1;
    say("hint", question.hints[hints - 1]);
    if (hint.hidden) solve.focus();
  }

  function tell() {
    say("solution", `${endedSentence(solutionOf(question))} ${question.right}`);
    onward.focus();
  }

  say("none");
  return form;
}

/** @param {string} text */
const endedSentence = (text) => (/[.!?]$/.test(text) ? text : `${text}.`);

/** @param {Question} question @returns {{el: HTMLElement, given: () => string|null}} */
function inputsOf({ kind, text, choices = [] }) {
  if (kind === "state") return { el: h("p", {}, text), given: () => null };
  if (kind === "choice") return choicesOf(text, choices);
  const input = h("input", {
    type: "text",
    inputmode: "decimal",
    autocomplete: "off",
    class: "tour__number",
  });
  return { el: h("label", { class: "tour__ask" }, h("span", {}, text), input), given: () => input.value };
}

/** @param {string} text @param {string[]} choices */
function choicesOf(text, choices) {
  const rows = choices.map((words, at) =>
    h(
      "label",
      {},
      h("input", { type: "radio", name: "tour-answer", value: String(at) }),
      h("span", {}, words),
    ),
  );
  const el = h("fieldset", {}, h("legend", {}, text), ...rows);
  const chosen = () => /** @type {HTMLInputElement|null} */ (el.querySelector("input:checked"));
  return { el, given: () => chosen()?.value ?? null };
}
