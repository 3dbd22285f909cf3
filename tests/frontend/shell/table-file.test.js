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

// Written by pyarrow with these compressions: a 1, 2, 3, 4 and w red, größe, null, blue, forty times over.
const PACKED = {
  gzip: "UEFSMRUAFY4UFWIsFcACFQAVBhUGHAAAAB+LCAAAAAAAAgNjZmBgOMDEyMgAAUxQmhlKs0DpUflR+VH5UfnhKg8AuPBnWwcFAAAVABXSEBV2LBXAAhUAFQYVBhwAAAAfiwgAAAAAAAIDE2VgYNDcjQUwAyWKUlPYgVR60eFth+ensgCZSTmlqaMyozKjMiNNBgAg/K8KKQQAABUEGTw1ABgGc2NoZW1hFQQAFQQlAhgBYQAVDCUCGAF3JQBMHAAAABbAAhkcGSwmABwVBBklBgAZGAFhFQQWwAIWuBQWjAEmCEkcFQAVABUCADwpBhkmAMACAAAAJgAcFQwZJQYAGRgBdxUEFsACFvwQFqABJpQBSRwVABUAFQIAPBbgCBkGGSZQ8AEAAAAWtCUWwAImCBasAgAoIHBhcnF1ZXQtY3BwLWFycm93IHZlcnNpb24gMjYuMC4xGSwcAAAcAAAAxQAAAFBBUjE=",
  brotli:
    "UEFSMRUAFY4UFTYsFcACFQAVBhUGHAAAABsGBQAEdsAKZw/dQCO8GCYRyWqBR2GasjV5ABUAFdIQFXwsFcACFQAVBhUGHAAAABsoBAAcqVFfzO7AISffApICyTUMWnK3BZxADC1/AP0E+LSFDTjQBAPh1VZegG8BqTaTgUyEF0ut/yvk47ArFQQZPDUAGAZzY2hlbWEVBAAVBCUCGAFhABUMJQIYAXclAEwcAAAAFsACGRwZLCYAHBUEGSUGABkYAWEVCBbAAha4FBZgJghJHBUAFQAVAgA8KQYZJgDAAgAAACYAHBUMGSUGABkYAXcVCBbAAhb8EBamASZoSRwVABUAFQIAPBbgCBkGGSZQ8AEAAAAWtCUWwAImCBaGAgAoIHBhcnF1ZXQtY3BwLWFycm93IHZlcnNpb24gMjYuMC4xGSwcAAAcAAAAwwAAAFBBUjE=",
  zstd: "UEFSMRUAFY4UFYoCLBXAAhUAFQYVBhwAAAAotS/9YAcE3QMA1hQbC+BpDAAAAEZtKWUKFwAXABcAqwlXE64mXE24mnA14WrC1YSrCVcTxRcJVxOuJlxNuJpwNeFqwtWEqwlXE64mDKsJVxOuJlxNuJpwNeFqwtWEqwlXE64Gf7iacDXhasLVhKsJVxOuJlxNuJowgJ+UEPLbAQADAJ0CFQAV0hAVaiwVwAIVABUGFQYcAAAAKLUv/WApA10BAAQCFQAAACm7AwAAAHJlZAcAAABncsO2w59lBAAAAGJsdWUCAM7vWY0EwAEVBBk8NQAYBnNjaGVtYRUEABUEJQIYAWEAFQwlAhgBdyUATBwAAAAWwAIZHBksJgAcFQQZJQYAGRgBYRUMFsACFroUFrYCJghJHBUAFQAVAgA8KQYZJgDAAgAAACYAHBUMGSUGABkYAXcVDBbAAhb8EBaUASa+AkkcFQAVABUCADwW4AgZBhkmUPABAAAAFrYlFsACJggWygMAKCBwYXJxdWV0LWNwcC1hcnJvdyB2ZXJzaW9uIDI2LjAuMRksHAAAHAAAAMUAAABQQVIx",
  lz4: "UEFSMRUAFY4UFVgsFcACFQAVBhUGHAAAAJIDAAAAwAIBAQABABICBwAQABcAAAIAEAQFAD8AAAAgAP/////MUAAAAAAAFQAV0hAVZCwVwAIVABUGFQYcAAAAbxUAAAApuwEAAP8LAwAAAHJlZAcAAABncsO2w59lBAAAAGJsdWUaAP///+FQAGJsdWUVBBk8NQAYBnNjaGVtYRUEABUEJQIYAWEAFQwlAhgBdyUATBwAAAAWwAIZHBksJgAcFQQZJQYAGRgBYRUOFsACFrgUFoIBJghJHBUAFQAVAgA8KQYZJgDAAgAAACYAHBUMGSUGABkYAXcVDhbAAhb8EBaOASaKAUkcFQAVABUCADwW4AgZBhkmUPABAAAAFrQlFsACJggWkAIAKCBwYXJxdWV0LWNwcC1hcnJvdyB2ZXJzaW9uIDI2LjAuMRksHAAAHAAAAMUAAABQQVIx",
};

for (const [codec, content] of Object.entries(PACKED))
  test(`columns packed with ${codec} are unpacked`, async () => {
    globalThis.document = { baseURI: new URL("../../../frontend/", import.meta.url).href };
    const file = new File([Uint8Array.from(Buffer.from(content, "base64"))], "a.parquet");
    const [, body] = await sent(file);
    const over = (cells) => Array.from({ length: 40 }, () => cells).flat();
    assert.deepEqual(JSON.parse(body).columns, [
      { name: "a", cells: over(["1", "2", "3", "4"]) },
      { name: "w", cells: over(["red", "größe", "", "blue"]) },
    ]);
  });

test("a Parquet file of another compression is refused with what would do", async () => {
  globalThis.document = { baseURI: new URL("../../../frontend/", import.meta.url).href };
  const bytes = Uint8Array.from(Buffer.from(PACKED.gzip, "base64"));
  // The footer’s codec of each column, gzip (2, written as 4), becomes LZO (3, written as 6).
  const begin = bytes.length - 8 - new DataView(bytes.buffer).getUint32(bytes.length - 8, true);
  for (let at = begin; at < bytes.length - 3; at += 1)
    if (bytes[at] === 0x15 && bytes[at + 1] === 4 && bytes[at + 2] === 0x16) bytes[at + 1] = 6;
  await assert.rejects(sent(new File([bytes], "a.parquet")), /packed with LZO.*compression="snappy"/);
});
