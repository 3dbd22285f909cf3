/** What every input has in common. Types only: nothing here runs. */

/** @typedef {(value: any, settled: boolean) => void} Emit   settled: the hand has let go. */
/** @typedef {(error: string|null) => void} Complain */

/**
 * @typedef {object} Input
 * @property {HTMLElement} main          What the label belongs to.
 * @property {HTMLElement} [slider]      A second line under label and number.
 * @property {(value: any) => void} set  Shows a value from outside, unless the hand is on the knob.
 */

export {};
