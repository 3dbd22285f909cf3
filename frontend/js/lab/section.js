/** What the lab asks of each of its sections. Types only: nothing here runs. */

/**
 * `at` is told the place of every answer that a section shows, which the lab names.
 * @typedef {(element: HTMLElement, store: import("../document/types.js").Store, actions: import("../document/types.js").Actions, open: () => boolean, at: (place: Record<string, any>) => void) => void} CreateSection
 */

export {};
