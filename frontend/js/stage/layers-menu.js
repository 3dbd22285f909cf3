/** The Overlays button: what is drawn over the surface, whose cost it is, and whether the plane travels. */

import { hasSurface, looksOf } from "../document/view.js";
import { surfacesOf } from "../model/derived-store.js";
import { otherOf } from "../model/layer-answers.js";
import { basinsSaid, criticalSaid } from "../plot/layer-shapes.js";
import { h, setText } from "../ui/dom.js";
import { graphicsCard } from "../ui/graphics.js";
import { createSegments } from "../ui/inputs.js";
import { placeNear } from "../ui/popover-place.js";

/** @import { Actions, AppState, Store } from "../document/types.js" */

/** @typedef {{el: HTMLElement, update: (state: AppState) => void}} Part */

const SURFACES = [
  { value: "train", label: "training set" },
  { value: "batch", label: "mini-batch" },
  { value: "test", label: "test set" },
];
const TRAVELS = [
  { value: "stays", label: "stays" },
  { value: "travels", label: "travels" },
];
const COLORS = [
  { value: "height", label: "height" },
  { value: "rank", label: "rank" },
];
/** Why an overlay that is switched on is not seen. */
const HIDDEN =
  "Hidden while the plane travels or the surface is another cost’s: this belongs to the fitted plane and the training cost.";
const CLICKS = [
  { value: "start", label: "starts there" },
  { value: "look", label: "looks there" },
];

/** @param {HTMLElement} stage @param {Store} store @param {Actions} actions */
export function createLayersMenu(stage, store, actions) {
  const modes = /** @type {HTMLElement} */ (stage.querySelector(".stage-modes"));
  const parts = [
    createClick(store, actions),
    createTravels(actions),
    createSurfaceChoice(store, actions),
    createColors(actions),
    createField(actions),
    createArrowChoice(actions),
    createModel(actions),
    createCritical(actions),
    createBasins(actions),
  ];
  const panel = h(
    "div",
    { class: "layers-menu", popover: "auto", id: "layers-menu", role: "dialog", "aria-label": "Overlays" },
    ...parts.map(({ el }) => el),
  );
  const button = /** @type {HTMLButtonElement} */ (
    h(
      "button",
      { class: "layers-button", popovertarget: "layers-menu", "aria-expanded": "false" },
      "Overlays",
    )
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
    const on = [
      looks.gradient_field,
      looks.arrows !== "none",
      looks.quadratic_model,
      looks.critical_points,
      looks.basins !== "none",
    ].filter(Boolean).length;
    setText(button, on > 0 ? `Overlays (${on})` : "Overlays");
  });
  store.watch(["live", "runs"], (state) => {
    badge.hidden = state.live === null;
    setText(badge, badgeOf(state));
  });
}

/** @param {AppState} state */
function badgeOf({ live, runs }) {
  if (!live) return "";
  const run = runs[live.run]?.label ?? "";
  const cost =
    { train: "", batch: `batch of step ${live.step + 1}`, test: "test set" }[live.surfaceCost] ?? "";
  const plane = live.travels ? `Travels with ${run}` : "";
  return `${[plane, cost].filter(Boolean).join(" · ")} ✕`;
}

/** @param {string} title @param {HTMLElement} control @returns {{el: HTMLElement, note: HTMLElement}} */
function row(title, control) {
  const note = h("p", { class: "layers-note" });
  return {
    el: h(
      "div",
      { class: "layers-row" },
      h("div", { class: "layers-line" }, h("span", { class: "layers-title" }, title), control),
      note,
    ),
    note,
  };
}

/** @param {Store} store @param {Actions} actions @returns {Part} */
function createClick(store, actions) {
  const segments = createSegments("A click on the surface", CLICKS, (click) =>
    store.set({ click: click === "look" ? "look" : "start" }),
  );
  const { el, note } = row("A click", segments.el);
  return {
    el,
    update(state) {
      segments.set(state.click);
      setText(
        note,
        state.click === "look"
          ? "Shows the network there: cost, answers, gradient, curvature. No descent starts."
          : "",
      );
      if (state.click !== "look" && state.look) actions.lookAt(null);
    },
  };
}

/** @param {Actions} actions @returns {Part} */
function createTravels(actions) {
  const segments = createSegments("The plane", TRAVELS, (way) => choose(way === "travels"));
  const { el, note } = row("Plane", segments.el);

  /** @param {boolean} travels */
  function choose(travels) {
    if (travels) actions.lookAt(null);
    actions.change(["view", "moving_plane"], travels);
  }

  return {
    el,
    update(state) {
      const { problem, runs, focus } = state;
      const { moving_plane: travels } = looksOf(state);
      const exact = problem?.exact ?? true;
      segments.set(travels ? "travels" : "stays");
      disable(segments.el, exact);
      const run = runs[focus]?.label ?? "the run";
      setText(
        note,
        exact
          ? "Both parameters are shown: there is nothing to travel through."
          : travels
            ? `The slice goes through ${run}’s own point, in the same two directions, and is computed anew at every step.`
            : `Travelling, the slice goes through ${run}’s own point at every step.`,
      );
    },
  };
}

/** @param {Store} store @param {Actions} actions @returns {Part} */
function createSurfaceChoice(store, actions) {
  const segments = createSegments("Whose cost the surface is", SURFACES, choose);
  let compared = false;

  /** @param {string} surface */
  function choose(surface) {
    actions.change(["view", "surface"], surface);
    const { doc, focus } = store.get();
    if (surface !== "batch" || compared || (doc?.runs[focus]?.batch_size ?? null) === null) return;
    compared = true;
    if (doc?.view?.stage === "both") return;
    actions.change(["view", "stage"], "both");
    store.set({ notice: "Two surfaces side by side: the batch cost in 3D, the train cost from above." });
  }

  const { el, note } = row("Cost on the", segments.el);
  return {
    el,
    update(state) {
      const { doc, focus } = state;
      const { surface } = looksOf(state);
      const formula = !hasSurface(doc, "batch");
      const tested = hasSurface(doc, "test");
      const batch = doc?.runs[focus]?.batch_size ?? null;
      segments.set(surface);
      disable(segments.el, formula);
      disableOne(segments.el, 2, !tested);
      setText(note, surfaceNote(formula, tested, batch, surface));
    },
  };
}

/** @param {boolean} formula @param {boolean} tested @param {number|null} batch @param {string} surface */
function surfaceNote(formula, tested, batch, surface) {
  if (formula) return "A formula has no examples.";
  if (surface === "batch")
    return batch === null
      ? "This run takes its steps on the full batch: its batch cost is the train cost."
      : `The cost on the ${batch} examples of the next step: the surface that this step sees.`;
  if (surface === "test") return "The cost on examples that no step has seen.";
  return tested ? "" : "There is no test set: set its share under Problem.";
}

/** @param {Actions} actions @returns {Part} */
function createColors(actions) {
  const segments = createSegments("What a colour stands for", COLORS, (colors) =>
    actions.change(["view", "colors"], colors),
  );
  const { el, note } = row("Colour", segments.el);
  return {
    el,
    update(state) {
      const { colors } = looksOf(state);
      segments.set(colors);
      setText(
        note,
        colors === "rank"
          ? "Each colour covers as much of the surface as any other: small differences show, and colours no longer measure heights."
          : "",
      );
    },
  };
}

/** @param {Actions} actions @returns {Part} */
function createField(actions) {
  const toggle = createToggle("Slope arrows", (on) =>
    actions.change(["view", "overlays", "gradient_field"], on),
  );
  return {
    el: toggle.el,
    update(state) {
      const { refusals, problem, live } = state;
      const { gradient_field: field } = looksOf(state);
      toggle.set(field);
      const partly = problem?.exact ? "" : " Paler where most of it leads out of the plane.";
      setText(
        toggle.note,
        refusals.field ??
          (field && live && !surfacesOf(state)
            ? HIDDEN
            : field
              ? `Downhill, −∇C; longer where it is steeper (the fourth root or so).${partly}`
              : ""),
      );
    },
  };
}

/** @param {Actions} actions @returns {Part} */
function createArrowChoice(actions) {
  const toggle = createToggle("Step’s arrows", (on) => choose(on ? "step" : "none"));
  const others = createToggle("and every other rule’s step", (on) => choose(on ? "all" : "step"));
  others.el.classList.add("layers-sub");

  /** @param {"none"|"step"|"all"} arrows */
  function choose(arrows) {
    actions.change(["view", "overlays", "arrows"], arrows);
  }

  return {
    el: h("div", {}, toggle.el, others.el),
    update(state) {
      const { arrows } = looksOf(state);
      const { refusals, runs, focus } = state;
      toggle.set(arrows !== "none");
      others.set(arrows === "all");
      others.el.hidden = arrows === "none";
      const run = runs[focus]?.label ?? "the run";
      setText(
        toggle.note,
        refusals.arrows ??
          (arrows === "none"
            ? ""
            : `What ${run}’s next step sees, remembers and does. The captions say how much longer it is drawn than it is.`),
      );
      setText(
        others.note,
        refusals.others ??
          (arrows === "all"
            ? "Each rule with its defaults, after the same gradients; drawn while nothing moves."
            : ""),
      );
    },
  };
}

/** @param {Actions} actions @returns {Part} */
function createModel(actions) {
  const toggle = createToggle("Quadratic model", (model) =>
    actions.change(["view", "overlays", "quadratic_model"], model),
  );
  let flat = /** @type {string|null} */ (null);
  return {
    el: toggle.el,
    update(state) {
      const { refusals, live } = state;
      const { quadratic_model: model } = looksOf(state);
      toggle.set(model);
      if (model) flat ??= graphicsCard() === null ? " Without WebGL it is drawn from above only." : "";
      const said = `The parabola that Newton’s method takes the surface for, as a second surface; from above, dashed lines.${flat ?? ""}${refusals.newton ? ` No Newton step: ${refusals.newton}` : ""}`;
      setText(toggle.note, refusals.model ?? (model ? (live ? HIDDEN : said) : ""));
    },
  };
}

/** @param {Actions} actions @returns {Part} */
function createCritical(actions) {
  const toggle = createToggle("Critical points", (critical) =>
    actions.change(["view", "overlays", "critical_points"], critical),
  );
  return {
    el: toggle.el,
    update(state) {
      const { found, refusals, problem } = state;
      const { critical_points: critical } = looksOf(state);
      const exact = problem?.exact ?? false;
      toggle.set(critical);
      toggle.input.disabled = !exact;
      const searching = critical ? (found.critical ? criticalSaid(found.critical) : "Searching…") : "";
      setText(
        toggle.note,
        exact
          ? (refusals.critical ?? searching)
          : "Only two-parameter problems are searched: a slice’s level points are level in the slice alone.",
      );
    },
  };
}

/** @param {Actions} actions @returns {Part} */
function createBasins(actions) {
  const toggle = createToggle("Basins", (on) => choose(on ? "minima" : "none"));
  const against = createToggle("and where the next run disagrees", (on) => choose(on ? "against" : "minima"));
  against.el.classList.add("layers-sub");

  /** @param {"none"|"minima"|"against"} basins */
  function choose(basins) {
    actions.change(["view", "overlays", "basins"], basins);
  }

  return {
    el: h("div", {}, toggle.el, against.el),
    update(state) {
      const { found, refusals, runs, focus, problem, live } = state;
      const { basins } = looksOf(state);
      toggle.set(basins !== "none");
      against.set(basins === "against");
      against.el.hidden = basins === "none" || runs.length < 2;
      setText(against.title, `and where ${runs[otherOf(focus, runs.length || 1)]?.label ?? ""} disagrees`);
      const own = runs[focus]?.label ?? "the run";
      const idle = problem?.exact
        ? `Which minimum ${own} reaches from each start.`
        : `How low ${own} ends from each start on the slice.`;
      const busy = found.basins ? basinsSaid(found.basins, runs) : "Descending from everywhere…";
      setText(
        toggle.note,
        refusals.basins ?? (basins === "none" ? idle : live && !surfacesOf(state) ? HIDDEN : busy),
      );
    },
  };
}

/** @param {string} title @param {(on: boolean) => void} emit */
function createToggle(title, emit) {
  const input = h("input", { type: "checkbox", class: "switch", role: "switch" });
  input.addEventListener("input", () => emit(input.checked));
  const name = h("span", { class: "layers-title" }, title);
  const note = h("p", { class: "layers-note" });
  const el = h("div", { class: "layers-row" }, h("label", { class: "layers-line" }, name, input), note);
  const set = (/** @type {boolean} */ on) => {
    input.checked = on;
  };
  return { el, note, input, title: name, set };
}

/** @param {HTMLElement} segments @param {boolean} disabled */
function disable(segments, disabled) {
  for (const input of segments.querySelectorAll("input")) input.disabled = disabled;
}

/** @param {HTMLElement} segments @param {number} at @param {boolean} disabled */
function disableOne(segments, at, disabled) {
  segments.querySelectorAll("input")[at].disabled = disabled;
}
