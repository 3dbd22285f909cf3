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
 * @property {Record<string, Act>} acts     By KeyboardEvent.key, letters small; "Shift " before it where that is held with Control.
 * @property {boolean} [control]            With the Control or the Command key.
 * @property {boolean} [whole]              Only of the whole page: a recording alone has nothing that answers.
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
    whole: true,
    acts: { f: ({ store }) => store.set({ filled: !store.get().filled }) },
  },
  {
    shown: ["P"],
    label: "present: the whole screen, larger letters, a pointer",
    whole: true,
    acts: { p: ({ store }) => store.set({ presenting: !store.get().presenting }) },
  },
  {
    shown: ["Ctrl Z"],
    label: "undo",
    control: true,
    whole: true,
    acts: { z: ({ actions }) => actions.undo() },
  },
  {
    shown: ["Ctrl Y", "Ctrl Shift Z"],
    label: "redo",
    control: true,
    whole: true,
    acts: { y: ({ actions }) => actions.redo(), "Shift z": ({ actions }) => actions.redo() },
  },
  // The browser's own would print the screen, and we know better what belongs on paper.
  {
    shown: ["Ctrl P"],
    label: "print what is on show",
    control: true,
    whole: true,
    acts: { p: () => ask("print") },
  },
  { shown: ["Esc"], label: "close what is open", acts: { Escape: () => closeTopmost() } },
  { shown: ["?"], label: "this help", whole: true, acts: { "?": () => ask("help") } },
];

/** @type {Act} */
function playAgain({ actions, store }) {
  actions.seek(0);
  if (!store.get().playing) actions.toggle();
}

/** Those of a recording alone. */
export const KEYS_ALONE = KEYS.filter(({ whole }) => !whole);

/** @param {Store} store @param {Actions} actions @param {Keys[]} [keys] */
export function bindKeys(store, actions, keys = KEYS) {
  document.addEventListener("keydown", (event) => {
    const act = actOf(event, keys);
    if (!act || isTaken(event) || !store.get().doc) return;
    event.preventDefault();
    act({ store, actions, event });
  });
}

/**
 * @param {Pick<KeyboardEvent, "key"|"ctrlKey"|"metaKey"|"altKey"|"shiftKey">} event
 * @param {Keys[]} [keys]
 * @returns {Act|null}
 */
export function actOf({ key, ctrlKey, metaKey, altKey, shiftKey }, keys = KEYS) {
  const control = ctrlKey || metaKey;
  if (altKey || (ctrlKey && metaKey)) return null;
  if (!control && shiftKey && /^(\w|Home|End|\s)$/.test(key)) return null;
  const small = key.length === 1 ? key.toLowerCase() : key;
  const name = control && shiftKey ? `Shift ${small}` : small;
  const found = keys.find((one) => Boolean(one.control) === control && Object.hasOwn(one.acts, name));
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
