/** The Overlays button: what is drawn over the surface, whose cost it is, and whether the plane travels. */

import { looksOf } from "../document/view.js";
import { forFinger, h, setText } from "../ui/dom.js";
import { createSegments } from "../ui/inputs.js";
import { placeNear } from "../ui/popover-place.js";
import { CHOICES, OVERLAYS } from "./overlay-rows.js";

/** @import { Actions, AppState, Store } from "../document/types.js" */
/** @import { Choice, Overlay } from "./overlay-rows.js" */

/** @typedef {{el: HTMLElement, update: (state: AppState) => void}} Part */

/** @param {HTMLElement} stage @param {Store} store @param {Actions} actions */
export function createOverlaysMenu(stage, store, actions) {
  const modes = /** @type {HTMLElement} */ (stage.querySelector(".stage-modes"));
  const parts = [
    ...CHOICES.map((choice) => createChoice(choice, store, actions)),
    ...OVERLAYS.map((overlay) => createSwitches(overlay, actions)),
  ];
  const panel = h(
    "div",
    {
      class: "overlays-menu",
      popover: "auto",
      id: "overlays-menu",
      role: "dialog",
      "aria-label": "Overlays",
    },
    ...parts.map(({ el }) => el),
  );
  const button = h(
    "button",
    { class: "overlays-button", popovertarget: "overlays-menu", "aria-expanded": "false" },
    "Overlays",
  );
  const badge = h("button", {
    class: "live-badge",
    hidden: true,
    title: "Back to the whole picture",
    on: { click: () => actions.standStill() },
  });
  const lead = h("div", { class: "stage-lead" });
  modes.replaceWith(lead);
  lead.append(h("div", { class: "stage-buttons" }, modes, button), panel, badge);
  panel.addEventListener("toggle", (event) => {
    const open = /** @type {ToggleEvent} */ (event).newState === "open";
    button.setAttribute("aria-expanded", String(open));
    if (open) placeNear(panel, button);
  });
  store.watch(
    ["found", "refusals", "problem", "doc", "runs", "focus", "data", "click", "phase", "live"],
    (state) => {
      for (const part of parts) part.update(state);
    },
  );
  store.watch(["doc", "problem"], (state) => {
    const looks = looksOf(state);
    const on = OVERLAYS.filter(({ name, values }) => isOn(looks[name], values)).length;
    setText(button, on > 0 ? `Overlays (${on})` : "Overlays");
  });
  store.watch(["live", "runs"], (state) => {
    badge.hidden = state.live === null;
    setText(badge, badgeOf(state));
  });
}

/** @param {any} value @param {[any, any]} [values] */
const isOn = (value, [off] = [false, true]) => value !== off;

/** @param {AppState} state */
function badgeOf({ live, runs }) {
  if (!live) return "";
  const run = runs[live.run]?.label ?? "";
  const cost =
    { train: "", batch: `batch of step ${live.step + 1}`, test: "test set" }[live.surfaceCost] ?? "";
  const plane = live.travels ? `Travels with ${run}` : "";
  return `${[plane, cost].filter(Boolean).join(" · ")} ✕`;
}

/** One of several. @param {Choice} choice @param {Store} store @param {Actions} actions @returns {Part} */
function createChoice({ title, about, choices, of, choose, note: noteOf, had }, store, actions) {
  const named = choices.map(({ value, label }) => ({ value: String(value), label }));
  const segments = createSegments(about, named, (name) =>
    choose(choices.find(({ value }) => String(value) === name)?.value, actions, store),
  );
  const note = h("p", { class: "overlays-note" });
  const line = h(
    "div",
    { class: "overlays-line" },
    h("span", { class: "overlays-title" }, forFinger(title)),
    segments.el,
  );
  const inputs = segments.el.querySelectorAll("input");
  return {
    el: h("div", { class: "overlays-row" }, line, note),
    update(state) {
      segments.set(String(of(state)));
      choices.forEach(({ value }, k) => {
        inputs[k].disabled = had !== undefined && !had(state, value);
      });
      setText(note, noteOf(state));
    },
  };
}

/** An overlay's switch, and the further one that some have. @param {Overlay} overlay @param {Actions} actions @returns {Part} */
function createSwitches({ title, name, values = [false, true], note, had, further }, actions) {
  const change = (/** @type {any} */ value) => actions.change(["view", "overlays", name], value);
  const main = createSwitch(title, (on) => change(values[on ? 1 : 0]));
  const more = further && createSwitch("", (on) => change(on ? further.value : values[1]));
  more?.el.classList.add("overlays-sub");
  return {
    el: more ? h("div", {}, main.el, more.el) : main.el,
    update(state) {
      const value = looksOf(state)[name];
      main.input.checked = isOn(value, values);
      main.input.disabled = had !== undefined && !had(state);
      setText(main.note, note(state, value));
      if (!more) return;
      more.input.checked = value === further.value;
      more.el.hidden = !isOn(value, values) || further.had?.(state) === false;
      setText(more.title, further.title(state));
      setText(more.note, further.note(state));
    },
  };
}

/** @param {string} words @param {(on: boolean) => void} emit */
function createSwitch(words, emit) {
  const input = h("input", { type: "checkbox", class: "switch", role: "switch" });
  input.addEventListener("input", () => emit(input.checked));
  const title = h("span", { class: "overlays-title" }, words);
  const note = h("p", { class: "overlays-note" });
  const el = h("div", { class: "overlays-row" }, h("label", { class: "overlays-line" }, title, input), note);
  return { el, note, input, title };
}
