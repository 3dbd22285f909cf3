import assert from "node:assert/strict";
import test from "node:test";
import { fromHash, linkOf, toHash } from "../../../frontend/js/app/link.js";

test("a document survives the address, any text in it included", async () => {
  const document = { version: 2, runs: [{ label: "η ≤ ½ “quoted” #&?%" }], start: { at: [0.1, -1e-9] } };
  assert.deepEqual(await fromHash(await toHash(document)), document);
});

test("the hash holds only characters that need no escaping", async () => {
  assert.match(await toHash({ a: Array.from({ length: 500 }, (_, k) => k) }), /^#x=[A-Za-z0-9_-]+$/);
});

test("a hash of something else is no experiment", async () => {
  assert.equal(await fromHash(""), null);
  assert.equal(await fromHash("#stage"), null);
});

test("a damaged link says so in one sentence", async () => {
  const whole = await toHash({ version: 2, steps: 300 });
  for (const broken of ["#x=", "#x=!!!", whole.slice(0, -6), "#x=AAAA", await toHash([1, 2])]) {
    await assert.rejects(fromHash(broken), /The link must hold a whole experiment/);
  }
});

test("a small link that unpacks to an enormous text is refused", async () => {
  await assert.rejects(fromHash(await toHash({ label: "x".repeat(2 << 20) })), /The link must hold/);
});

test("a link carries what differs from the usual view, and nothing else of it", () => {
  const catalog = { defaults: { view: { height: "linear", grid: { resolution: 101 } } } };
  const minimal = { version: 2, steps: 20, view: { height: "log" } };
  const doc = { view: { height: "linear", grid: { resolution: 51 } } };
  assert.deepEqual(linkOf({ doc, minimal, catalog }), {
    version: 2,
    steps: 20,
    view: { grid: { resolution: 51 } },
  });
  assert.deepEqual(linkOf({ doc: { view: catalog.defaults.view }, minimal, catalog }), {
    version: 2,
    steps: 20,
  });
});
