/** What one did, as the documents that it led to, and what of it was undone. Histories in, histories out. Pure. */

/** @import { HistoryEntry, Experiment, History } from "../document/types.js" */

/** Entries that are kept; the oldest go first. */
export const MOST_ENTRIES = 200;

/** @type {History} */
export const NOTHING_DONE = Object.freeze({ entries: Object.freeze([]), at: -1, forgotten: 0 });

/** Where the page is; null before anything was opened. @param {History} past @returns {HistoryEntry|null} */
export const present = ({ entries, at }) => entries[at] ?? null;

/**
 * One thing more was done; what was undone before it is gone.
 * @param {History} past
 * @param {Experiment} document
 * @param {string} words
 * @param {{of?: string, again?: boolean, tour?: number|null}} [options]   again: in one go with what was done before, where that was to the same.
 * @returns {History}
 */
export function push(past, document, words, { of = "", again = false, tour = null } = {}) {
  const done = past.entries.slice(0, past.at + 1);
  const last = present(past);
  const merged = again && of !== "" && past.at > 0 && last?.of === of;
  const next = [...(merged ? done.slice(0, -1) : done), { document, words, of, tour }];
  const surplus = Math.max(0, next.length - MOST_ENTRIES);
  const entries = next.slice(surplus);
  return { entries, at: entries.length - 1, forgotten: past.forgotten + surplus };
}

/**
 * The same was done, and its document is now put otherwise: with what the service filled in, as it is looked at by now.
 * @param {History} past
 * @param {Experiment} document
 * @param {number|null} [tour]
 * @returns {History}
 */
export function amend(past, document, tour = null) {
  const { entries, at } = past;
  return { ...past, entries: entries.map((entry, k) => (k === at ? { ...entry, document, tour } : entry)) };
}

/** @param {History} past @returns {History} */
export const undo = (past) => (past.at > 0 ? { ...past, at: past.at - 1 } : past);

/** @param {History} past @returns {History} */
export const redo = (past) => (past.at < past.entries.length - 1 ? { ...past, at: past.at + 1 } : past);

/** What undoing would take back, in words; null where there is nothing. @param {History} past */
export const undoable = ({ entries, at }) => (at > 0 ? entries[at].words : null);

/** What redoing would do again, in words; null where there is nothing. @param {History} past */
export const redoable = ({ entries, at }) => entries[at + 1]?.words ?? null;
