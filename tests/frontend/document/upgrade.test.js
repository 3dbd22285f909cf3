import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { fromHash } from "../../../frontend/js/app/link.js";
import { upgraded } from "../../../frontend/js/document/upgrade.js";

/** The service's test holds this file against what the service reads and sends. */
const frozen = JSON.parse(readFileSync(new URL("../../document/version-1.json", import.meta.url), "utf-8"));

test("a link of version 1 is read as the service reads it", async () => {
  const linked = await fromHash(frozen.link.hash);
  assert.deepEqual(linked, frozen.link.document);
  assert.deepEqual(upgraded(linked, frozen), frozen.link.newest);
});

test("every field of the view is carried over, and the old document is left as it was", () => {
  const { document } = frozen.documents.find(({ id }) => id === "every-view-field");
  const before = structuredClone(document);
  assert.deepEqual(upgraded(document, frozen), frozen["every-view-field"]);
  assert.deepEqual(document, before);
});

test("what is of no known version, or of none, is left to the service", () => {
  for (const document of [{}, { version: 3 }, { version: "1" }, frozen["every-view-field"]])
    assert.equal(upgraded(document, frozen), document);
  assert.deepEqual(upgraded({ version: 1, view: 3 }, frozen), { version: 2, view: 3 });
});

test("a name that its version has not is refused", () => {
  assert.throws(() => upgraded({ version: 1, view: { surface: "test" } }, frozen), /no field surface/);
});
