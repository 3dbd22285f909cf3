/** Files that someone brings, dropped on the window, pasted or chosen: what each is, and who opens it. */

/**
 * @typedef {"table" | "model"} FileKind
 * @typedef {Record<FileKind, (files: File[]) => unknown>} Openers
 */

/** What tells kinds apart stands within these bytes. */
const HEAD_BYTES = 4096;
const TABLE_NAME = /\.(?:csv|tsv|tab|txt|xlsx|parquet)$/i;
const MODEL_NAME = /\.(?:safetensors|npz|zip|pt|pth)$/i;
const WEIGHTS = /"[^"]*(?:weight|kernel|coefs_|layers|theta)[^"]*"\s*:/i;
const NEITHER =
  "is neither a table (CSV, TSV, XLSX, Parquet) nor a trained model (safetensors, NPZ, zip, PT, JSON).";

/**
 * What a file is, by its first bytes where they tell, and else by its name.
 * @param {string} name
 * @param {Uint8Array} head   Its first bytes.
 * @returns {FileKind|null}   Null where it is neither.
 */
export function kindOfFile(name, head) {
  const begin = String.fromCharCode(...head.subarray(0, 9));
  if (begin.startsWith("PAR1")) return "table";
  if (begin.startsWith("PK")) return /\.xlsx$/i.test(name) ? "table" : "model";
  // A safetensors file says the length of its header in eight bytes, and then the header.
  if (begin[8] === "{" && begin.slice(4, 8) === "\0\0\0\0") return "model";
  if (MODEL_NAME.test(name)) return "model";
  const text = new TextDecoder().decode(head).trimStart();
  if (/^[{[]/.test(text) && !TABLE_NAME.test(name)) return kindOfJson(text);
  return TABLE_NAME.test(name) ? "table" : null;
}

/** An experiment is JSON too, and neither. @param {string} text @returns {FileKind|null} */
function kindOfJson(text) {
  if (/"problem"\s*:/.test(text)) return null;
  if (/"columns"\s*:/.test(text)) return "table";
  return WEIGHTS.test(text) ? "model" : null;
}

/**
 * Hands files to those who open them; the models at once, because several may be one training run.
 * @param {File[]} files
 * @param {Openers} openers
 * @returns {Promise<string|null>}   Why a file was not opened.
 */
export async function openFiles(files, openers) {
  const kinds = await Promise.all(files.map(async (file) => kindOfFile(file.name, await headOf(file))));
  const strange = files.find((_, index) => kinds[index] === null);
  if (strange) return `${strange.name} ${NEITHER}`;
  if (new Set(kinds).size > 1)
    return "A table and a model cannot be opened at once: bring one, then the other.";
  const [kind] = kinds;
  if (kind === "table" && files.length > 1) return "Tables are opened one at a time.";
  if (kind) await openers[kind](files);
  return null;
}

/** @param {File} file */
const headOf = async (file) => new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());

/**
 * Hears what is dropped and pasted; text and pictures within the page go where they went before.
 * @param {EventTarget} target
 * @param {(files: File[]) => unknown} open
 */
export function hearFiles(target, open) {
  /** @param {Event} event */
  const dragged = (event) => /** @type {DragEvent} */ (event).dataTransfer;
  /** @param {Event} event @param {DataTransfer|null} data */
  function take(event, data) {
    const files = [...(data?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    open(files);
  }
  target.addEventListener("dragover", (event) => {
    // Without this the browser leaves the page for the file.
    if (dragged(event)?.types.includes("Files")) event.preventDefault();
  });
  target.addEventListener("drop", (event) => take(event, dragged(event)));
  target.addEventListener("paste", (event) =>
    take(event, /** @type {ClipboardEvent} */ (event).clipboardData),
  );
}
