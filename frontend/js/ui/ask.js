/** Any view may ask for a dialog without knowing who shows it. */

/** @typedef {"help"|"glossary"|"picture"|"animation"|"file"|"assignment"|"collect"|"embed"} Asked   A file of the device, to be opened; what a teacher hands out. */

const TYPE = "dialog-asked";

/** @param {Asked} name */
export function ask(name) {
  document.dispatchEvent(new CustomEvent(TYPE, { detail: name }));
}

/** @param {(name: Asked) => void} answer */
export function onAsked(answer) {
  document.addEventListener(TYPE, (event) => answer(/** @type {CustomEvent} */ (event).detail));
}
