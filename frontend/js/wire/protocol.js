/** The stream's binary frames and messages, as docs/stream.md describes them. Pure: no socket here. */

import { inflate } from "./inflate.js";

/** @import { Frame } from "../document/types.js" */

const MAGIC = 0x31435344; // "DSC1", little-endian
const HEADER_BYTES = 16;

/** Frame kinds, by the number in the header. */
export const KINDS = Object.freeze({ 1: "steps", 2: "surface", 3: "inspection", 6: "study" });

/** @type {Record<string, Float32ArrayConstructor | Float64ArrayConstructor | Int32ArrayConstructor | Uint8ArrayConstructor>} */
const DTYPES = { "<f4": Float32Array, "<f8": Float64Array, "<i4": Int32Array, "|u1": Uint8Array };

/**
 * Reads one binary frame. The arrays are views on the frame's own bytes, not copies.
 * @param {ArrayBuffer} buffer
 * @returns {Frame}
 */
export function readFrame(buffer) {
  const view = new DataView(buffer);
  if (buffer.byteLength < HEADER_BYTES || view.getUint32(0, true) !== MAGIC) {
    throw new Error(`frame must begin with DSC1, got ${buffer.byteLength} bytes that do not`);
  }
  const kind = /** @type {Record<number, string>} */ (KINDS)[view.getUint16(4, true)];
  if (!kind) throw new Error(`frame kind must be 1, 2, 3 or 6, got ${view.getUint16(4, true)}`);
  const metaBytes = view.getUint32(8, true);
  const base = HEADER_BYTES + metaBytes;
  if (base > buffer.byteLength)
    throw new Error(`frame must hold ${base} bytes of header, got ${buffer.byteLength}`);
  const { arrays: specs, ...meta } = JSON.parse(
    new TextDecoder().decode(new Uint8Array(buffer, HEADER_BYTES, metaBytes)),
  );
  /** @type {Record<string, {data: any, shape: number[]}>} */
  const named = {};
  for (const spec of specs) named[spec.name] = { data: readArray(buffer, base, spec), shape: spec.shape };
  return { kind, meta, arrays: inflate(named) };
}

/**
 * @param {ArrayBuffer} buffer
 * @param {number} base
 * @param {{name: string, dtype: string, shape: number[], offset: number}} spec
 */
function readArray(buffer, base, spec) {
  const Type = DTYPES[spec.dtype];
  if (!Type)
    throw new Error(
      `dtype of ${spec.name} must be one of ${Object.keys(DTYPES).join(", ")}, got ${spec.dtype}`,
    );
  const length = spec.shape.reduce((product, size) => product * size, 1);
  return new Type(buffer, base + spec.offset, length);
}

/** What the page draws of every step. */
const CHANNELS = [
  "path",
  "cost",
  "shadow_cost",
  "off_plane",
  "test_cost",
  "examples_seen",
  "gradient_evaluations",
];

/** @param {Record<string, any>} experiment @param {Record<string, any>} [options] */
export function openMessage(experiment, options = {}) {
  return { type: "open", experiment, channels: CHANNELS, ...options };
}

/**
 * The document with one value changed, everything else shared with the old one.
 * @param {any} document
 * @param {(string|number)[]} path
 * @param {any} value
 * @returns {any}
 */
export function withValue(document, path, value) {
  if (path.length === 0) return value;
  const [head, ...rest] = path;
  const copy = Array.isArray(document) ? [...document] : { ...document };
  copy[head] = withValue(document?.[head] ?? {}, rest, value);
  return copy;
}
