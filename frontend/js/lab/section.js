/** What the lab asks of each of its sections. Types only: nothing here runs. */

/** @import { Actions, Store } from "../document/types.js" */

/**
 * `at` is told the place of every answer that a section shows, which the lab names.
 * @typedef {(element: HTMLElement, store: Store, actions: Actions, open: () => boolean, at: (place: Record<string, any>) => void) => void} CreateSection
 */

export {};
