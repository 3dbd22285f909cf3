/** The keyboard: what each key does, said once for those who press it and for the help that lists it. */

import { ask } from "../ui/ask.js";
import { closeTopmost } from "../ui/overlays.js";
import { nextSpeed } from "./speeds.js";

/** @import { Actions, Store } from "../document/types.js" */

/** @typedef {{store: Store, actions: Actions, event: KeyboardEvent}} Pressed */
/** @typedef {(pressed: Pressed) => void} Act */
/**
 * @typedef {object} Keys
 * @property {string[]} shown
 * @property {string} label
 * @property {Record<string, Act>} acts     By KeyboardEvent.key, letters small.
 * @property {boolean} [control]            With the Control or the Command key.
 */

const LEAP = 10;

/** @param {1|-1} by @returns {Act} */
const step =
  (by) =>
  ({ actions, event }) =>
    actions.stepBy(event.shiftKey ? by * LEAP : by);
/** @param {1|-1} by @returns {Act} */
const pace =
  (by) =>
  ({ actions, store }) =>
    actions.setSpeed(nextSpeed(store.get().speed, by));
/** @param {string} mode @returns {Act} */
const stage =
  (mode) =>
  ({ actions }) =>
    actions.change(["view", "stage"], mode);

/** @type {Keys[]} */
export const KEYS = [
  { shown: ["Space"], label: "play or pause", acts: { " ": ({ actions }) => actions.toggle() } },
  {
    shown: ["←", "→"],
    label: "one step, ten with Shift",
    acts: { ArrowLeft: step(-1), ArrowRight: step(1) },
  },
  {
    shown: ["Home", "End"],
    label: "to the start, to the end",
    acts: {
      Home: ({ actions }) => actions.seek(0),
      End: ({ actions, store }) => actions.seek(store.get().steps),
    },
  },
  { shown: ["R"], label: "play again from the start", acts: { r: playAgain } },
  { shown: ["−", "+"], label: "slower, faster", acts: { "-": pace(-1), "+": pace(1), "=": pace(1) } },
  {
    shown: ["1", "2", "3", "4"],
    label: "surface, contours, both, lab",
    acts: { 1: stage("3d"), 2: stage("contour"), 3: stage("both"), 4: stage("lab") },
  },
  {
    shown: ["T"],
    label: "light or dark",
    acts: { t: ({ actions, store }) => actions.setTheme(store.get().theme === "dark" ? "light" : "dark") },
  },
  {
    shown: ["F"],
    label: "the picture alone, in all the window",
    acts: { f: ({ store }) => store.set({ filled: !store.get().filled }) },
  },
  {
    shown: ["P"],
    label: "present: the whole screen, larger letters, a pointer",
    acts: { p: ({ store }) => store.set({ presenting: !store.get().presenting }) },
  },
  {
    shown: ["Ctrl Z"],
    label: "undo",
    control: true,
    acts: { z: ({ actions, event }) => (event.shiftKey ? actions.redo() : actions.undo()) },
  },
  { shown: ["Ctrl Y"], label: "redo", control: true, acts: { y: ({ actions }) => actions.redo() } },
  { shown: ["Esc"], label: "close what is open", acts: { Escape: () => closeTopmost() } },
  { shown: ["?"], label: "this help", acts: { "?": () => ask("help") } },
];

/** @type {Act} */
function playAgain({ actions, store }) {
  actions.seek(0);
  if (!store.get().playing) actions.toggle();
}

/** @param {Store} store @param {Actions} actions */
export function bindKeys(store, actions) {
  document.addEventListener("keydown", (event) => {
    const act = isPrint(event) ? () => ask("print") : actOf(event);
    if (!act || isTaken(event) || !store.get().doc) return;
    event.preventDefault();
    act({ store, actions, event });
  });
}

/**
 * The browser's own key for it: it would print the screen, and we know better what belongs on paper.
 * @param {Pick<KeyboardEvent, "key"|"ctrlKey"|"metaKey"|"altKey"|"shiftKey">} event
 */
export const isPrint = ({ key, ctrlKey, metaKey, altKey, shiftKey }) =>
  key.toLowerCase() === "p" && ctrlKey !== metaKey && !altKey && !shiftKey;

/** @param {Pick<KeyboardEvent, "key"|"ctrlKey"|"metaKey"|"altKey"|"shiftKey">} event @returns {Act|null} */
export function actOf({ key, ctrlKey, metaKey, altKey, shiftKey }) {
  const control = ctrlKey || metaKey;
  if (altKey) return null;
  if (!control && shiftKey && /^(\w|Home|End|\s)$/.test(key)) return null;
  const name = key.length === 1 ? key.toLowerCase() : key;
  const found = KEYS.find((keys) => Boolean(keys.control) === control && Object.hasOwn(keys.acts, name));
  return found?.acts[name] ?? null;
}

const MOVES = new Set([" ", "ArrowLeft", "ArrowRight", "Home", "End"]);
const TYPED = new Set(["text", "search"]);

/**
 * Whether the key belongs to what has the focus: typed into a field, moving a slider, pressing a button.
 * @param {KeyboardEvent} event
 */
function isTaken({ target, key, ctrlKey, metaKey, defaultPrevented }) {
  if (defaultPrevented || document.querySelector("dialog[open], .menu:popover-open")) return true;
  // What is in the browser's top layer it closes itself, and what is typed has an Escape of its own.
  if (key === "Escape" && document.querySelector("[popover=auto]:popover-open")) return true;
  if (!(target instanceof HTMLElement)) return false;
  // A text has an undo of its own; what else has the focus has none.
  if ((ctrlKey || metaKey) && !target.matches("textarea, [contenteditable], [type=text], [type=search]"))
    return false;
  if (
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement ||
    target.isContentEditable
  )
    return true;
  if (target instanceof HTMLInputElement)
    return TYPED.has(target.type) || (MOVES.has(key) && !(key === " " && target.type === "range"));
  if (target.getAttribute("role") === "tab") return MOVES.has(key);
  return key === " " && target.matches("button, summary, a[href], [role=button]");
}
