/** Files that someone brings, dropped on the window, pasted or chosen: what each is, and who opens it. */

/**
 * @typedef {"table" | "model"} FileKind
 * @typedef {Record<FileKind, (files: File[]) => unknown>} Openers
 */

/** What tells kinds apart stands within these bytes. */
const HEAD_BYTES = 4096;
const TABLE_NAME = /\.(?:csv|tsv|tab|txt|data|dat|xlsx|parquet)$/i;
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
 * @returns {Promise<string|null>}   What was not opened, and why.
 */
export async function openFiles(files, openers) {
  const kinds = await Promise.all(files.map(async (file) => kindOfFile(file.name, await headOf(file))));
  const strange = files.find((_, index) => kinds[index] === null);
  if (strange) return `${strange.name} ${NEITHER}`;
  if (new Set(kinds).size > 1)
    return "A table and a model cannot be opened at once: bring one, then the other.";
  const [kind] = kinds;
  if (!kind) return null;
  const taken = kind === "table" ? files.slice(0, 1) : files;
  await openers[kind](taken);
  return taken.length < files.length
    ? `Tables are opened one at a time: ${taken[0].name} is, and the others are not.`
    : null;
}

/** @param {File} file */
const headOf = async (file) => new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());

/** Cells of a spreadsheet: rows of as many tabs. */
const CELLS = /^[^\n]*\t[^\n]*\r?\n[^\n]*\t/;
const TYPED_IN = "input, textarea, [contenteditable]";

/**
 * What was pasted, as files: a spreadsheet's cells come as text, and as a picture too.
 * @param {DataTransfer|null} data
 * @returns {File[]}
 */
export function pastedFiles(data) {
  const text = data?.getData("text/plain") ?? "";
  return CELLS.test(text) ? [new File([text], "pasted.tsv")] : [...(data?.files ?? [])];
}

/**
 * Hears what is dropped and pasted; what is pasted into a field of the page, and mere words, go where they went before.
 * @param {EventTarget} target
 * @param {(files: File[]) => unknown} open
 * @param {() => void} [hover]   Called again and again while files are dragged over it.
 */
export function hearFiles(target, open, hover = () => undefined) {
  /** @param {Event} event */
  const dragged = (event) => /** @type {DragEvent} */ (event).dataTransfer;
  /** @param {Event} event @param {File[]} files */
  function take(event, files) {
    if (files.length === 0) return;
    event.preventDefault();
    open(files);
  }
  target.addEventListener("dragover", (event) => {
    if (!dragged(event)?.types.includes("Files")) return;
    // Without this the browser leaves the page for the file.
    event.preventDefault();
    hover();
  });
  target.addEventListener("drop", (event) => take(event, [...(dragged(event)?.files ?? [])]));
  target.addEventListener("paste", (event) => {
    const within = /** @type {any} */ (event.target)?.closest?.(TYPED_IN);
    if (!within) take(event, pastedFiles(/** @type {ClipboardEvent} */ (event).clipboardData));
  });
}

/** Lets the learner choose files of the device. @param {(files: File[]) => unknown} open */
export function chooseFiles(open) {
  const input = document.createElement("input");
  input.type = "file";
  input.multiple = true;
  input.hidden = true;
  const done = () => input.remove();
  input.addEventListener("change", () => {
    done();
    open([...(input.files ?? [])]);
  });
  input.addEventListener("cancel", done);
  // One that is not in the page is forgotten by some browsers before it is answered.
  document.body.append(input);
  input.click();
}

/** Without a word for some time the files have left the page, or were dropped. */
const HOVER_MS = 200;

/** What marks an element while files are dragged over it. @param {HTMLElement} el */
export function createHover(el) {
  let timer = 0;
  return () => {
    el.dataset.dropping = "yes";
    clearTimeout(timer);
    timer = window.setTimeout(() => delete el.dataset.dropping, HOVER_MS);
  };
}
