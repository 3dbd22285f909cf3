/** How a run fares: diverged, at rest without a slope, stationary, refused by the service, or changed under way. */

import { editsOf, withoutEdits } from "../document/changes.js";
import { faultAt } from "../document/controls.js";
import { formatCount, plural } from "../document/number-format.js";
import { endOf, stationarySaid } from "../model/runs.js";
import { h, refill, setText } from "../ui/dom.js";

/** @import { Fault, Run } from "../document/types.js" */
/** @import { Part } from "./knob.js" */
/** @import { RunContext } from "./optimizer.js" */

/**
 * How a run ended, and where it was changed under way, with the way back.
 * @param {RunContext} context
 * @param {number} k
 * @returns {Part}
 */
export function createStatus({ store, actions }, k) {
  const said = h("span", { class: "run__said" });
  const undo = h("button", { class: "link", on: { click: dropEdits } }, "undo");
  const changed = h("span", { class: "run__changed" });
  const el = h("div", { class: "run__status" }, said, changed);

  function dropEdits() {
    const { doc } = store.get();
    if (doc) actions.change(["edits"], withoutEdits(doc, k));
  }
  return {
    el,
    update({ runs, doc, fault }) {
      const recorded = Boolean(doc?.runs[k]?.recorded);
      const [text, tone] = refusedOf(fault, k) ?? (recorded ? recordedSaid(runs[k]) : statusOf(runs[k]));
      setText(said, text);
      said.dataset.tone = tone;
      const edits = doc ? changesOf(editsOf(doc, k).map(({ step }) => step)) : "";
      if (changed.dataset.said !== edits) {
        changed.dataset.said = edits;
        refill(changed, ...(edits ? [`${edits} `, undo] : []));
      }
      el.hidden = !text && !edits;
    },
  };
}

/** @param {number[]} steps */
function changesOf(steps) {
  if (steps.length <= 3) return steps.length ? `changed at step ${steps.map(formatCount).join(", ")}` : "";
  return `changed ${formatCount(steps.length)} times, last at step ${formatCount(steps[steps.length - 1])}`;
}

/**
 * What the service refuses of a run, where no open knob of the card shows it.
 * @param {Fault|null} fault
 * @param {number} k
 * @returns {[string, string]|null}
 */
function refusedOf(fault, k) {
  const said = faultAt(fault, ["runs", k]);
  return said === null || faultAt(fault, ["runs", k, "optimizer", "learning_rate"]) !== null
    ? null
    : [said, "bad"];
}

/** @param {Run|undefined} run @returns {[string, string]} */
function recordedSaid(run) {
  const [text, tone] = statusOf(run);
  const checkpoints = run ? `Recorded: ${checkpointsSaid(run)}, one a step here.` : "Recorded.";
  return [text ? `${checkpoints} ${text}` : checkpoints, tone];
}

/** With the steps of its training, each of which computed a gradient. @param {Run} run */
function checkpointsSaid({ count, evaluations }) {
  const said = plural(count, "checkpoint");
  const [first, last] = [evaluations[0], evaluations[count - 1]];
  return count < 2 || last - first === count - 1
    ? said
    : `${said} of steps ${formatCount(first)} to ${formatCount(last)}`;
}

/** @param {Run|undefined} run @returns {[string, string]} */
function statusOf(run) {
  const ended = run ? endOf(run) : "";
  if (ended) return [ended, run?.status === "diverged" ? "bad" : "quiet"];
  return [run ? stationarySaid(run) : "", "quiet"];
}
