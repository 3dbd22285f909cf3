/** Whether a document that comes from outside has the shape that the page reads before the service has judged it. Pure. */

import { defaultsOf, entryOf } from "./changes.js";
import { isGroup } from "./view.js";

/** @import { Catalog, Experiment } from "./types.js" */

/** Where the catalogue tells the fields of a group by its kind. */
const TABLES =
  /** @type {Record<string, "problems"|"datasets"|"optimizers"|"schedules"|"clips"|"starts"|"planes">} */ ({
    problem: "problems",
    dataset: "datasets",
    optimizer: "optimizers",
    schedule: "schedules",
    clip: "clips",
    start: "starts",
    plane: "planes",
  });

/** What it does not tell, by kind: numbers in lists. */
const LISTS = /** @type {Record<string, Record<string, any[]>>} */ ({
  custom: { origin: [], basis: [] },
  inline: { x: [], y: [] },
  network: { features: [] },
});

/**
 * @param {Record<string, any>} document
 * @param {Catalog} catalog
 * @returns {Experiment}   The document itself, as far as the page reads it.
 * @throws {Error} naming the first place that the page could not even draw.
 */
export function requireShape(document, catalog) {
  const wrong = misfit(document, { ...catalog.defaults, edits: [{}] }, "", catalog);
  if (wrong) throw new Error(`The link must hold a whole experiment; in this one ${wrong}.`);
  return /** @type {Experiment} */ (document);
}

/**
 * What of a value has not the usual one's type; null where nothing has. What is usually null may be anything.
 * @param {any} value @param {any} usual @param {string} name @param {Catalog} catalog
 * @returns {string|null}
 */
function misfit(value, usual, name, catalog) {
  if (value === undefined || usual === null || usual === undefined) return null;
  if (Array.isArray(usual)) {
    if (!Array.isArray(value)) return `${name} must be a list`;
    return firstOf(value.map((item, at) => misfit(item, usual[0], `${name}[${at}]`, catalog)));
  }
  if (isGroup(usual)) {
    if (!isGroup(value)) return `${name} must be an object`;
    return firstOf(
      Object.keys(value).map((key) =>
        misfit(
          value[key],
          usualOf(key, value[key], usual[key], catalog),
          name ? `${name}.${key}` : key,
          catalog,
        ),
      ),
    );
  }
  // A choice may be left open, and some take a list in its place.
  const fits =
    typeof usual === "string"
      ? value === null || typeof value === "string" || Array.isArray(value)
      : typeof value === typeof usual;
  return fits ? null : `${name} must be a ${typeof usual}`;
}

/**
 * The usual value of a field, of a group that has kinds that of its own kind.
 * @param {string} key
 * @param {any} value
 * @param {any} usual
 * @param {Catalog} catalog
 */
function usualOf(key, value, usual, catalog) {
  const table = TABLES[key];
  if (!table || !isGroup(value)) return usual;
  const kind = value.kind ?? usual?.kind;
  const fields = defaultsOf(entryOf(catalog[table], kind));
  return { kind: "", ...fields, ...LISTS[kind], ...(key === "problem" ? { dataset: {} } : {}) };
}

/** @param {(string|null)[]} found */
const firstOf = (found) => found.find((wrong) => wrong !== null) ?? null;
