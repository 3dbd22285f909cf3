import assert from "node:assert/strict";
import test from "node:test";
import { readFrame, withValue } from "../../../frontend/js/wire/protocol.js";

/** A frame written by hand from docs/stream.md. */
function frameOf(kind, meta, arrays) {
  const specs = [];
  let offset = 0;
  for (const [name, data, dtype] of arrays) {
    specs.push({ name, dtype, shape: [data.length], offset });
    offset += Math.ceil(data.byteLength / 8) * 8;
  }
  let text = JSON.stringify({ ...meta, arrays: specs });
  text += " ".repeat((8 - (text.length % 8)) % 8);
  const bytes = new Uint8Array(16 + text.length + offset);
  const view = new DataView(bytes.buffer);
  bytes.set([0x44, 0x53, 0x43, 0x31]);
  view.setUint16(4, kind, true);
  view.setUint32(8, text.length, true);
  bytes.set(new TextEncoder().encode(text), 16);
  arrays.forEach(([, data], k) => bytes.set(new Uint8Array(data.buffer), 16 + text.length + specs[k].offset));
  return bytes.buffer;
}

test("a frame's kind, meta and arrays come back as they were written", () => {
  const cost = Float64Array.of(0.1, 1e300, NaN);
  const path = Float32Array.of(1, 2, 3);
  const frame = readFrame(
    frameOf(1, { run: 2, first: 7 }, [
      ["cost", cost, "<f8"],
      ["path", path, "<f4"],
      ["passed.layers.1.z", path, "<f4"],
    ]),
  );
  assert.equal(frame.kind, "steps");
  assert.deepEqual(frame.meta, { run: 2, first: 7 });
  assert.deepEqual([...frame.arrays.cost.data], [...cost]);
  assert.deepEqual([...frame.arrays.path.data], [1, 2, 3]);
  assert.deepEqual([...frame.arrays.passed.layers[1].z.data], [1, 2, 3]);
});

test("what is not a frame is refused in words", () => {
  assert.throws(() => readFrame(new ArrayBuffer(4)), /must begin with DSC1/);
  assert.throws(() => readFrame(frameOf(9, {}, [])), /kind must be 1, 2, 3 or 6, got 9/);
  assert.throws(
    () => readFrame(frameOf(1, {}, [["x", new Float64Array(1), "<c16"]])),
    /dtype of x must be one of/,
  );
  assert.throws(() => readFrame(frameOf(1, {}, [["x", new Float64Array(9), "<f8"]]).slice(0, 60)), Error);
});

test("changing one value of a document shares the rest", () => {
  const before = { runs: [{ optimizer: { kind: "gd", learning_rate: 1 } }, { label: "b" }], view: {} };
  const after = withValue(before, ["runs", 0, "optimizer", "learning_rate"], 2);
  assert.equal(after.runs[0].optimizer.learning_rate, 2);
  assert.equal(before.runs[0].optimizer.learning_rate, 1);
  assert.equal(after.runs[1], before.runs[1]);
  assert.ok(Array.isArray(after.runs));
});
