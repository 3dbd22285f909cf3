/** Reads a table's cells in the page where it can, and has the service say what they are. */

import { columnsOf, columnsOfRecords } from "../document/tables.js";

/** @import { Actions } from "../document/types.js" */
/** @import { Column, TableSeen } from "../document/tables.js" */

/** Larger text is left to the service: reading it here would hold the page, and no link could carry it. */
const MOST_READ_HERE = 1 << 18;
const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/**
 * @param {File} file
 * @param {Actions["upload"]} upload
 * @returns {Promise<{table: TableSeen, columns: Column[]|null}>}
 */
export async function readTable(file, upload) {
  const address = `tables?name=${encodeURIComponent(file.name)}`;
  const columns = await columnsIn(file);
  if (columns === null) {
    const type = /\.xlsx$/i.test(file.name) ? XLSX : await typeOfText(file);
    return { table: await upload(address, file, type), columns };
  }
  const body = JSON.stringify({ name: file.name, columns });
  return { table: await upload(address, body, "application/json"), columns };
}

/** @param {File} file @returns {Promise<Column[]|null>} Null where the service reads it. */
async function columnsIn(file) {
  const start = new Uint8Array(await file.slice(0, 4).arrayBuffer());
  const magic = String.fromCharCode(...start);
  if (magic === "PAR1") return columnsOfParquet(await file.arrayBuffer());
  if (/\.xlsx$/i.test(file.name)) return null;
  if (/^\s*\{/.test(magic)) return JSON.parse(await file.text()).columns;
  if (file.size > MOST_READ_HERE) return null;
  return columnsOf(await rowsOf(textOf(new Uint8Array(await file.arrayBuffer()))));
}

/** @param {File} file */
const typeOfText = async (file) =>
  /\t/.test((await file.slice(0, 4096).text()).split("\n")[0]) ? "text/tab-separated-values" : "text/csv";

/**
 * Text as its first bytes say, or UTF-8 where it is that, and else as Windows writes it.
 * @param {Uint8Array} bytes
 */
export function textOf(bytes) {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

/** @param {string} text @returns {Promise<string[][]>} */
async function rowsOf(text) {
  const { Papa } = await vendored("papaparse");
  const { data, errors } = Papa.parse(text, { skipEmptyLines: true });
  const quoted = errors.find((/** @type {{type: string}} */ { type }) => type === "Quotes");
  if (quoted) throw new Error(`Row ${(quoted.row ?? 0) + 1} must close its quotes.`);
  return data;
}

/** @param {ArrayBuffer} bytes */
async function columnsOfParquet(bytes) {
  const { parquetReadObjects } = await vendored("hyparquet");
  return columnsOfRecords(await parquetReadObjects({ file: bytes }));
}

/** A library beside the page’s own modules. @param {"papaparse"|"hyparquet"} name @returns {Promise<any>} */
const vendored = (name) => import(new URL(`vendor/${name}.js`, document.baseURI).href);
