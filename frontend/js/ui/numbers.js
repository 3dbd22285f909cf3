/** Numbers: typed, or slid along their scale. */

import { boundsText, nearestStop, parseNumber, placeAmong, stopsOf } from "../document/controls.js";
import { formatInput } from "../document/number-format.js";
import { freshId, h, setText } from "./dom.js";

/** @import { Field } from "../document/controls.js" */
/** @import { Complain, Emit, Input, Mark } from "./input-types.js" */

/**
 * A number that is typed. It keeps what is wrong on show, beside the complaint, until it is put right.
 * @param {Field} field
 * @param {Emit} emit
 * @param {Complain} complain
 * @returns {Input & {main: HTMLInputElement, show: (value: any) => void}}
 */
export function createNumber(field, emit, complain) {
  const main = h("input", {
    type: "text",
    inputmode: "decimal",
    class: "number",
    id: freshId("knob"),
    autocomplete: "off",
    placeholder: field.empty,
    title: boundsText(field),
  });
  let last = /** @type {any} */ (null);
  let wrong = false;

  /** @param {any} value */
  function show(value) {
    last = value;
    wrong = false;
    const text = formatInput(value);
    if (main.value !== text) main.value = text;
  }

  /** @param {boolean} settled */
  function read(settled) {
    const said = parseNumber(main.value, field);
    wrong = "error" in said;
    complain("error" in said ? said.error : null);
    if ("error" in said || (said.value === last && !settled)) return;
    last = said.value;
    if (settled) show(last);
    emit(said.value, settled);
  }

  main.addEventListener("input", () => read(false));
  main.addEventListener("change", () => read(true));
  main.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape" && key !== "Enter") return;
    if (key === "Escape") {
      show(last);
      complain(null);
    }
    main.select();
  });
  main.addEventListener("blur", () => {
    if (!wrong) show(last);
  });
  return {
    main,
    show,
    set(value) {
      if (document.activeElement === main || (wrong && value === last)) return;
      if (wrong) complain(null);
      show(value);
    },
  };
}

/**
 * A number that is typed where there is no line for a complaint: it stands over the number, and is said.
 * @param {Field} field
 * @param {string} label
 * @param {Emit} emit
 */
export function createLoneNumber(field, label, emit) {
  const error = h("span", { class: "typed__error", id: freshId("error"), role: "alert", hidden: true });
  const number = createNumber(field, emit, (words) => {
    error.hidden = words === null;
    setText(error, words === null ? "" : `${label} ${words}`);
    number.main.setAttribute("aria-invalid", String(words !== null));
  });
  number.main.setAttribute("aria-label", label);
  number.main.setAttribute("aria-describedby", error.id);
  /** Shows a value whatever was typed. @param {number} value */
  function put(value) {
    number.show(value);
    number.main.setAttribute("aria-invalid", "false");
    error.hidden = true;
  }
  return { ...number, put, el: h("span", { class: "typed" }, number.main, error) };
}

/**
 * A number with a slider under it; either moves the other within the frame.
 * @param {Field} field
 * @param {Emit} emit
 * @param {Complain} complain
 * @returns {Input}
 */
export function createSliderNumber(field, emit, complain) {
  const stops = stopsOf(field);
  const slider = h("input", { type: "range", class: "slider", min: 0, max: stops.length - 1, step: 1 });
  const number = createNumber(
    field,
    (value, settled) => {
      place(value);
      emit(value, settled);
    },
    complain,
  );
  let held = false;

  /** @param {number|null} value */
  function place(value) {
    const at = value === null ? 0 : nearestStop(stops, value);
    slider.value = String(at);
    describe(value, at);
  }

  /** @param {number|null} value @param {number} at */
  function describe(value, at) {
    slider.style.setProperty("--fill", String(at / (stops.length - 1)));
    slider.setAttribute("aria-valuetext", value === null ? "none" : formatInput(value));
  }

  /** @param {boolean} settled */
  function slide(settled) {
    held = !settled;
    const at = Number(slider.value);
    describe(stops[at], at);
    number.show(stops[at]);
    complain(null);
    emit(stops[at], settled);
  }

  slider.addEventListener("input", () => slide(false));
  slider.addEventListener("change", () => slide(true));
  const line = h("div", { class: "slider-line" }, slider);
  return {
    main: number.main,
    slider,
    line,
    mark: createMark(line, slider, stops),
    set(value) {
      if (held) return;
      number.set(value);
      if (document.activeElement !== number.main) place(value);
    },
  };
}

/**
 * A stroke across a slider's line, and its words under it; nothing of it is there before it is asked for.
 * @param {HTMLElement} line
 * @param {HTMLElement} slider
 * @param {number[]} stops
 */
function createMark(line, slider, stops) {
  const stroke = h("span", { class: "slider-mark", hidden: true });
  const words = h("span", { class: "slider-words", id: freshId("mark"), hidden: true });
  return (/** @type {Mark|null} */ mark) => {
    if (!mark && !words.isConnected) return;
    if (!words.isConnected) {
      line.append(stroke, words);
      slider.setAttribute("aria-describedby", words.id);
    }
    const value = mark?.value ?? null;
    stroke.hidden = value === null;
    words.hidden = !mark;
    setText(words, mark?.words ?? "");
    line.classList.toggle("slider-line--faded", mark?.faded ?? false);
    if (value === null) return;
    stroke.classList.toggle("slider-mark--below", value < stops[0]);
    stroke.classList.toggle("slider-mark--above", value > stops[stops.length - 1]);
    stroke.style.setProperty("--place", placeAmong(stops, value).toFixed(4));
  };
}
