/** What the lab asks of each of its sections. Types only: nothing here runs. */

/**
 * @typedef {object} Section
 * @property {() => void} wake    Told when it comes into sight.
 */

/** @typedef {(element: HTMLElement, store: import("../document/types.js").Store, actions: import("../document/types.js").Actions, open: () => boolean) => Section} CreateSection */

export {};
