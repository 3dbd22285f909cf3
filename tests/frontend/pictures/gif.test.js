import assert from "node:assert/strict";
import test from "node:test";

import { framesOf } from "../../../frontend/js/pictures/gif.js";
import { createGif } from "../../../frontend/js/pictures/gif-encoder.js";
import * as gifenc from "../../../frontend/vendor/gifenc.js";

/** @typedef {import("../../../frontend/js/pictures/gif-encoder.js").Color} Color */

/** @param {Color[]} pixels */
const rgba = (pixels) => new Uint8ClampedArray(pixels.flatMap((color) => [...color, 255]));
const RED = /** @type {Color} */ ([230, 159, 0]);
const BLUE = /** @type {Color} */ ([86, 180, 233]);
const WHITE = /** @type {Color} */ ([255, 255, 255]);

/**
 * The frames’ delays, and where their pixels may be seen through, by the blocks of the file (GIF89a).
 * @param {Uint8Array} bytes
 */
function read(bytes) {
  const found = [];
  for (let k = 0; k < bytes.length - 7; k += 1)
    if (bytes[k] === 0x21 && bytes[k + 1] === 0xf9 && bytes[k + 2] === 4)
      found.push({
        seenThrough: bytes[k + 3] & 1,
        delay: bytes[k + 4] + 256 * bytes[k + 5],
        index: bytes[k + 6],
      });
  return found;
}

test("a GIF has its size, its colours, its delays, and repeats for ever", () => {
  const still = rgba([RED, WHITE, WHITE, WHITE]);
  const moved = rgba([WHITE, RED, WHITE, WHITE]);
  const gif = createGif(gifenc, { width: 2, height: 2, colors: [RED, BLUE], samples: [still, moved] });
  gif.add(still, 50);
  gif.add(moved, 1250);
  const bytes = gif.end();
  const text = Buffer.from(bytes).toString("latin1");
  assert.equal(text.slice(0, 6), "GIF89a");
  assert.deepEqual([...bytes.slice(6, 10)], [2, 0, 2, 0]);
  assert.deepEqual([...bytes.slice(13, 19)], [...RED, ...BLUE]);
  assert.ok(text.includes("NETSCAPE2.0\x03\x01\x00\x00"));
  const [first, second] = read(bytes);
  assert.deepEqual([first.delay, second.delay], [5, 125]);
  assert.deepEqual([first.seenThrough, second.seenThrough], [0, 1]);
  assert.equal(bytes.at(-1), 0x3b);
});

test("of frames that stay the same next to nothing is written", () => {
  const pixels = rgba(
    Array.from({ length: 10_000 }, (_, k) => [(k * 7) % 256, (k * 13) % 256, (k * 29) % 256]),
  );
  const size = (/** @type {number} */ frames) => {
    const gif = createGif(gifenc, { width: 100, height: 100, colors: [RED], samples: [pixels] });
    for (let k = 0; k < frames; k += 1) gif.add(pixels, 50);
    return gif.end().length;
  };
  const [one, ten] = [size(1), size(10)];
  assert.ok((ten - one) / 9 < 0.05 * one);
});

test("frames are spread over all steps and show none twice", () => {
  const long = framesOf(500, 6);
  assert.equal(long.steps.length, 120);
  assert.deepEqual([long.steps[0], long.steps.at(-1)], [0, 500]);
  assert.equal(long.delay, 50);
  const short = framesOf(9, 5);
  assert.deepEqual(short.steps, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  assert.equal(short.delay, 500);
  assert.equal(framesOf(1e6, 1).delay, 50);
});
