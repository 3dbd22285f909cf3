/** The tour: one stop at a time, beside the experiment that it speaks of. */

import { judge, solutionOf } from "../model/tour-answer.js";
import { h, refill, setText } from "../ui/dom.js";
import { icon } from "../ui/icons.js";
import { remember } from "../ui/memory.js";

/** @import { Actions, Store } from "../document/types.js" */
/** @import { Question, Stop } from "../model/tour.js" */

/** Where a stop's point lies on the page. */
const POINTS = /** @type {Record<string, string>} */ ({
  chain: ".lab-chain .chain",
  bends: ".lab-bends",
  lines: ".lines-picture",
  cost: ".cost-shares",
  nudge: ".nudge-facts",
  walk: ".lab-walk",
  layers: ".lab-layers",
  rules: ".rules",
  newton: '.step-fold[data-term="Newton’s method"]',
  captions: "#captions",
});

/** What these are about stands under them, or they are as tall as there is room. */
const UNDER = new Set(["walk", "newton", "chain", "cost"]);

/** @param {HTMLElement} element @param {Store} store @param {Actions} actions */
export function createTour(element, store, actions) {
  let opener = /** @type {Element|null} */ (null);
  const point = createPointer();
  store.watch(["tour", "phase", "inspection"], ({ tour, catalog }) =>
    point(tour === null ? undefined : catalog?.tour[tour]),
  );
  store.watch(["tour", "catalog"], ({ tour, catalog }) => {
    const stops = /** @type {Stop[]} */ (catalog?.tour ?? []);
    const stop = tour === null ? undefined : stops[tour];
    if (element.hidden && stop) opener = document.activeElement;
    if (!stop && element.contains(document.activeElement)) focusOn(opener);
    element.hidden = !stop;
    refill(element, ...(stop ? partsOf(stop, Number(tour), stops.length, store, actions) : []));
    if (stop) focusOn(element.querySelector("h2"));
    element.scrollTop = 0;
  });
}

/** Rings what a stop speaks of as soon as it is there, and keeps it in sight while answers come in, until the first touch. */
function createPointer() {
  let wanted = /** @type {Stop|undefined} */ (undefined);
  let ringed = /** @type {Element|null} */ (null);
  const appearance = new MutationObserver(look);
  const growth = new ResizeObserver(show);
  const touched = () => [appearance, growth].forEach((observer) => observer.disconnect());
  for (const touch of ["pointerdown", "wheel", "keydown"])
    addEventListener(touch, touched, { capture: true, passive: true });

  function show() {
    ringed?.scrollIntoView({ block: UNDER.has(wanted?.point ?? "") ? "start" : "center", inline: "nearest" });
  }

  function look() {
    const found = wanted?.point ? document.querySelector(POINTS[wanted.point]) : null;
    const now = found?.checkVisibility() ? found : null;
    if (now || !wanted?.point) appearance.disconnect();
    if (now === ringed) return;
    ringed?.classList.remove("pointed");
    ringed = now;
    if (now instanceof HTMLDetailsElement) now.open = true;
    now?.classList.add("pointed");
    growth.disconnect();
    for (const each of beside(now)) growth.observe(each);
    show();
  }

  /** @param {Stop|undefined} stop */
  return (stop) => {
    // A view may come to the page later than the stop does.
    if (stop !== wanted) appearance.observe(document.body, { subtree: true, childList: true });
    wanted = stop;
    look();
  };
}

/** What may push an element about: itself and all that stands beside it in what scrolls. @param {Element|null} element */
function beside(element) {
  const parent = element?.parentElement;
  if (!parent) return [];
  /** @type {Element[]} */
  const further = getComputedStyle(parent).overflowY === "visible" ? beside(parent) : [];
  return [...parent.children, ...further];
}

/** Once everyone else has heard of the stop: on a phone its panel comes up only then. @param {Element|null} wanted */
function focusOn(wanted) {
  queueMicrotask(() => wanted instanceof HTMLElement && wanted.focus({ preventScroll: true }));
}

/** @param {Stop} stop @param {number} at @param {number} count @param {Store} store @param {Actions} actions */
function partsOf(stop, at, count, store, actions) {
  return [
    headOf(stop, at, count, actions),
    textOf(stop),
    questionOf(stop, store, at + 1 < count ? nextButton(at, actions) : endButton(actions)),
  ];
}

/** @param {number} at @param {Actions} actions */
const nextButton = (at, actions) =>
  h("button", { class: "button", on: { click: () => actions.visit(at + 1) } }, "Next stop");

/** Once at its end, the tour begins at its first stop again. @param {Actions} actions */
function endButton(actions) {
  function end() {
    actions.visit(null);
    remember("tour", "0");
  }
  return h("button", { class: "button", on: { click: end } }, "End the tour");
}

/** @param {Stop} stop @param {number} at @param {number} count @param {Actions} actions */
function headOf(stop, at, count, actions) {
  const go = (/** @type {number|null} */ to) => ({ click: () => actions.visit(to) });
  return h(
    "div",
    { class: "tour__head" },
    h("h2", { tabindex: "-1" }, stop.title),
    h("span", { class: "tour__place" }, `${at + 1} of ${count}`),
    h(
      "button",
      {
        class: "round",
        "aria-label": "Stop before",
        title: "Stop before",
        disabled: at === 0,
        on: go(at - 1),
      },
      icon("back"),
    ),
    h(
      "button",
      {
        class: "round",
        "aria-label": "Next stop",
        title: "Next stop",
        disabled: at + 1 >= count,
        on: go(at + 1),
      },
      icon("forward"),
    ),
    h(
      "button",
      { class: "icon-button", "aria-label": "Leave the tour", title: "Leave the tour", on: go(null) },
      icon("close"),
    ),
  );
}

/** @param {Stop} stop */
function textOf(stop) {
  const line = (/** @type {string} */ name, /** @type {string} */ text) =>
    h("p", {}, h("strong", {}, `${name} `), text);
  return h(
    "div",
    { class: "tour__text" },
    h("p", {}, stop.text),
    line("Look.", stop.look),
    line("Try.", stop.try),
  );
}

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

/** @param {Stop} stop @param {Store} store @param {HTMLButtonElement} onward  Shown after the right answer, or the solution. */
function questionOf({ question }, store, onward) {
  const sign = h("span", { class: "tour__sign" });
  const words = h("span", {});
  const verdict = h("p", { class: "tour__verdict", role: "status" }, sign, words);
  const inputs = inputsOf(question);
  const check = h("button", { type: "submit", class: "button" }, "Check");
  const hint = h("button", { class: "quiet", on: { click: help } }, "Hint");
  const solve = h("button", { class: "quiet", on: { click: tell } }, "Show the solution");
  const row = h("div", { class: "tour__row" }, check, hint, solve, onward);
  const form = h(
    "form",
    { class: "tour__question", on: { submit: submit, input: () => say("none") } },
    inputs.el,
    row,
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
    const found = judge(question, inputs.given(), store.get());
    say(found, found === "right" ? question.right : "");
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

/** @param {Question} question */
function inputsOf(question) {
  if (question.kind === "choice") {
    const choices = (question.choices ?? []).map((text, at) =>
      h(
        "label",
        {},
        h("input", { type: "radio", name: "tour-answer", value: String(at) }),
        h("span", {}, text),
      ),
    );
    const el = h("fieldset", {}, h("legend", {}, question.text), ...choices);
    return {
      el,
      given: () => /** @type {HTMLInputElement|null} */ (el.querySelector("input:checked"))?.value ?? null,
    };
  }
  if (question.kind === "number") {
    const input = h("input", {
      type: "text",
      inputmode: "decimal",
      autocomplete: "off",
      class: "tour__number",
    });
    return {
      el: h("label", { class: "tour__ask" }, h("span", {}, question.text), input),
      given: () => input.value,
    };
  }
  return { el: h("p", {}, question.text), given: () => null };
}
