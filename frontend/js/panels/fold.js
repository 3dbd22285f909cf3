/** What the Step view asks of each fold under it. Types only: nothing here runs. */

/** @typedef {import("../document/types.js").Store} Store */
/** @typedef {import("../document/types.js").Actions} Actions */
/** @typedef {import("../ui/study-query.js").Questions} Questions */

/**
 * @typedef {object} Fold
 * @property {string} title
 * @property {string} [term]   Of the glossary.
 * @property {(HTMLElement|SVGElement)[]} parts
 * @property {{refresh: () => void}[]} queries
 */

/** @typedef {(store: Store, actions: Actions, open: () => boolean, questions: Questions) => Fold} CreateFold */

export {};
