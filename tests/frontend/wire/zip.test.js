/** A zip archive that the page makes, unpacked by another program. */

import assert from "node:assert/strict";
import test from "node:test";
import { crc32, zipOf } from "../../../frontend/js/wire/zip.js";

const bytes = (/** @type {string} */ text) => new TextEncoder().encode(text);

test("the checksum is zip's", () => {
  assert.equal(crc32(bytes("123456789")), 0xcbf43926);
});

test("every file stands in the archive with its name, length and bytes", () => {
  const zip = zipOf([
    { name: "step_0.json", bytes: bytes("{}") },
    { name: "größe.json", bytes: bytes("[1, 2]") },
  ]);
  const view = new DataView(zip.buffer);
  const end = zip.length - 22;
  assert.equal(view.getUint32(end, true), 0x06054b50);
  assert.equal(view.getUint16(end + 10, true), 2);
  let at = view.getUint32(end + 16, true);
  const found = [];
  while (at < end) {
    assert.equal(view.getUint32(at, true), 0x02014b50);
    const length = view.getUint16(at + 28, true);
    const local = view.getUint32(at + 42, true);
    const size = view.getUint32(at + 24, true);
    const begin = local + 30 + view.getUint16(local + 26, true);
    const content = zip.slice(begin, begin + size);
    assert.equal(view.getUint32(local, true), 0x04034b50);
    assert.equal(view.getUint32(local + 14, true), crc32(content));
    const name = new TextDecoder().decode(zip.slice(at + 46, at + 46 + length));
    found.push([name, new TextDecoder().decode(content)]);
    at += 46 + length;
  }
  assert.deepEqual(found, [
    ["step_0.json", "{}"],
    ["größe.json", "[1, 2]"],
  ]);
});
