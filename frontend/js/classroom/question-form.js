/** The form of one question: its words, and what answer is right. */

import { formatInput } from "../document/number-format.js";
import { numbersIn } from "../model/typed-numbers.js";
import { freshId, h, refill, setText } from "../ui/dom.js";
import { icon } from "../ui/icons.js";
import { MOST } from "./bounds.js";
import { markPlace } from "./marking.js";

/** @import { Store } from "../document/types.js" */
/** @import { Question } from "./assignment.js" */

/**
 * @typedef {object} Forming
 * @property {Store} store
 * @property {HTMLDialogElement} dialog
 * @property {(question: Question) => void} change
 * @property {() => void} remove
 * @property {(() => void)|null} raise   Null where it is the first.
 */

const NAMES = /** @type {Record<Question["kind"], string>} */ ({
  choice: "Choice",
  number: "Number",
  place: "Place on the picture",
  goal: "Cost to get below",
});
const HINTS = /** @type {Record<Question["kind"], string>} */ ({
  choice: "Which step diverges first?",
  number: "How large is 2/λ here?",
  place: "Mark the saddle.",
  goal: "Get below cost 0.01.",
});

/** @param {Question} question @param {Forming} forming */
export function createQuestionForm(question, forming) {
  let now = question;
  /** @param {Record<string, any>} part */
  function change(part) {
    now = /** @type {Question} */ ({ ...now, ...part });
    forming.change(now);
  }
  const words = areaField("Question", question.text, MOST.question, 2, (text) => change({ text }));
  words.querySelector("textarea")?.setAttribute("placeholder", `For example: ${HINTS[question.kind]}`);
  const name = NAMES[question.kind];
  return h(
    "li",
    { class: "question-form" },
    h(
      "div",
      { class: "question-form__head" },
      h("strong", {}, name),
      forming.raise && small("toStart", `Move up: ${name}`, forming.raise, "question-form__up"),
      small("remove", `Remove: ${name}`, forming.remove),
    ),
    words,
    ...PARTS[question.kind](question, change, forming),
  );
}

/** @param {Parameters<typeof icon>[0]} name @param {string} label @param {() => void} act @param {string} [more] */
const small = (name, label, act, more = "") =>
  h(
    "button",
    {
      class: `icon-button icon-button--small ${more}`.trim(),
      "aria-label": label,
      title: label,
      on: { click: act },
    },
    icon(name),
  );

/** @type {Record<Question["kind"], (question: any, change: (part: Record<string, any>) => void, forming: Forming) => HTMLElement[]>} */
const PARTS = {
  choice: (question, change) => [choicesField(question, change)],
  number: (question, change) => [
    h(
      "div",
      { class: "field-row" },
      numberField("Right answer", question.answer, (answer) => change({ answer })),
      numberField("Off by at most", question.tolerance, (tolerance) => change({ tolerance })),
    ),
  ],
  place: placeFields,
  goal: (question, change) => [
    h(
      "div",
      { class: "field-row" },
      numberField("Cost below", question.below, (below) => change({ below })),
      numberField("Within steps", question.steps, (steps) => change({ steps }), true),
    ),
    h(
      "p",
      { class: "asked__note" },
      "Checked by itself from what is computed; without a number of steps, all of the run’s count.",
    ),
  ],
};

/** @param {Extract<Question, {kind: "choice"}>} question @param {(part: Record<string, any>) => void} change */
function choicesField(question, change) {
  let { choices, answer } = question;
  const name = freshId("right");
  const rows = h("div", { class: "choice-rows" });
  const add = h(
    "button",
    { class: "quiet", on: { click: () => put([...choices, ""], answer) } },
    "Another choice",
  );

  /** @param {string[]} next @param {number} right */
  function put(next, right) {
    choices = next;
    answer = Math.min(right, next.length - 1);
    change({ choices, answer });
    show();
  }

  function show() {
    refill(
      rows,
      ...choices.map((choice, at) => {
        const right = h("input", {
          type: "radio",
          name,
          checked: at === answer,
          "aria-label": `Choice ${at + 1} is right`,
        });
        right.addEventListener("input", () => {
          answer = at;
          change({ answer });
        });
        const text = h("input", {
          type: "text",
          class: "text",
          maxlength: MOST.choice,
          value: choice,
          "aria-label": `Choice ${at + 1}`,
        });
        text.addEventListener("input", () => {
          choices = choices.map((one, k) => (k === at ? text.value : one));
          change({ choices });
        });
        const drop = small("close", `Remove choice ${at + 1}`, () =>
          put(
            choices.filter((_, k) => k !== at),
            answer > at ? answer - 1 : answer,
          ),
        );
        drop.disabled = choices.length <= 2;
        return h("div", { class: "choice-row" }, right, text, drop);
      }),
    );
    add.disabled = choices.length >= MOST.choices;
  }
  show();
  return h(
    "fieldset",
    { class: "plain-field" },
    h("legend", {}, "Choices; the marked one is right"),
    rows,
    add,
  );
}

/** @param {Extract<Question, {kind: "place"}>} question @param {(part: Record<string, any>) => void} change @param {Forming} forming @returns {HTMLElement[]} */
function placeFields(question, change, { store, dialog }) {
  const answer = /** @type {import("../document/types.js").Pair} */ ([...question.answer]);
  const labels = store.get().plane?.labels ?? ["a", "b"];
  const fields = [0, 1].map((axis) =>
    numberField(labels[axis], answer[axis], (value) => {
      answer[axis] = value ?? 0;
      change({ answer: [...answer] });
    }),
  );
  const mark = h("button", { class: "button", on: { click: show } }, "Mark it on the picture");

  /** The dialog makes way for the picture, until a place is marked or the marking is given up. */
  async function show() {
    dialog.close();
    store.set({ notice: "Click the place on the picture: then this goes on. Escape gives it up." });
    const at = await markPlace(store, mark).marked;
    if (at) take(at);
    dialog.showModal();
    mark.focus();
  }

  /** @param {import("../document/types.js").Pair} at */
  function take(at) {
    at.forEach((value, axis) => {
      answer[axis] = Number(value.toPrecision(6));
      const input = fields[axis].querySelector("input");
      if (input) input.value = formatInput(answer[axis]);
    });
    change({ answer: [...answer] });
  }
  return [
    h(
      "div",
      { class: "field-row" },
      ...fields,
      numberField("At most so far away", question.tolerance, (tolerance) => change({ tolerance })),
    ),
    h("div", { class: "button-row button-row--wrap" }, mark),
  ];
}

/**
 * A number as a teacher types it; where it cannot be read that is said, and the right answer is none until it can.
 * @param {string} label @param {number|null} value @param {(value: any) => void} change @param {boolean} [optional]
 */
function numberField(label, value, change, optional = false) {
  const error = h("span", { class: "field__error", role: "status" });
  const input = h("input", {
    type: "text",
    inputmode: "decimal",
    class: "text",
    value: formatInput(value),
    placeholder: optional ? "all" : null,
  });
  input.addEventListener("input", () => {
    const [read] = numbersIn(input.value);
    const empty = optional && input.value.trim() === "";
    const wrong = read === undefined && !empty;
    input.setAttribute("aria-invalid", String(wrong));
    setText(error, wrong ? "must be a number" : "");
    // Not a number is refused when the link is made, in words.
    change(empty ? null : (read ?? input.value));
  });
  return h("label", { class: "field" }, h("span", {}, label), input, error);
}

/** @param {string} label @param {string} value @param {number} most @param {(value: string) => void} change */
export function textField(label, value, most, change) {
  const input = h("input", { type: "text", class: "text", maxlength: most, value });
  input.addEventListener("input", () => change(input.value));
  return h("label", { class: "field" }, h("span", {}, label), input);
}

/** @param {string} label @param {string} value @param {number} most @param {number} rows @param {(value: string) => void} change */
export function areaField(label, value, most, rows, change) {
  const input = h("textarea", { class: "text", maxlength: most, rows }, value);
  input.addEventListener("input", () => change(input.value));
  return h("label", { class: "field" }, h("span", {}, label), input);
}
