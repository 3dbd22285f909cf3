import assert from "node:assert/strict";
import test from "node:test";
import { readTable } from "../../../frontend/js/shell/table-file.js";

// Written by pyarrow: hours 1.5, null, 3; n 12, 13, null; the same day three times; grade pass, fail, größe.
const PARQUET =
  "UEFSMRUEFSAVJEwVBBUAEgAAEDwAAAAAAAD4PwAAAAAAAAhAFQAVEhUWLBUGFRAVBhUGHAAAAAkgAgAAAAMFAQMCFQQVIBUkTBUEFQASAAAQPAwAAAAAAAAADQAAAAAAAAAVABUSFRYsFQYVEBUGFQYcAAAACSACAAAAAwMBAwIVBBUIFQxMFQIVABIAAAQMR00AABUAFRIVFiwVBhUQFQYVBhwAAAAJIAIAAAAGAQEGABUEFTYVOEwVBhUAEgAAGxwEAAAAcGFzcwEIOGZhaWwHAAAAZ3LDtsOfZRUAFRQVGCwVBhUQFQYVBhwAAAAKJAIAAAAGAQIDJAAVBBlcNQAYBnNjaGVtYRUIABUKJQIYBWhvdXJzABUEJQIYAW4AFQIlAhgDZGF5JQxMbAAAABUMJQIYBWdyYWRlJQBMHAAAABYGGRwZTCYAHBUKGTUABhAZGAVob3VycxUCFgYWdBZ8JkgmCCksFQQVABUCABUAFRAVAgA8KQYZJgIEAAAAJgAcFQQZNQAGEBkYAW4VAhYGFnQWfCbEASaEASksFQQVABUCABUAFRAVAgA8KQYZJgIEAAAAJgAcFQIZNQAGEBkYA2RheRUCFgYWXBZkJqgCJoACKSwVBBUAFQIAFQAVEBUCADwpBhkmAAYAAAAmABwVDBk1AAYQGRgFZ3JhZGUVAhYGFowBFpIBJrgDJuQCKSwVBBUAFQIAFQAVEBUCADwWHhkGGSYABgAAABbQAxYGJggW7gMAKCBwYXJxdWV0LWNwcC1hcnJvdyB2ZXJzaW9uIDI2LjAuMRlMHAAAHAAAHAAAHAAAAG0BAABQQVIx";

async function sent(file) {
  const calls = [];
  await readTable(file, async (...call) => calls.push(call));
  return calls[0];
}

test("the service reads what has a reader there, and the page reads Parquet", async () => {
  globalThis.document = { baseURI: new URL("../../../frontend/", import.meta.url).href };
  const csv = new File(["a;b\n1,5;2\n"], "größe & maß.csv");
  assert.deepEqual(await sent(csv), [
    "tables?name=gr%C3%B6%C3%9Fe%20%26%20ma%C3%9F.csv",
    csv,
    "application/octet-stream",
  ]);
  const json = new File(['{"name": "a", "columns": []}'], "a.json");
  assert.deepEqual(await sent(json), ["tables?name=a.json", json, "application/json"]);
  const parquet = new File([Uint8Array.from(Buffer.from(PARQUET, "base64"))], "a.parquet");
  const [address, body, type] = await sent(parquet);
  assert.deepEqual([address, type], ["tables?name=a.parquet", "application/json"]);
  assert.deepEqual(JSON.parse(body), {
    name: "a.parquet",
    columns: [
      { name: "hours", cells: ["1.5", "", "3"] },
      { name: "n", cells: ["12", "13", ""] },
      { name: "day", cells: ["2024-03-01", "2024-03-01", "2024-03-01"] },
      { name: "grade", cells: ["pass", "fail", "größe"] },
    ],
  });
});

// Written by pyarrow with compression="zstd": a 1, 2.
const ZSTD =
  "UEFSMRUEFSAVMkwVBBUAEgAAKLUv/SAQgQAAAQAAAAAAAAACAAAAAAAAABUAFRIVJCwVBBUQFQYVBhwAAAAotS/9IAlJAAACAAAABAEBAwIVBBksNQAYBnNjaGVtYRUCABUEJQIYAWEAFgQZHBkcJgAcFQQZNQAGEBkYAWEVDBYEFnQWmAEmViYIKSwVBBUAFQIAFQAVEBUCADwpBhkmAAQAAAAWdBYEJggWmAEAKCBwYXJxdWV0LWNwcC1hcnJvdyB2ZXJzaW9uIDI2LjAuMRkcHAAAAIYAAABQQVIx";

test("a Parquet file of another compression is refused with what would do", async () => {
  globalThis.document = { baseURI: new URL("../../../frontend/", import.meta.url).href };
  const file = new File([Uint8Array.from(Buffer.from(ZSTD, "base64"))], "a.parquet");
  await assert.rejects(sent(file), /packed with ZSTD.*compression="snappy"/);
});
