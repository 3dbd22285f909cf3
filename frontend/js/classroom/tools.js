/** What the wiring lends the classroom. Types only: nothing here runs. */

/** @import { Unpack } from "./opened.js" */

/**
 * @typedef {object} Tools   What the wiring lends.
 * @property {(document: unknown, prefix?: string) => Promise<string>} pack   As an address’s hash.
 * @property {Unpack} unpack
 * @property {() => Record<string, any>} experiment       On show, as short as a permalink’s.
 * @property {(hash: string, query?: string) => string} addressOf   The page’s with that hash.
 * @property {() => Promise<string>} policy               The content security policy that the page is served with.
 * @property {(blob: Blob, name: string) => void} save   To a file.
 * @property {(experiment: Record<string, any>) => Promise<{runs: {cost: (number|null)[]}[]}>} compute
 */
export {};
