/** What every input has in common. Types only: nothing here runs. */

/** @typedef {(value: any, settled: boolean) => void} Emit   settled: the hand has let go. */
/** @typedef {(error: string|null) => void} Complain */

/**
 * @typedef {object} Mark
 * @property {number|null} value   Where it stands; null where there are words alone.
 * @property {string} words        For who points at the slider, moves it by keys, or hears it.
 * @property {boolean} faded       No longer of what is on show.
 */

/**
 * @typedef {object} Input
 * @property {HTMLElement} main          What the label belongs to.
 * @property {HTMLElement} [slider]      A second line under label and number.
 * @property {HTMLElement} [line]        What the slider lies in.
 * @property {(mark: Mark|null) => void} [mark]   A stroke beside the slider's thumb.
 * @property {(value: any) => void} set  Shows a value from outside, unless the hand is on the knob.
 */

export {};
