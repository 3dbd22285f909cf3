/** What the Overlays menu offers, a row each: how the surface is seen, and what is drawn over it. */

import { hasSurface, looksOf } from "../document/view.js";
import { surfacesOf } from "../model/derived-store.js";
import { otherOf } from "../model/overlay-answers.js";
import { basinsSaid, criticalSaid } from "../plot/overlay-shapes.js";
import { graphicsCard } from "../ui/graphics.js";

/** @import { Overlays } from "../document/experiment-types.js" */
/** @import { Actions, AppState, Store } from "../document/types.js" */

/**
 * @typedef {object} Choice
 * @property {string} title
 * @property {string} about       Its name for a screen reader.
 * @property {{value: any, label: string}[]} choices
 * @property {(state: AppState) => any} of
 * @property {(value: any, actions: Actions, store: Store) => void} choose
 * @property {(state: AppState) => string} note
 * @property {(state: AppState, value: any) => boolean} [had]   Whether the problem has this choice.
 *
 * @typedef {object} Overlay
 * @property {string} title
 * @property {Exclude<keyof Overlays, "random_walk">} name   In the document’s `overlays`.
 * @property {[any, any]} [values]  Off and on, where these are not false and true.
 * @property {(state: AppState, value: any) => string} note
 * @property {(state: AppState) => boolean} [had]   Whether the problem can have it.
 * @property {Further} [further]
 *
 * @typedef {object} Further      A second switch, while the first is on.
 * @property {(state: AppState) => string} title
 * @property {any} value
 * @property {(state: AppState) => string} note
 * @property {(state: AppState) => boolean} [had]
 */

/** Why an overlay that is switched on is not seen. */
const HIDDEN =
  "Hidden while the plane travels or the surface is another cost’s: this belongs to the fitted plane and the training cost.";

/** @param {Pick<AppState, "runs"|"focus">} state */
const focused = ({ runs, focus }) => runs[focus]?.label ?? "the run";

/** @type {Choice[]} */
export const CHOICES = [
  {
    title: "A click",
    about: "A click on the surface",
    choices: [
      { value: "start", label: "starts there" },
      { value: "look", label: "looks there" },
    ],
    of: ({ click }) => click,
    choose(click, actions, store) {
      store.set({ click });
      if (click === "start") actions.lookAt(null);
    },
    note: ({ click }) =>
      click === "look"
        ? "Shows the network there: cost, answers, gradient, curvature. No descent starts."
        : "",
  },
  {
    title: "Plane",
    about: "The plane",
    choices: [
      { value: false, label: "stays" },
      { value: true, label: "travels" },
    ],
    of: (state) => looksOf(state).moving_plane,
    choose(travels, actions) {
      if (travels) actions.lookAt(null);
      actions.change(["view", "moving_plane"], travels);
    },
    had: ({ problem }) => problem?.exact === false,
    note(state) {
      if (state.problem?.exact ?? true)
        return "Both parameters are shown: there is nothing to travel through.";
      return looksOf(state).moving_plane
        ? `The slice goes through ${focused(state)}’s own point, in the same two directions, and is computed anew at every step.`
        : `Travelling, the slice goes through ${focused(state)}’s own point at every step.`;
    },
  },
  {
    title: "Cost on the",
    about: "Whose cost the surface is",
    choices: [
      { value: "train", label: "training set" },
      { value: "batch", label: "mini-batch" },
      { value: "test", label: "test set" },
    ],
    of: (state) => looksOf(state).surface,
    choose: chooseSurface,
    had: ({ doc }, surface) => hasSurface(doc, "batch") && hasSurface(doc, surface),
    note: surfaceNote,
  },
  {
    title: "Colour",
    about: "What a colour stands for",
    choices: [
      { value: "height", label: "height" },
      { value: "rank", label: "rank" },
    ],
    of: (state) => looksOf(state).colors,
    choose: (colors, actions) => actions.change(["view", "colors"], colors),
    note: (state) =>
      looksOf(state).colors === "rank"
        ? "Each colour covers as much of the surface as any other: small differences show, and colours no longer measure heights."
        : "",
  },
];

/** @type {Overlay[]} */
export const OVERLAYS = [
  {
    title: "Slope arrows",
    name: "gradient_field",
    note(state, on) {
      if (state.refusals.field || !on) return state.refusals.field ?? "";
      const partly = state.problem?.exact ? "" : " Paler where most of it leads out of the plane.";
      return isHidden(state)
        ? HIDDEN
        : `Downhill, −∇C; longer where it is steeper (the fourth root or so).${partly}`;
    },
  },
  {
    title: "Step’s arrows",
    name: "arrows",
    values: ["none", "step"],
    note: (state, arrows) =>
      state.refusals.arrows ??
      (arrows === "none"
        ? ""
        : `What ${focused(state)}’s next step sees, remembers and does. The captions say how much longer it is drawn than it is.`),
    further: {
      title: () => "and every other rule’s step",
      value: "all",
      note: (state) =>
        state.refusals.others ??
        (looksOf(state).arrows === "all"
          ? "Each rule with its defaults, after the same gradients; drawn while nothing moves."
          : ""),
    },
  },
  {
    title: "Quadratic model",
    name: "quadratic_model",
    note({ refusals: { model, newton }, live }, on) {
      if (model || !on) return model ?? "";
      const flat = graphicsCard() === null ? " Without WebGL it is drawn from above only." : "";
      return live
        ? HIDDEN
        : `The parabola that Newton’s method takes the surface for, as a second surface; from above, dashed lines.${flat}${newton ? ` No Newton step: ${newton}` : ""}`;
    },
  },
  {
    title: "Critical points",
    name: "critical_points",
    had: ({ problem }) => problem?.exact ?? false,
    note({ found, refusals, problem }, on) {
      if (!problem?.exact)
        return "Only two-parameter problems are searched: a slice’s level points are level in the slice alone.";
      const searched = found.critical ? criticalSaid(found.critical) : "Searching…";
      return refusals.critical ?? (on ? searched : "");
    },
  },
  {
    title: "Basins",
    name: "basins",
    values: ["none", "minima"],
    note(state, basins) {
      const { found, refusals, runs, problem } = state;
      if (refusals.basins) return refusals.basins;
      if (basins !== "none" && isHidden(state)) return HIDDEN;
      if (basins !== "none")
        return found.basins ? basinsSaid(found.basins, runs) : "Descending from everywhere…";
      return problem?.exact
        ? `Which minimum ${focused(state)} reaches from each start.`
        : `How low ${focused(state)} ends from each start on the slice.`;
    },
    further: {
      title: ({ runs, focus }) =>
        `and where ${runs[otherOf(focus, runs.length || 1)]?.label ?? "the next run"} disagrees`,
      value: "against",
      note: () => "",
      had: ({ runs }) => runs.length > 1,
    },
  },
];

/** @param {AppState} state */
const isHidden = (state) => state.live !== null && !surfacesOf(state);

let compared = false;

/**
 * The batch's surface is shown beside the training set's, the first time.
 * @param {string} surface
 * @param {Actions} actions
 * @param {Store} store
 */
function chooseSurface(surface, actions, store) {
  actions.change(["view", "surface"], surface);
  const { doc, focus } = store.get();
  if (surface !== "batch" || compared || (doc?.runs[focus]?.batch_size ?? null) === null) return;
  compared = true;
  if (doc?.view?.stage === "both") return;
  actions.change(["view", "stage"], "both");
  store.set({ notice: "Two surfaces side by side: the batch cost in 3D, the train cost from above." });
}

/** @param {AppState} state */
function surfaceNote(state) {
  const { doc, focus } = state;
  const { surface } = looksOf(state);
  const batch = doc?.runs[focus]?.batch_size ?? null;
  if (!hasSurface(doc, "batch")) return "This problem has no examples.";
  if (surface === "batch")
    return batch === null
      ? "This run takes its steps on the full batch: its batch cost is the train cost."
      : `The cost on the ${batch} examples of the next step: the surface that this step sees.`;
  if (surface === "test") return "The cost on examples that no step has seen.";
  return hasSurface(doc, "test") ? "" : "There is no test set: set its share under Problem.";
}
