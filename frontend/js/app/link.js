/** The permalink: an experiment in the address's hash, deflated and written in base64url. Pure. */

import { changed } from "../document/view.js";

/** @import { AppState } from "../document/types.js" */

const PREFIX = "#x=";
const MAX_DOCUMENT_BYTES = 1 << 20;

/**
 * The document that a link carries: as short as the service made it, with the view as the page has it by now.
 * @param {Pick<AppState, "doc"|"minimal"|"catalog">} state
 */
export function linkOf({ doc, minimal, catalog }) {
  const view = changed(catalog?.defaults.view ?? {}, doc?.view ?? {});
  const { view: _, ...dynamics } = minimal ?? {};
  return Object.keys(view).length === 0 ? dynamics : { ...dynamics, view };
}

/** @param {unknown} document @param {string} [prefix] @returns {Promise<string>} */
export async function toHash(document, prefix = PREFIX) {
  const packed = await through(
    new TextEncoder().encode(JSON.stringify(document)),
    new CompressionStream("deflate-raw"),
  );
  let binary = "";
  for (const byte of packed) binary += String.fromCharCode(byte);
  return prefix + btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/**
 * @param {string} hash
 * @param {string} [prefix]   Before what is packed.
 * @param {string} [what]     That it holds, in a word or two.
 * @returns {Promise<Record<string, any>|null>} null where the hash holds no such thing.
 * @throws {Error} where it holds one that cannot be read.
 */
export async function fromHash(hash, prefix = PREFIX, what = "experiment") {
  if (!hash.startsWith(prefix)) return null;
  try {
    const binary = atob(hash.slice(prefix.length).replaceAll("-", "+").replaceAll("_", "/"));
    const packed = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    const bytes = await through(packed, new DecompressionStream("deflate-raw"));
    const document = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    if (document && typeof document === "object" && !Array.isArray(document)) return document;
  } catch {
    // Fall through: whatever went wrong, the learner needs one sentence.
  }
  throw new Error(`The link must hold a whole ${what}; this one was cut short or changed.`);
}

/**
 * @param {Uint8Array} bytes
 * @param {CompressionStream|DecompressionStream} transform
 * @returns {Promise<Uint8Array>}
 */
async function through(bytes, transform) {
  const writer = transform.writable.getWriter();
  // A damaged link rejects here and below; the reading side reports it.
  writer
    .write(/** @type {BufferSource} */ (bytes))
    .then(() => writer.close())
    .catch(() => undefined);
  const reader = transform.readable.getReader();
  /** @type {Uint8Array[]} */
  const chunks = [];
  let total = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    total += part.value.length;
    if (total > MAX_DOCUMENT_BYTES)
      throw new Error(`document must be at most ${MAX_DOCUMENT_BYTES} bytes, got more`);
    chunks.push(part.value);
  }
  const whole = new Uint8Array(total);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
