/** Any view may ask for a dialog without knowing who shows it. */

/**
 * @typedef {"help"|"glossary"|"picture"|"animation"|"print"|"file"|"experiments"|"moves"|"columns"|"assignment"|"collect"|"embed"} Asked
 *   file: of the device, to be opened. experiments: the menu of them. moves: the first moves, once more. columns: of the table that is open. assignment, collect, embed: what a teacher hands out, gets back, and shows elsewhere.
 */

const TYPE = "dialog-asked";

/** @param {Asked} name */
export function ask(name) {
  document.dispatchEvent(new CustomEvent(TYPE, { detail: name }));
}

/** @param {(name: Asked) => void} answer */
export function onAsked(answer) {
  document.addEventListener(TYPE, (event) => answer(/** @type {CustomEvent} */ (event).detail));
}
