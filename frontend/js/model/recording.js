/** What the page shows, as JSON that keeps every number: for a page that plays it without a service. Pure. */

/** @import { AppState, Experiment, Run } from "../document/types.js" */

/** @typedef {Partial<AppState> & {title: string, why: string|null}} Recording */

/** Typed arrays by the key that they stand under, little-endian in base64. */
/** @type {Record<string, Float64ArrayConstructor|Float32ArrayConstructor|Int32ArrayConstructor|Uint8ArrayConstructor>} */
const ARRAYS = { f8: Float64Array, f4: Float32Array, i4: Int32Array, u1: Uint8Array };
/** Bytes that become a string at once: a call takes only so many arguments. */
const AT_ONCE = 0x8000;

/**
 * The picture on show, with all that plays in it, under the names of the page’s state. Runs end where they are by now.
 * @param {AppState} state
 * @param {string} title
 * @param {string|null} why   What a curated experiment says of itself.
 * @returns {string}
 */
export function recordingOf(state, title, why) {
  const { doc, problem, steps, step, speed, focus, runs, plane, surface, found, theme } = state;
  const recording = {
    ...{ title, why, problem, step, speed, focus, plane, surface, found, theme },
    steps: Math.min(steps, ...(runs.some(isOpen) ? [Math.max(...runs.map(({ count }) => count)) - 1] : [])),
    doc: doc && standing(doc),
    runs: runs.map(arrived),
  };
  return JSON.stringify(packed(recording));
}

/** @param {string} text @returns {Recording} */
export const readRecording = (text) => unpacked(JSON.parse(text));

/** @param {Run} run */
const isOpen = ({ status }) => status === "running";

/**
 * The document without what only a service can draw at every step anew, and without the examples, which no one needs who
 * looks at the picture.
 * @param {Experiment} doc
 * @returns {Experiment}
 */
function standing(doc) {
  const { overlays, stage } = doc.view;
  const { dataset } = doc.problem;
  const bare = dataset ? { ...doc.problem, dataset: { kind: dataset.kind } } : doc.problem;
  const problem = /** @type {Experiment["problem"]} */ (/** @type {unknown} */ (bare));
  const still = { arrows: /** @type {const} */ ("none"), quadratic_model: false, random_walk: false };
  return {
    ...doc,
    problem,
    view: {
      ...doc.view,
      moving_plane: false,
      surface: "train",
      stage: stage === "lab" ? "3d" : stage,
      overlays: { ...overlays, ...still },
    },
  };
}

/** A run without the room for steps to come. @param {Run} run */
function arrived(run) {
  const columns = Object.entries(run).map(([name, value]) => [
    name,
    value instanceof Float64Array ? value.slice(0, run.count) : value,
  ]);
  return { ...Object.fromEntries(columns), status: isOpen(run) ? "finished" : run.status };
}

/** @param {any} value @returns {any} */
function packed(value) {
  if (ArrayBuffer.isView(value)) return packedArray(/** @type {Float64Array} */ (value));
  if (Array.isArray(value)) return value.map(packed);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, packed(part)]));
}

/** @param {Float64Array} array */
function packedArray(array) {
  const key = Object.entries(ARRAYS).find(([, Kind]) => array instanceof Kind)?.[0];
  if (!key) throw new Error(`array must be of ${Object.keys(ARRAYS).join(", ")}, got ${array}`);
  const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  let text = "";
  for (let at = 0; at < bytes.length; at += AT_ONCE)
    text += String.fromCharCode(...bytes.subarray(at, at + AT_ONCE));
  return { [key]: btoa(text) };
}

/** @param {any} value @returns {any} */
function unpacked(value) {
  if (Array.isArray(value)) return value.map(unpacked);
  if (value === null || typeof value !== "object") return value;
  const [[key, text], ...more] = [...Object.entries(value), ["", ""]];
  const Kind = ARRAYS[key];
  if (Kind && more.length === 1 && typeof text === "string")
    return new Kind(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer);
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, unpacked(part)]));
}
