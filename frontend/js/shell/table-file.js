/** Hands a table's file to the service, which says what it holds; Parquet is read in the page. */

import { columnsOfRecords } from "../document/tables.js";

/** @import { Actions } from "../document/types.js" */
/** @import { Column, TableSeen } from "../document/tables.js" */

const MOST_ROWS = 100_000;
/** How what is read in the page may be packed. */
const CODECS = ["UNCOMPRESSED", "SNAPPY"];
const JSON_TYPE = "application/json";

/**
 * @param {File} file
 * @param {Actions["upload"]} upload
 * @returns {Promise<TableSeen>}
 */
export async function readTable(file, upload) {
  const address = `tables?name=${encodeURIComponent(file.name)}`;
  const magic = await file.slice(0, 4).text();
  if (magic === "PAR1") {
    const columns = await columnsOfParquet(await file.arrayBuffer());
    return upload(address, JSON.stringify({ name: file.name, columns }), JSON_TYPE);
  }
  // What bytes are the service reads from them: so a table has one hash, whoever brings it.
  return upload(address, file, /^\s*\{/.test(magic) ? JSON_TYPE : "application/octet-stream");
}

/** @param {ArrayBuffer} bytes @returns {Promise<Column[]>} */
async function columnsOfParquet(bytes) {
  const { parquetMetadata, parquetReadObjects } = await import(
    new URL("vendor/hyparquet.js", document.baseURI).href
  );
  const metadata = parquetMetadata(bytes);
  const rows = Number(metadata.num_rows);
  if (rows > MOST_ROWS) throw new Error(`The table must have at most 100,000 rows; this one has ${rows}.`);
  const packed = codecsOf(metadata).find((codec) => !CODECS.includes(codec));
  if (packed)
    throw new Error(
      `The table must be saved without compression or with Snappy; this one is packed with ${packed}. In Python, df.to_parquet("table.parquet", compression="snappy") does so.`,
    );
  return columnsOfRecords(await parquetReadObjects({ file: bytes }));
}

/** @param {{row_groups: {columns: {meta_data?: {codec: string}}[]}[]}} metadata @returns {string[]} */
const codecsOf = ({ row_groups: groups }) =>
  groups.flatMap(({ columns }) => columns.flatMap((column) => column.meta_data?.codec ?? []));
