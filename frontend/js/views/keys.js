/** The keyboard: what each key does, said once for those who press it and for the help that lists it. */

import { nextSpeed } from "./speeds.js";

/** @typedef {import("../types.js").Store} Store */
/** @typedef {import("../types.js").Actions} Actions */
/** @typedef {{store: Store, actions: Actions, dialogs: {help: () => void}, event: KeyboardEvent}} Pressed */
/** @typedef {{keys: string[], shown: string, label: string, act: (pressed: Pressed) => void}} Key */

const LEAP = 10;

/** @type {readonly Key[]} */
export const KEYS = Object.freeze([
  { keys: [" "], shown: "Space", label: "play or pause", act: ({ actions }) => actions.toggle() },
  { keys: ["ArrowLeft"], shown: "←", label: "one step back, ten with Shift", act: ({ actions, event }) => actions.stepBy(event.shiftKey ? -LEAP : -1) },
  { keys: ["ArrowRight"], shown: "→", label: "one step forward, ten with Shift", act: ({ actions, event }) => actions.stepBy(event.shiftKey ? LEAP : 1) },
  { keys: ["Home"], shown: "Home", label: "to the start", act: ({ actions }) => actions.seek(0) },
  { keys: ["End"], shown: "End", label: "to the end", act: ({ actions, store }) => actions.seek(store.get().steps) },
  { keys: ["r"], shown: "R", label: "play again from the start", act: playAgain },
  { keys: ["+", "="], shown: "+", label: "faster", act: ({ actions, store }) => actions.setSpeed(nextSpeed(store.get().speed, 1)) },
  { keys: ["-"], shown: "−", label: "slower", act: ({ actions, store }) => actions.setSpeed(nextSpeed(store.get().speed, -1)) },
  { keys: ["1"], shown: "1", label: "the surface in 3D", act: ({ actions }) => actions.change(["view", "stage"], "3d") },
  { keys: ["2"], shown: "2", label: "its contours", act: ({ actions }) => actions.change(["view", "stage"], "contour") },
  { keys: ["3"], shown: "3", label: "both", act: ({ actions }) => actions.change(["view", "stage"], "both") },
  { keys: ["t"], shown: "T", label: "light or dark", act: ({ actions, store }) => actions.setTheme(store.get().theme === "dark" ? "light" : "dark") },
  { keys: ["?"], shown: "?", label: "this help", act: ({ dialogs }) => dialogs.help() },
]);

/** @param {Pressed} pressed */
function playAgain({ actions, store }) {
  actions.seek(0);
  if (!store.get().playing) actions.toggle();
}

/**
 * @param {Store} store
 * @param {Actions} actions
 * @param {{help: () => void}} dialogs
 */
export function bindKeys(store, actions, dialogs) {
  document.addEventListener("keydown", (event) => {
    const key = keyFor(event);
    if (!key || (event.shiftKey && !usesShift(event.key)) || isTaken(event) || !store.get().doc) return;
    event.preventDefault();
    key.act({ store, actions, dialogs, event });
  });
}

/** @param {KeyboardEvent} event */
function keyFor({ key, ctrlKey, metaKey, altKey }) {
  if (ctrlKey || metaKey || altKey) return null;
  return KEYS.find(({ keys }) => keys.includes(key.length === 1 ? key.toLowerCase() : key)) ?? null;
}

/** @param {string} key */
const usesShift = (key) => key.startsWith("Arrow") || key === "?" || key === "+";

const MOVES = new Set([" ", "ArrowLeft", "ArrowRight", "Home", "End"]);
const TYPED = new Set(["text", "search", "number"]);

/**
 * Whether the key belongs to what has the focus: typed into a field, moving a slider, pressing a button.
 * @param {KeyboardEvent} event
 */
function isTaken({ target, key, defaultPrevented }) {
  if (defaultPrevented || document.querySelector("dialog[open], .menu:popover-open")) return true;
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable) return true;
  if (target instanceof HTMLInputElement) return TYPED.has(target.type) || (MOVES.has(key) && !(key === " " && target.type === "range"));
  return key === " " && target.matches("button, summary, a[href], [role=button]");
}
