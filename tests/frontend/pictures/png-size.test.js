import assert from "node:assert/strict";
import test from "node:test";

import { checksum, sized } from "../../../frontend/js/pictures/png-size.js";

test("the checksum is that of the standard’s example", () => {
  assert.equal(checksum(new TextEncoder().encode("123456789")), 0xcbf43926);
});

test("a file says its pixels a metre after its header, and is the same otherwise", () => {
  const png = Uint8Array.from({ length: 60 }, (_, k) => k);
  const file = sized(png, 300);
  assert.deepEqual([...file.slice(0, 33), ...file.slice(54)], [...png]);
  const view = new DataView(file.buffer, 33);
  assert.equal(Buffer.from(file.slice(37, 41)).toString(), "pHYs");
  // 300 dots an inch are 11,811 a metre.
  assert.deepEqual(
    [view.getUint32(0), view.getUint32(8), view.getUint32(12), view.getUint8(16)],
    [9, 11_811, 11_811, 1],
  );
  assert.equal(view.getUint32(17), checksum(file.slice(37, 50)));
});
