/** The Start group: where every run begins. */

import { entryOf } from "../document/changes.js";
import { faultAt, valueAt } from "../document/controls.js";
import { plural } from "../document/number-format.js";
import { hasExamples, isExplored, isRecorded } from "../document/view.js";
import { forFinger, h, setText } from "../ui/dom.js";
import { icon } from "../ui/icons.js";
import { createSelect } from "../ui/inputs.js";
import { createNumber } from "../ui/numbers.js";
import { createGroup } from "./group.js";
import { createRow, explanationOfEntry, switching } from "./knob.js";
import { createNamedKnob } from "./run-fields.js";

/** @import { AppState } from "../document/types.js" */
/** @import { Context, Part } from "./knob.js" */

/** @param {Context} context @returns {Part} */
export function createStart(context) {
  const hint = h("p", { class: "hint" });
  const partsKind = (/** @type {AppState} */ state) =>
    `${startKind(state)}${isExplored(state.doc) ? " explored" : ""}`;
  const body = switching(h("div", {}), partsKind, (state) => startParts(context, partsKind(state)));
  return createGroup(
    "Start",
    [createKinds(context), body, { el: hint, update: (state) => setText(hint, hintOf(state)) }],
    { say: saidOfStart, secondary: true },
  );
}

/** @param {AppState} state */
const startKind = ({ doc }) => doc?.start?.kind ?? "init";

/** @param {AppState} state */
function hintOf(state) {
  if (isRecorded(state.doc)) {
    if (state.problem?.sloped === false)
      return "Its gradient is not known: no run can be computed from here.";
    return forFinger("Click the contour to descend from there.");
  }
  if (startKind(state) === "stored") return "Every run starts from a trained model.";
  if (startKind(state) === "theta") return `${plural(state.doc?.start.values?.length ?? 0, "given weight")}.`;
  return forFinger("Click the surface to start every run there.");
}

/** @param {AppState} state */
function saidOfStart(state) {
  if (startKind(state) === "stored") return "trained model";
  if (startKind(state) !== "init") return "chosen point";
  if (isExplored(state.doc)) return "where the recording starts";
  return hasExamples(state.doc) ? `initial weights, seed ${state.doc?.seed ?? 0}` : "usual point";
}

/** @param {Context} context @returns {Part} */
function createKinds({ store, actions }) {
  const row = createRow("Start from", () =>
    explanationOfEntry("Start", entryOf(store.get().catalog?.starts, startKind(store.get()))),
  );
  const select = createSelect([], (kind) => {
    const [run] = store.get().runs;
    if (kind === "init") actions.restartAtInit();
    else if (kind === "point" && run?.count) actions.startAt([run.a[0], run.b[0]]);
  });
  row.hold(select);
  return {
    el: row.el,
    update(state) {
      const usual = isExplored(state.doc)
        ? "the recording’s start"
        : hasExamples(state.doc)
          ? "initial weights"
          : "the usual point";
      select.setChoices([
        { value: "init", label: usual },
        { value: "point", label: "a chosen point" },
        ...(startKind(state) === "stored" ? [{ value: "stored", label: "a trained model" }] : []),
      ]);
      const kind = startKind(state);
      select.set(kind === "init" || kind === "stored" ? kind : "point");
    },
  };
}

/** @param {Context} context @param {string} kind @returns {Part[]} */
function startParts(context, kind) {
  if (kind === "init") return createSeed(context);
  // The first parameters of a model from Python are not drawn from a seed.
  if (kind.endsWith(" explored") || kind === "theta" || kind === "stored") return [];
  return [0, 1].map((axis) => createCoordinate(context, axis));
}

/** @param {Context} context @returns {Part[]} */
function createSeed(context) {
  const knobs = createNamedKnob(context, "experiment", "seed", []);
  const roll = h(
    "button",
    {
      class: "icon-button icon-button--small",
      "aria-label": "Another seed",
      title: "Another seed",
      on: { click: () => context.actions.change(["seed"], Math.floor(Math.random() * 1000)) },
    },
    icon("dice"),
  );
  for (const { el } of knobs) el.querySelector(".knob__head")?.append(roll);
  return knobs;
}

/**
 * One coordinate of the chosen point, on the plane that it was chosen on.
 * @param {Context} context
 * @param {number} axis
 * @returns {Part}
 */
function createCoordinate({ store, actions }, axis) {
  const row = createRow(axis ? "second coordinate" : "first coordinate", () => {
    const state = store.get();
    return explanationOfEntry(
      "Start",
      entryOf(state.catalog?.starts, startKind(state)),
      state.plane ? `Along ${state.plane.labels[axis]}.` : "",
    );
  });
  const field = {
    name: "at",
    label: "coordinate",
    help: "",
    type: /** @type {const} */ ("number"),
    default: 0,
    low: -1e6,
    high: 1e6,
  };
  const input = createNumber(
    field,
    (value, settled) => settled && actions.change(["start", "at", axis], value),
    row.complain,
  );
  row.hold(input);
  return {
    el: row.el,
    update(state) {
      input.set(valueAt(state.doc, ["start", "at", axis]));
      const name = startKind(state) === "point" ? state.plane?.labels[axis] : ["a", "b"][axis];
      if (name) setText(/** @type {HTMLElement} */ (row.el.querySelector(".knob__label")), name);
      row.complain(faultAt(state.fault, ["start"]));
    },
  };
}
