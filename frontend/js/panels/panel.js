/** What a panel is: one of the views at the right, with its tab. */

/**
 * @typedef {object} Panel
 * @property {string} name      In the document's `view.tab`, in ids and in classes.
 * @property {string} label     On its tab.
 * @property {number} place     Its tab stands after those of smaller places.
 * @property {boolean} [stays]  Whether it stands below whichever panel is open.
 * @property {Create} create    Fills the element, watches the store, and asks what it shows while it is open.
 *
 * @callback Create
 * @param {HTMLElement} element
 * @param {import("../document/types.js").Store} store
 * @param {import("../document/types.js").Actions} actions
 * @param {import("../ui/study-query.js").Questions} questions   Those that other views ask too.
 * @returns {void|{redraw: () => void}}   To be redrawn where another panel opens beside it.
 */

/**
 * Whether a panel is seen: nothing is asked or drawn for one that is not.
 * @param {HTMLElement} element
 */
export const isOpen = (element) => !element.hidden && element.clientWidth > 0;
