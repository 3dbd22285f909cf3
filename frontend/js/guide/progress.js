/** Which of the tour's questions were answered right, on this machine. */

import { recall, remember } from "../ui/memory.js";

const KEY = "tour.answered";

/** @param {{id: string}[]} stops */
export function createProgress(stops) {
  const known = new Set(stops.map(({ id }) => id));
  const answered = new Set((recall(KEY) ?? "").split(" ").filter((id) => known.has(id)));
  return {
    /** @param {string} id */
    has: (id) => answered.has(id),
    count: () => answered.size,
    /** @param {string} id */
    add(id) {
      answered.add(id);
      remember(KEY, [...answered].join(" "));
    },
  };
}

/** @typedef {ReturnType<typeof createProgress>} Progress */
