/** A table that was brought: what the service says of it, and what is to be learned from it. */

/** @import { Actions, Store } from "../document/types.js" */

/**
 * @param {File[]} files   One table.
 * @param {Store} store
 * @param {Actions} actions
 */
export async function openTableDialog([file], store, actions) {
  try {
    const type = "text/csv";
    const table = await actions.upload(`tables?name=${encodeURIComponent(file.name)}`, file, type);
    store.set({ notice: `${table.name} has ${table.rows} rows.` });
  } catch (fault) {
    store.set({ fault: /** @type {import("../document/types.js").Fault} */ (fault) });
  }
}
