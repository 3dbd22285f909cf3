/** A document of an earlier version under the names of the newest, by the catalogue's own table. Pure. */

import { isGroup } from "./view.js";

/**
 * What the catalogue's table does not know is left to the service, which says what is wrong with it.
 * @param {Record<string, any>} document
 * @param {import("./types.js").Catalog} catalog
 * @returns {Record<string, any>}
 * @throws {Error} where it uses a name that its version has not.
 */
export function upgraded(document, { renamed }) {
  if (typeof document.version !== "number") return document;
  let newer = document;
  for (let names = renamed[newer.version]; names; names = renamed[newer.version])
    newer = { ...names.reduce(withName, newer), version: newer.version + 1 };
  return newer;
}

/**
 * @param {Record<string, any>} document
 * @param {{path: string[], name: string}} rename   Where the value stands, and its new name.
 * @returns {Record<string, any>}
 */
function withName(document, { path: [head, ...rest], name }) {
  if (rest.length > 0)
    return isGroup(document[head])
      ? { ...document, [head]: withName(document[head], { path: rest, name }) }
      : document;
  if (name in document) throw new Error(`This version of the document has no field ${name}.`);
  const { [head]: value, ...others } = document;
  return head in document ? { ...others, [name]: value } : document;
}
