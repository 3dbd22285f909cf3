/** Any view may ask for a dialog without knowing who shows it. */

const TYPE = "dialog-asked";

/** @param {"help"|"glossary"} name */
export function ask(name) {
  document.dispatchEvent(new CustomEvent(TYPE, { detail: name }));
}

/** @param {(name: "help"|"glossary") => void} answer */
export function onAsked(answer) {
  document.addEventListener(TYPE, (event) => answer(/** @type {CustomEvent} */ (event).detail));
}
