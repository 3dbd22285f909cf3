/** What the Plane group has beside plain knobs: points of runs, parameters by name, whose paths, the components' bar. */

import { isolated } from "../document/names.js";
import { h } from "../ui/dom.js";
import { createInput, createSelect } from "../ui/inputs.js";
import { changeTo, createRow } from "./knob.js";
import { fillShares } from "./null-walk.js";
import { createOwnPlane, ownPlaneOf } from "./own-plane.js";

/** @import { AppState } from "../document/types.js" */
/** @import { Context, Part } from "./knob.js" */

/** @typedef {{run?: number, step?: number|null}} Point */

const PATH = ["view", "plane"];
const ORDINALS = ["First point", "Second point", "Third point"];

/**
 * What a plane has beside the catalogue's fields.
 * @typedef {object} PlaneParts
 * @property {(context: Context) => Part[]} parts
 * @property {string[]} [replaced]   Fields that these stand in for, where the problem names its parameters.
 * @property {(context: Context) => Promise<Record<string, any>>} [begin]   What it begins with when it is chosen.
 */

/** By the plane's kind; those that plain knobs can set have none. @type {Record<string, PlaneParts>} */
export const PLANE_PARTS = {
  points: { parts: (context) => ORDINALS.map((title, k) => createPoint(context, title, k)) },
  axes: { parts: (context) => [0, 1].map((k) => createParameter(context, k)), replaced: ["parameters"] },
  pca: { parts: (context) => [createRuns(context)] },
  custom: { parts: createOwnPlane, begin: ownPlaneOf },
};

/**
 * The points that an empty list stands for: a start and two ends, or start, middle and end of one run.
 * @param {number} runs
 * @param {number} steps
 * @returns {Point[]}
 */
function usualPoints(runs, steps) {
  return [
    { run: 0, step: 0 },
    { run: 0, step: null },
    runs > 1 ? { run: 1, step: null } : { run: 0, step: Math.floor((steps + 1) / 2) },
  ];
}

/** @param {AppState} state @returns {Point[]} */
const pointsOf = ({ doc, steps }) => doc?.view.plane?.points ?? usualPoints(doc?.runs.length ?? 1, steps);

/** @param {Context} context @param {string} title @param {number} k @returns {Part} */
function createPoint(context, title, k) {
  const { store } = context;
  const row = createRow(title, () => ({
    title,
    texts: [
      "One of the three points that the plane goes through: a step of a run. Without a step, the run’s end.",
    ],
  }));
  const run = createSelect([], (value) => change({ run: value }));
  const step = createInput(
    {
      name: "step",
      label: "step",
      help: "",
      type: "optional_integer",
      default: null,
      low: 0,
      high: 20_000,
      empty: "end",
    },
    (value, settled) => settled && change({ step: value }),
    row.complain,
  );
  run.main.setAttribute("aria-label", `${title}: run`);
  step.main.setAttribute("aria-label", `${title}: step`);
  row.hold({ main: h("span", { class: "point-pick" }, run.main, step.main) });

  /** @param {Point} part */
  function change(part) {
    const points = pointsOf(store.get()).map((point, at) => (at === k ? { ...point, ...part } : point));
    context.actions.change([...PATH, "points"], points);
  }

  return {
    el: row.el,
    update(state) {
      const point = pointsOf(state)[k];
      run.setChoices(runChoices(state));
      run.set(point.run ?? 0);
      step.set(point.step ?? null);
    },
  };
}

/** @param {AppState} state */
const runChoices = ({ doc, runs }) =>
  (doc?.runs ?? []).map((run, k) => ({
    value: k,
    label: runs[k]?.label ?? (isolated(run.label ?? "") || `run ${k + 1}`),
  }));

/** @param {Context} context @param {number} k @returns {Part} */
function createParameter(context, k) {
  const title = k === 0 ? "Along a" : "Along b";
  const row = createRow(title, () => ({
    title,
    texts: ["The parameter on this axis; all others are held where the plane begins."],
  }));
  const select = createSelect([], change);
  row.hold(select);

  /** @param {number} value */
  function change(value) {
    const parameters = parametersOf(context.store.get());
    const other = parameters[1 - k] === value ? parameters[k] : parameters[1 - k];
    changeTo(context, [...PATH, "parameters"], k === 0 ? [value, other] : [other, value]);
  }

  return {
    el: row.el,
    update(state) {
      const names = state.problem?.parameters ?? [];
      select.setChoices(names.map((label, value) => ({ value, label })));
      select.set(parametersOf(state)[k]);
    },
  };
}

/** @param {AppState} state @returns {[number, number]} */
const parametersOf = ({ doc }) => doc?.view.plane?.parameters ?? [0, 1];

/** @param {Context} context @returns {Part} */
function createRuns(context) {
  const row = createRow("Paths", () => ({
    title: "Paths",
    texts: ["Whose paths the principal components are taken of: of all runs together, or of one."],
  }));
  const select = createSelect([], (run) =>
    context.actions.change([...PATH, "runs"], run === null ? "all" : [run]),
  );
  row.hold(select);
  return {
    el: row.el,
    update(state) {
      row.el.hidden = (state.doc?.runs.length ?? 1) < 2;
      select.setChoices([{ value: null, label: "of all runs" }, ...runChoices(state)]);
      const chosen = state.doc?.view.plane?.runs ?? "all";
      select.set(chosen === "all" ? null : chosen[0]);
    },
  };
}

/** The shares of the first components, where the plane is made of them. @returns {Part} */
export function createComponents() {
  const bar = h("div", { class: "share-bar" });
  const el = h(
    "div",
    { class: "components" },
    h("p", { class: "overlays-note" }, "Variance shares: PC 1, PC 2, PC 3\u00a0…"),
    bar,
  );
  let shown = /** @type {number[]|null} */ (null);
  return {
    el,
    update({ plane }) {
      const shares = plane?.components ?? [];
      el.hidden = shares.length === 0;
      if (el.hidden || shown === shares) return;
      shown = shares;
      fillShares(bar, shares);
    },
  };
}
