/** What differs between two documents, as a link carries it, in words, and put together again. Pure. */

import { formatNumber, plural } from "../document/number-format.js";
import { isGroup } from "../document/view.js";
import { listOf, MOST, refuse, textOf } from "./bounds.js";

/** @typedef {(string|number)[]} Path */
/** @typedef {[Path, any] | [Path]} Change   A value at a path; without one it is taken away. */

const MAGIC = new Set(["__proto__", "constructor", "prototype"]);

/**
 * The changes that lead from one document to another: into groups and lists of the same length, else whole values.
 * @param {any} before @param {any} after @param {Path} [path] @returns {Change[]}
 */
export function differences(before, after, path = []) {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (isGroup(before) && isGroup(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return names.flatMap((name) =>
      Object.hasOwn(after, name)
        ? differences(Object.hasOwn(before, name) ? before[name] : undefined, after[name], [...path, name])
        : [/** @type {Change} */ ([[...path, name]])],
    );
  }
  const paired = Array.isArray(before) && Array.isArray(after) && before.length === after.length;
  if (paired && before.every(isGroup))
    return before.flatMap((item, at) => differences(item, after[at], [...path, at]));
  return [[path, after]];
}

/** @param {any} document @param {Change[]} changes */
export const applied = (document, changes) =>
  changes.reduce((now, change) => withChange(now, change[0], change), document);

/** @param {any} node @param {Path} path @param {Change} change @returns {any} */
function withChange(node, [head, ...rest], change) {
  if (Array.isArray(node)) {
    const at = Number(head);
    if (!Number.isInteger(at) || at < 0 || at >= node.length)
      return refuse("change", `at one of ${node.length} places`, head);
    return node.map((item, k) => (k === at ? withValueIn(item, rest, change) : item));
  }
  if (node !== undefined && !isGroup(node)) return refuse("change", "inside an object or a list", head);
  const { [head]: was, ...others } = node ?? {};
  if (rest.length === 0 && change.length === 1) return others;
  return { ...others, [head]: withValueIn(was, rest, change) };
}

/** @param {any} node @param {Path} rest @param {Change} change */
const withValueIn = (node, rest, change) => (rest.length === 0 ? change[1] : withChange(node, rest, change));

/** @param {unknown} value @param {string} name @returns {Change[]} */
export function readChanges(value, name) {
  return listOf(value, name, MOST.changes).map((change, at) => {
    const [path, ...values] = listOf(change, `${name}[${at}]`, 2);
    const keys = listOf(path, `${name}[${at}][0]`, MOST.depth);
    if (keys.length === 0) refuse(`${name}[${at}][0]`, "a path", keys);
    for (const key of keys)
      if (MAGIC.has(String(key)) || (typeof key !== "number" && textOf(key, "key", MOST.name) === ""))
        refuse(`${name}[${at}][0]`, "a path of names and places", key);
    return values.length === 0 ? [keys] : [keys, values[0]];
  });
}

/** What was done between two documents, in a line. @param {any} before @param {any} after */
export function changesSaid(before, after) {
  const said = differences(before, after).map((change) => changeSaid(before, after, change));
  const [first, second, ...more] = [...new Set(said)];
  if (!first) return "nothing changed";
  return [first, second, more.length > 0 && `${plural(more.length, "change")} more`]
    .filter(Boolean)
    .join(", ");
}

/** @param {any} before @param {any} after @param {Change} change */
function changeSaid(before, after, [path, value]) {
  const [top] = path;
  if (top === "runs" && path.length === 1)
    return `runs ${before?.runs?.length ?? 1} → ${after?.runs?.length ?? 1}`;
  if (top === "start") return startSaid(after?.start);
  if (top === "edits") return `changed on the way, ${plural(after?.edits?.length ?? 0, "time")}`;
  const was = valueSaid(path.reduce((node, key) => node?.[key], before));
  const now = valueSaid(value);
  const several = (after?.runs?.length ?? 1) > 1;
  const whose = top === "runs" && several ? `run ${Number(path[1]) + 1}: ` : "";
  return `${whose}${nameOf(path)} ${[was, now || "as usual"].filter(Boolean).join(" → ")}`;
}

/** @param {Path} path */
function nameOf(path) {
  const names = path.filter((key) => typeof key === "string" && key !== "kind").map(String);
  return (names.at(-1) ?? "").replaceAll("_", " ");
}

/** @param {any} start */
function startSaid(start) {
  const at = start?.at;
  if (Array.isArray(at) && at.every(Number.isFinite))
    return `start at ${at.map((value) => formatNumber(value)).join(", ")}`;
  return start?.values ? "start at given weights" : "start at the initial weights";
}

/** @param {any} value */
function valueSaid(value) {
  if (typeof value === "number") return formatNumber(value, 4);
  if (typeof value === "string") return value.replaceAll("_", " ").slice(0, 40);
  if (Array.isArray(value) && value.length <= 6 && value.every(Number.isFinite)) return value.join(" ");
  return isGroup(value) && typeof value.kind === "string" ? value.kind.replaceAll("_", " ").slice(0, 40) : "";
}
