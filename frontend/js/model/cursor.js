/** The place that the views are about. Pure. */

import { entryAt } from "./runs.js";

/** The place that the views show. @param {import("../document/types.js").AppState} state @returns {Record<string, any>|null} */
export function placeOf({ look, runs, focus, step }) {
  if (look) return { at: look.at };
  const run = runs[focus];
  return run && run.count > 0 ? { run: focus, step: entryAt(run, step) } : null;
}
