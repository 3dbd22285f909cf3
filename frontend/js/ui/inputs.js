/** The elements that take a value, one factory for each type of Field. None knows where its value belongs. */

import { hasSlider, isNumeric, parseIntegers } from "../document/controls.js";
import { freshId, h } from "./dom.js";
import { createNumber, createSliderNumber } from "./numbers.js";

/** @import { Field } from "../document/controls.js" */
/** @import { Complain, Emit, Input } from "./input-types.js" */

const TYPING_MS = 350;

/** @param {Field} field @param {Emit} emit @param {Complain} complain @returns {Input} */
export function createInput(field, emit, complain) {
  if (field.type === "boolean") return createSwitch(emit);
  if (field.type === "choice") return createSelect(choicesWithNone(field), emit);
  if (field.type === "text") return createText(field, emit);
  if (field.type === "integers") return createList(emit, complain);
  if (isNumeric(field))
    return hasSlider(field) ? createSliderNumber(field, emit, complain) : createNumber(field, emit, complain);
  throw new Error(`field type must be one that a knob exists for, got ${field.type}`);
}

/** A choice that may be left open has an entry for that. @param {Field} field */
function choicesWithNone({ choices = [], default: value }) {
  const open = value === null && !choices.some((choice) => choice.value === null);
  return open ? [{ value: null, label: "automatic" }, ...choices] : choices;
}

/** @param {Emit} emit @returns {Input} */
function createSwitch(emit) {
  const main = h("input", { type: "checkbox", role: "switch", class: "switch", id: freshId("knob") });
  main.addEventListener("input", () => emit(main.checked, true));
  return {
    main,
    set(value) {
      main.checked = Boolean(value);
    },
  };
}

/**
 * @param {{value: any, label: string}[]} choices
 * @param {Emit} emit
 * @returns {Input & {main: HTMLSelectElement, setChoices: (choices: {value: any, label: string}[]) => void}}
 */
export function createSelect(choices, emit) {
  const main = h("select", { class: "select", id: freshId("knob") });
  let known = /** @type {{value: any, label: string}[]} */ ([]);

  /** @param {{value: any, label: string}[]} next */
  function setChoices(next) {
    if (JSON.stringify(next) === JSON.stringify(known)) return;
    const { selectedIndex } = main;
    known = next;
    main.replaceChildren(...next.map(({ label }, index) => h("option", { value: index }, label)));
    main.selectedIndex = selectedIndex;
  }

  main.addEventListener("input", () => emit(known[main.selectedIndex].value, true));
  setChoices(choices);
  return {
    main,
    setChoices,
    set(value) {
      const at = known.findIndex((choice) => choice.value === (value ?? null));
      if (at !== main.selectedIndex) main.selectedIndex = at;
    },
  };
}

/** @param {Field} field @param {Emit} emit @returns {Input} */
function createText(field, emit) {
  const main = h("input", {
    type: "text",
    class: "text",
    id: freshId("knob"),
    spellcheck: "false",
    autocomplete: "off",
  });
  if (field.high) main.maxLength = field.high;
  let timer = 0;
  const read = () => (main.value.trim() === "" ? field.default : main.value);
  main.addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => emit(read(), true), TYPING_MS);
  });
  main.addEventListener("change", () => {
    clearTimeout(timer);
    emit(read(), true);
  });
  return {
    main,
    set(value) {
      if (document.activeElement !== main) main.value = value ?? "";
    },
  };
}

/** @param {Emit} emit @param {Complain} complain @returns {Input} */
function createList(emit, complain) {
  const main = h("input", {
    type: "text",
    class: "text text--short",
    inputmode: "numeric",
    id: freshId("knob"),
    autocomplete: "off",
  });
  main.addEventListener("change", () => {
    const read = parseIntegers(main.value);
    complain("error" in read ? read.error : null);
    if ("value" in read) emit(read.value, true);
  });
  return {
    main,
    set(value) {
      if (document.activeElement !== main) main.value = Array.isArray(value) ? value.join(", ") : "";
    },
  };
}

/**
 * One of a few, all in sight.
 * @param {string} label
 * @param {{value: string, label: string, title?: string}[]} choices
 * @param {(value: string) => void} choose
 */
export function createSegments(label, choices, choose) {
  const name = freshId("segments");
  const inputs = choices.map(({ value }) =>
    h("input", { type: "radio", name, value, class: "segments__input", on: { input: () => choose(value) } }),
  );
  const el = h(
    "div",
    { class: "segments", role: "radiogroup", "aria-label": label },
    ...choices.map((choice, at) =>
      h("label", { class: "segments__choice", title: choice.title }, inputs[at], h("span", {}, choice.label)),
    ),
  );
  return {
    el,
    /** @param {string} value */
    set(value) {
      for (const input of inputs) input.checked = input.value === value;
    },
  };
}
