/** What was done between two documents, in words. Pure. */

import { entryOf } from "./changes.js";
import { agrees, currentExperiment, DYNAMICS } from "./experiments.js";
import { formatInput, formatNumber } from "./number-format.js";
import { isGroup } from "./view.js";

/** @import { Catalog, Experiment, Field, History } from "./types.js" */

/** @typedef {{path: (string|number)[], was: any, now: any}} Difference */

/**
 * @typedef {object} Done
 * @property {string} of     What it was done to, as a path.
 * @property {string} words  “learning rate of Adam, 0.05 to 0.1”
 */

/** What of the view is another question to the service. */
const ASKED = /** @type {const} */ (["plane", "grid"]);

/**
 * What makes a document another experiment, or another picture of it; null where both say the same, or differ in how
 * the page draws it alone.
 * @param {Experiment} before
 * @param {Experiment} after
 * @param {Catalog|null} catalog
 * @returns {Done|null}
 */
export function changeOf(before, after, catalog) {
  const found = [
    ...DYNAMICS.flatMap((name) => differences(before[name], after[name], [name])),
    ...ASKED.flatMap((name) => differences(before.view?.[name], after.view?.[name], ["view", name])),
  ];
  if (found.length === 0) return null;
  // A label follows the number that it names.
  const turned = found.filter(({ path }) => path.at(-1) !== "label");
  const said = turned.length > 0 ? turned : found;
  const of = common(said.map(({ path }) => path));
  return { of: of.join("."), words: wordsOf(said, of, before, after, catalog) };
}

/**
 * That another experiment was opened, in words.
 * @param {Experiment} doc
 * @param {Catalog|null} catalog
 * @param {number|null} [stop]   Of the tour, which it was gone on to.
 * @returns {Done}
 */
export function openingOf(doc, catalog, stop = null) {
  const entry = catalog && (stop === null ? currentExperiment(catalog, doc) : catalog.tour[stop]);
  return { of: OPENED, words: entry ? `opening “${entry.title}”` : "opening another experiment" };
}

/** What an opening was done to. */
export const OPENED = "experiment";

/** What all changes since were done to. @param {History} past @returns {Experiment|null} */
export function openedLast({ entries, at }) {
  const before = entries.slice(0, at + 1);
  return (before.filter(({ of }) => of === OPENED).at(-1) ?? before[0])?.document ?? null;
}

/**
 * The smallest parts in which they differ, where both say something.
 * @param {any} was @param {any} now @param {(string|number)[]} path
 * @returns {Difference[]}
 */
function differences(was, now, path) {
  if (agrees(was, now)) return [];
  const lists = Array.isArray(was) && Array.isArray(now) && was.length === now.length && path.length < 2;
  const groups = isGroup(was) && isGroup(now) && was.kind === now.kind;
  if (!lists && !groups) return [{ path, was, now }];
  const names = lists ? [...was.keys()] : Object.keys(was);
  return names.flatMap((name) => differences(was[name], now[name], [...path, name]));
}

/** The path that all have in common. @param {(string|number)[][]} paths */
function common(paths) {
  const [first, ...rest] = paths;
  const apart = first.findIndex((name, at) => rest.some((path) => path[at] !== name));
  return apart < 0 ? first : first.slice(0, apart);
}

/**
 * @param {Difference[]} found
 * @param {(string|number)[]} of
 * @param {Experiment} before
 * @param {Experiment} after
 * @param {Catalog|null} catalog
 */
function wordsOf(found, of, before, after, catalog) {
  const [part, index, ...rest] = of;
  const [{ was, now }] = found;
  if (of.length === 0) return openingOf(after, catalog).words;
  if (part === "runs") return runWords(found, index, rest, before, after, catalog);
  if (part === "start") return startWords(after.start);
  if (part === "edits") return editWords(before, after);
  if (part === "view") return index === "plane" ? "another plane" : "the window of the picture";
  if (part === "problem") return problemWords(found, of, after, catalog);
  return `${labelOf(catalog?.experiment, part)}${fromTo(was, now)}`;
}

/**
 * @param {Difference[]} found
 * @param {string|number|undefined} run
 * @param {(string|number)[]} rest
 * @param {Experiment} before
 * @param {Experiment} after
 * @param {Catalog|null} catalog
 */
function runWords(found, run, rest, before, after, catalog) {
  const [had, has] = [before.runs.length, after.runs.length];
  if (has > had) return `adding ${nameOf(after.runs[has - 1], catalog)}`;
  if (has < had) return `removing ${nameOf(removed(before.runs, after.runs), catalog)}`;
  if (run === undefined) return "the runs";
  const [{ was, now }] = found;
  const index = Number(run);
  const name = nameOf(before.runs[index], catalog);
  const [group, field] = rest;
  if (group === undefined) return `settings of ${name}`;
  if (group === "optimizer" && field === undefined)
    return was?.kind === now?.kind
      ? `settings of ${name}`
      : `${ruleOf(now, catalog)} in place of ${ruleOf(was, catalog)}`;
  const fields =
    group === "optimizer"
      ? entryOf(catalog?.optimizers, after.runs[index].optimizer.kind)?.fields
      : catalog?.run;
  return `${labelOf(fields, field ?? group)} of ${name}${field === undefined && isGroup(now) ? "" : fromTo(was, now)}`;
}

/** The first run that is not there any more. @param {Experiment["runs"]} before @param {Experiment["runs"]} after */
function removed(before, after) {
  return before.find((run, k) => !agrees(run, after[k])) ?? before[before.length - 1];
}

/** @param {Experiment["runs"][number]} run @param {Catalog|null} catalog */
const nameOf = ({ label, optimizer }, catalog) => label ?? ruleOf(optimizer, catalog);

/** @param {{kind?: string}|undefined} optimizer @param {Catalog|null} catalog */
const ruleOf = (optimizer, catalog) =>
  entryOf(catalog?.optimizers, optimizer?.kind)?.label ?? optimizer?.kind ?? "the optimizer";

/** @param {Experiment["start"]} start */
function startWords(start) {
  const at = "at" in start && Array.isArray(start.at) ? start.at : null;
  if (at) return `starting at (${at.map((value) => formatNumber(value)).join(", ")})`;
  return start.kind === "init" ? "starting at the initial weights" : "starting elsewhere";
}

/** @param {Experiment} before @param {Experiment} after */
function editWords(before, after) {
  const added = after.edits?.find((edit) => !before.edits?.some((other) => agrees(edit, other)));
  if (!added) return "taking back a change on the way";
  return "set" in added && added.set ? `a weight at step ${added.step}` : `a change at step ${added.step}`;
}

/** @param {Difference[]} found @param {(string|number)[]} of @param {Experiment} after @param {Catalog|null} catalog */
function problemWords(found, of, { problem }, catalog) {
  const [, name, field] = of;
  const [{ was, now }] = found;
  if (name === undefined) return entryOf(catalog?.problems, problem.kind)?.label ?? "the problem";
  if (name === "dataset" && field === undefined)
    return was?.kind === now?.kind
      ? "the data"
      : (entryOf(catalog?.datasets, now?.kind)?.label ?? "other data");
  const fields =
    name === "dataset"
      ? entryOf(catalog?.datasets, problem.dataset?.kind)?.fields
      : entryOf(catalog?.problems, problem.kind)?.fields;
  return `${labelOf(fields, field ?? name)}${fromTo(was, now)}`;
}

/** @param {Field[]|undefined} fields @param {string|number} name */
const labelOf = (fields, name) =>
  fields?.find((field) => field.name === name)?.label ?? String(name).replaceAll("_", " ");

/** Of what can be said shortly. @param {any} was @param {any} now */
function fromTo(was, now) {
  const [one, other] = [was, now].map(short);
  return one && other ? `, ${one} to ${other}` : "";
}

/** @param {any} value */
function short(value) {
  if (value === null) return "none";
  if (typeof value === "number") return formatInput(value);
  if (typeof value === "string" && value.length <= 24) return value;
  if (typeof value === "boolean") return value ? "on" : "off";
  if (Array.isArray(value) && value.length < 6 && value.every((each) => typeof each === "number"))
    return value.map(formatInput).join("–") || "none";
  return null;
}
