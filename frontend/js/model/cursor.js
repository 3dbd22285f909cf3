/** The place that the views are about. Pure. */

import { formatCount, formatNumber } from "../document/number-format.js";
import { endSaid, entryAt } from "./runs.js";

/** @import { AppState } from "../document/types.js" */

/** The place that the views show. @param {AppState} state @returns {Record<string, any>|null} */
export function placeOf({ look, runs, focus, step }) {
  if (look) return { at: look.at };
  const run = runs[focus];
  return run && run.count > 0 ? { run: focus, step: entryAt(run, step) } : null;
}

/**
 * A place in words: whose numbers a view shows, and of which step. What has been answered is of the place that was
 * asked about, which the cursor may have left since.
 * @param {Pick<AppState, "runs">} state
 * @param {Record<string, any>} place
 */
export function placeSaid({ runs }, { run: index, step, at }) {
  if (at)
    return `At the point ${at.map((/** @type {number} */ value) => formatNumber(value)).join(", ")} of the plane`;
  const run = runs[index];
  if (!run) return `At step ${formatCount(step)}`;
  const ended = endSaid(run, step);
  return `${run.label}${ended ? `, ${ended}` : ` at step ${formatCount(step)}`}`;
}
