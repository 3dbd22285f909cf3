/** A document of an earlier version under the names of the newest, by the catalogue's own table. Pure. */

import { isGroup } from "./view.js";

/** @import { Catalog } from "./types.js" */

/**
 * What the catalogue's table does not know is left to the service, which says what is wrong with it.
 * @param {Record<string, any>} doc
 * @param {Catalog} catalog
 * @returns {Record<string, any>}
 * @throws {Error} where it uses a name that its version has not.
 */
export function upgraded(doc, { renamed }) {
  if (typeof doc.version !== "number") return doc;
  let newer = doc;
  for (let names = renamed[newer.version]; names; names = renamed[newer.version])
    newer = { ...names.reduce(withName, newer), version: newer.version + 1 };
  return newer;
}

/**
 * @param {Record<string, any>} doc
 * @param {{path: string[], name: string}} rename   Where the value stands, and its new name.
 * @returns {Record<string, any>}
 */
function withName(doc, { path: [head, ...rest], name }) {
  if (rest.length > 0)
    return isGroup(doc[head]) ? { ...doc, [head]: withName(doc[head], { path: rest, name }) } : doc;
  if (name in doc) throw new Error(`This version of the document has no field ${name}.`);
  const { [head]: value, ...others } = doc;
  return head in doc ? { ...others, [name]: value } : doc;
}
