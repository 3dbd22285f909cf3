/** How large a PNG is on paper, which programs that set text go by: a chunk of the file that says its pixels a metre. Pure. */

const INCHES_PER_METRE = 1 / 0.0254;
/** Where the header, which comes first and is always as long, ends. */
const AFTER_HEADER = 33;
const METRES = 1;

/** The remainder of each byte, as PNG’s checksum takes it. */
const REMAINDERS = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit += 1) rest = rest & 1 ? 0xedb88320 ^ (rest >>> 1) : rest >>> 1;
  return rest;
});

/** The checksum of a chunk: CRC-32 as in ISO 3309. @param {Uint8Array} bytes */
export function checksum(bytes) {
  let rest = 0xffffffff;
  for (const byte of bytes) rest = REMAINDERS[(rest ^ byte) & 255] ^ (rest >>> 8);
  return (rest ^ 0xffffffff) >>> 0;
}

/**
 * The file with its size on paper in it.
 * @param {Uint8Array} png
 * @param {number} dots   An inch.
 */
export function sized(png, dots) {
  const chunk = new Uint8Array(21);
  const view = new DataView(chunk.buffer);
  const perMetre = Math.round(dots * INCHES_PER_METRE);
  view.setUint32(0, 9);
  chunk.set([0x70, 0x48, 0x59, 0x73], 4); // pHYs
  view.setUint32(8, perMetre);
  view.setUint32(12, perMetre);
  view.setUint8(16, METRES);
  view.setUint32(17, checksum(chunk.subarray(4, 17)));
  const file = new Uint8Array(png.length + chunk.length);
  file.set(png.subarray(0, AFTER_HEADER));
  file.set(chunk, AFTER_HEADER);
  file.set(png.subarray(AFTER_HEADER), AFTER_HEADER + chunk.length);
  return file;
}
