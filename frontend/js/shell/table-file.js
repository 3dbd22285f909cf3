/** Hands a table's file to the service, which says what it holds; Parquet is read in the page. */

import { columnsOfRecords } from "../document/tables.js";

/** @import { Actions } from "../document/types.js" */
/** @typedef {Record<string, (packed: Uint8Array, length: number) => Uint8Array>} Unpackers */

/** @import { Column, TableSeen } from "../document/tables.js" */

const MOST_ROWS = 100_000;
/** How columns may be packed: in these ways for the reader itself, in the others for what is read beside it. */
const PLAIN = ["UNCOMPRESSED", "SNAPPY"];
const PACKED = ["GZIP", "BROTLI", "ZSTD", "LZ4", "LZ4_RAW"];
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
  const { parquetMetadata, parquetReadObjects } = await vendor("hyparquet.js");
  const metadata = parquetMetadata(bytes);
  const rows = Number(metadata.num_rows);
  if (rows > MOST_ROWS) throw new Error(`The table must have at most 100,000 rows; this one has ${rows}.`);
  const packed = codecsOf(metadata).filter((codec) => !PLAIN.includes(codec));
  const strange = packed.find((codec) => !PACKED.includes(codec));
  if (strange)
    throw new Error(
      `The table must be saved without compression or with Snappy; this one is packed with ${strange}. In Python, df.to_parquet("table.parquet", compression="snappy") does so.`,
    );
  const compressors = packed.length > 0 ? await unpackers() : undefined;
  return columnsOfRecords(await parquetReadObjects({ file: bytes, compressors }));
}

/** @param {string} name @returns {Promise<any>} */
const vendor = (name) => import(new URL(`vendor/${name}`, document.baseURI).href);

/** What unpacks columns, each into as many bytes as their page says. @returns {Promise<Unpackers>} */
async function unpackers() {
  const { decompressBrotli, decompressLz4, decompressLz4Raw, decompressZstd, gunzip } =
    await vendor("hyparquet-compressors.js");
  return {
    GZIP: (packed, length) => gunzip(packed, new Uint8Array(length)),
    BROTLI: decompressBrotli,
    ZSTD: (packed, length) => decompressZstd(packed, new Uint8Array(length)),
    LZ4: decompressLz4,
    LZ4_RAW: decompressLz4Raw,
  };
}

/** @param {{row_groups: {columns: {meta_data?: {codec: string}}[]}[]}} metadata @returns {string[]} */
const codecsOf = ({ row_groups: groups }) =>
  groups.flatMap(({ columns }) => columns.flatMap((column) => column.meta_data?.codec ?? []));
