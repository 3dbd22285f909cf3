/** What the picture may and may not claim, in words: the captions under the stage. Pure. */

import { currentExperiment } from "../document/experiments.js";
import { formatRunning } from "../document/number-format.js";
import { entryAt, heldSaid } from "../model/runs.js";
import { stepArrows } from "../model/step-arrows.js";
import { modelSaid } from "./quadratic-model.js";

/** @import { AppState, Caption, Live, Plane } from "../document/types.js" */

/** A distance below this share of the window's coordinates is what rounding leaves of none. */
const ROUNDING = 1e-12;

/** How the directions were chosen is long, and stands after the runs. */
const NOTE = "note";

/** @param {AppState} state @returns {Caption[]} */
export function captionsOf(state) {
  const { plane, heights } = state;
  if (!plane) return [];
  return [
    ...aboutLive(state),
    ...plane.captions.filter(({ key }) => key !== NOTE),
    ...aboutRuns(state, plane),
    ...plane.captions.filter(({ key }) => key === NOTE),
    ...(heights?.captions ?? []),
    ...aboutArrows(state),
    ...aboutModel(state),
    ...aboutExperiment(state),
  ];
}

/** What the arrows at the cursor stand for. @param {AppState} state @returns {Caption[]} */
function aboutArrows(state) {
  const found = state.plane && stepArrows(state, state.plane.extent);
  return found ? [{ key: "arrows", strong: "Arrows", text: found.said }] : [];
}

/** A caption in one line: a title, which is no number, has a colon in place of bold letters. @param {Caption} caption */
export function lineOf({ name, strong, text }) {
  const rest = spaced(text);
  if (name) return `${name} ${strong}${rest}`;
  return `${strong}${/^\p{Lu}/u.test(strong) && rest.startsWith(" ") ? ":" : ""}${rest}`;
}

/** Without more the cost is that on the training set. @param {Live|null} live */
export const costOn = (live) =>
  ({ batch: "cost on the batch", test: "cost on the test set" })[live?.surfaceCost ?? ""] ?? "cost";

/** Text as it follows what is read first. @param {string} text */
export const spaced = (text) => (text.startsWith(",") || text === "" ? text : ` ${text}`);

/** What must be said in any case, where room is short. @param {Caption[]} said @returns {Caption[]} */
export const inBrief = (said) =>
  said.flatMap((caption) =>
    caption.brief === undefined || caption.brief === null ? [] : [{ ...caption, text: caption.brief }],
  );

/** @param {AppState} state @returns {Caption[]} */
function aboutModel(state) {
  const said = modelSaid(state);
  return said ? [{ key: "model", strong: "Quadratic model", text: said }] : [];
}

/** @type {WeakMap<object, string|null>} The sentence of each document: asked for at every step, found once. */
const whys = new WeakMap();

/** Why a curated experiment does what it does, as long as it is the one on show. @param {AppState} state @returns {Caption[]} */
function aboutExperiment({ catalog, doc }) {
  if (!catalog || !doc) return [];
  if (!whys.has(doc)) whys.set(doc, currentExperiment(catalog, doc)?.why ?? null);
  const why = whys.get(doc);
  return why ? [{ key: "why", strong: "Why", text: why }] : [];
}

/** What the surface is the cost on, where it is not the window's own. @param {AppState} state @returns {Caption[]} */
function aboutLive({ live, runs }) {
  if (!live) return [];
  /** @type {Caption[]} */
  const said = [];
  const through = `through ${runs[live.run]?.label ?? "the run"} at step ${live.step}`;
  if (live.travels)
    said.push({
      key: "travels",
      strong: "Travelling slice",
      text: `${through}, along the same two directions`,
      brief: through,
    });
  if (live.surfaceCost === "batch")
    said.push({
      key: "surface",
      strong: "Mini-batch",
      text: `surface and heights are the batch cost, on the examples of step ${live.step + 1} alone`,
      brief: `batch cost of step ${live.step + 1}`,
    });
  if (live.surfaceCost === "test")
    said.push({
      key: "surface",
      strong: "Test set",
      text: "surface and heights are the test cost, on examples that no step has seen",
      brief: "test cost",
    });
  return said;
}

/** @param {AppState} state @param {Plane} plane @returns {Caption[]} */
function aboutRuns({ runs, step, heights, focus }, plane) {
  const range = heights?.span ?? Infinity;
  const rounding = ROUNDING * Math.max(0, ...(plane.extent ?? []).flat().map(Math.abs));
  const { strong, text, brief, gap, gap_brief } = plane.runCaption;
  return runs
    .filter((run) => run.count > 0)
    .map((run, index) => {
      const entry = entryAt(run, step);
      const [cost, projected, off] = [run.cost[entry], run.projectedCost[entry], run.offPlane[entry]];
      const warn = !plane.exact && Math.abs(cost - projected) > range;
      const numbers = {
        cost: formatRunning(cost),
        shadow_cost: formatRunning(projected),
        off_plane: formatRunning(off < rounding ? 0 : off),
      };
      const held = heldSaid(run, step);
      const said = (/** @type {string} */ heights, /** @type {string} */ beyond) =>
        (plane.exact ? "" : filled(heights, numbers)) + (warn ? beyond : "") + (held && `, ${held}`);
      return {
        key: `run-${index}`,
        name: run.label,
        strong: filled(strong, numbers),
        text: said(text, gap),
        ...(warn || run === runs[focus] ? { brief: said(brief, gap_brief) } : {}),
        color: run.color,
        warn,
      };
    });
}

/** A sentence with its numbers put in. @param {string} sentence @param {Record<string, string>} numbers */
const filled = (sentence, numbers) => sentence.replace(/\{(\w+)\}/g, (_, name) => numbers[name]);
