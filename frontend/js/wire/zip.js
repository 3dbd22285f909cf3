/** Several files as one: a zip archive that compresses nothing. Pure. */

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
/** Bit 11: names are UTF-8. */
const UTF8 = 0x0800;

/**
 * @param {{name: string, bytes: Uint8Array}[]} files
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function zipOf(files) {
  const entries = files.map(({ name, bytes }) => ({
    name: new TextEncoder().encode(name),
    bytes,
    crc: crc32(bytes),
  }));
  const parts = /** @type {Uint8Array[]} */ ([]);
  const directory = /** @type {Uint8Array[]} */ ([]);
  let offset = 0;
  for (const { name, bytes, crc } of entries) {
    const sizes = [crc, bytes.length, bytes.length, name.length];
    parts.push(record([LOCAL, 20, UTF8, 0, 0, 0, ...sizes, 0], "42222244422"), name, bytes);
    directory.push(
      record([CENTRAL, 20, 20, UTF8, 0, 0, 0, ...sizes, 0, 0, 0, 0, 0, offset], "42222224442222244"),
      name,
    );
    offset += 30 + name.length + bytes.length;
  }
  const length = directory.reduce((sum, part) => sum + part.length, 0);
  const end = record([END, 0, 0, entries.length, entries.length, length, offset, 0], "42222442");
  return joined([...parts, ...directory, end]);
}

/** Little-endian numbers of so many bytes each. @param {number[]} values @param {string} widths */
function record(values, widths) {
  const view = new DataView(new ArrayBuffer([...widths].reduce((sum, width) => sum + Number(width), 0)));
  let at = 0;
  values.forEach((value, index) => {
    if (widths[index] === "4") view.setUint32(at, value, true);
    else view.setUint16(at, value, true);
    at += Number(widths[index]);
  });
  return new Uint8Array(view.buffer);
}

/** @param {Uint8Array[]} parts */
function joined(parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit += 1) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  return rest;
});

/** The checksum of zip and PNG: the remainder by the polynomial 0xEDB88320. @param {Uint8Array} bytes */
export function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ TABLE[(crc ^ byte) & 0xff];
  return (crc ^ 0xffffffff) >>> 0;
}
