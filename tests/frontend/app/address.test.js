import assert from "node:assert/strict";
import test from "node:test";
import { followInAddress } from "../../../frontend/js/app/address.js";
import { fromHash } from "../../../frontend/js/app/link.js";
import { createStore } from "../../../frontend/js/app/store.js";

/** A browser whose history is a list, and whose clock stands until it is told to `tick`. */
function browserAt(address) {
  const entries = [address];
  let at = 0;
  let due = null;
  let heard = () => undefined;
  const go = (by) => {
    at += by;
    heard();
  };
  return {
    location: {
      get href() {
        return entries[at];
      },
    },
    history: {
      replaceState: (_state, _title, href) => {
        entries[at] = href;
      },
      pushState: (_state, _title, href) => {
        at += 1;
        entries.splice(at, Infinity, href);
      },
    },
    setTimeout: (work) => {
      due = work;
      return 1;
    },
    clearTimeout: () => {
      due = null;
    },
    addEventListener: (kind, listener) => {
      assert.equal(kind, "popstate");
      heard = listener;
    },
    back: () => go(-1),
    forward: () => go(1),
    /** What was put off is begun. @returns {Promise<unknown>} */
    tick: async () => due?.(),
    waits: () => due !== null,
    /** The seeds of the history's entries, and which of them the browser is at. */
    read: async () => [
      ...(await Promise.all(entries.map(async (href) => (await fromHash(new URL(href).hash))?.seed ?? null))),
      at,
    ],
  };
}

/** A page on show, at its first entry, with what a session does to its state. */
async function page() {
  const browser = browserAt("http://localhost/");
  const store = createStore({
    doc: null,
    minimal: null,
    catalog: null,
    tour: null,
    phase: "empty",
    held: false,
    entry: 0,
  });
  const address = followInAddress(store, browser);
  const ask = (seed, entry = store.get().entry) => store.set({ entry, doc: { seed }, phase: "opening" });
  const answer = (seed) => {
    store.set({ doc: { seed }, minimal: { seed } });
    store.set({ phase: "arriving" });
  };
  const show = () => store.set({ phase: "ready" });
  const open = (seed, entry) => {
    ask(seed, entry);
    answer(seed);
    show();
  };
  /** What the page does once it has read the address that the browser went to. */
  const follow = (seed) => {
    address.stay();
    ask(seed);
  };
  open(1);
  await browser.tick();
  return { browser, store, address, ask, answer, show, open, follow };
}

/** At the middle one of three experiments, to which the browser went back. */
async function between() {
  const there = await page();
  for (const entry of [1, 2]) {
    there.open(entry + 1, entry);
    await there.browser.tick();
  }
  there.browser.back();
  return there;
}

test("an experiment has an entry, and what changes of it is written over that", async () => {
  const { browser, open } = await page();
  open(2, 1);
  await browser.tick();
  open(3);
  await browser.tick();
  assert.deepEqual(await browser.read(), [1, 3, 1]);
});

test("an address that stands already is not written again", async () => {
  const { browser, open } = await page();
  browser.history.replaceState = browser.history.pushState = () => assert.fail("a write");
  open(1, 1);
  await browser.tick();
  assert.deepEqual(await browser.read(), [1, 0]);
});

test("the address waits for the picture, and for a calm", async () => {
  const { browser, ask, answer, show } = await page();
  ask(2, 1);
  assert.equal(browser.waits(), false);
  answer(2);
  assert.equal(browser.waits(), false);
  show();
  assert.deepEqual(await browser.read(), [1, 0]);
  await browser.tick();
  assert.deepEqual(await browser.read(), [1, 2, 1]);
});

test("back leaves the entries after it", async () => {
  const { browser, follow, answer, show } = await between();
  follow(2);
  answer(2);
  show();
  await browser.tick();
  assert.deepEqual(await browser.read(), [1, 2, 3, 1]);
});

test("what was still to be written when the browser moved is not", async () => {
  const { browser, open } = await page();
  open(2, 1);
  await browser.tick();
  open(3);
  assert.equal(browser.waits(), true);
  browser.back();
  assert.equal(browser.waits(), false);
  await browser.tick();
  assert.deepEqual(await browser.read(), [1, 2, 0]);
});

test("what was being packed when the browser moved is not written", async () => {
  const { browser, open } = await page();
  open(2, 1);
  await browser.tick();
  open(3, 2);
  const writing = browser.tick();
  browser.back();
  await writing;
  assert.deepEqual(await browser.read(), [1, 2, 0]);
});

test("forward at once after back finds every entry as it was", async () => {
  const { browser, follow, answer, show } = await between();
  follow(2);
  answer(2);
  show();
  const writing = browser.tick();
  browser.forward();
  await writing;
  assert.equal(browser.waits(), false);
  // Something of the picture on show changes before the page has read where the browser is.
  show();
  await browser.tick();
  assert.deepEqual(await browser.read(), [1, 2, 3, 2]);
  follow(3);
  answer(3);
  show();
  await browser.tick();
  assert.deepEqual(await browser.read(), [1, 2, 3, 2]);
});

test("an answer from before the browser moved is written nowhere", async () => {
  const { browser, ask, answer, show, follow } = await page();
  ask(2, 1);
  browser.forward();
  browser.back();
  answer(2);
  show();
  assert.equal(browser.waits(), false);
  follow(1);
  answer(1);
  show();
  await browser.tick();
  assert.deepEqual(await browser.read(), [1, 0]);
});

test("where what the browser went to is refused, its entry stays", async () => {
  const { browser, store, follow, show, open } = await between();
  follow(2);
  show();
  store.set({ doc: { seed: 2, view: { height: "log" } } });
  await browser.tick();
  assert.deepEqual(await browser.read(), [1, 2, 3, 1]);
  open(4, 3);
  await browser.tick();
  assert.deepEqual(await browser.read(), [1, 2, 4, 2]);
});

test("what is lost with the connection is not written over what the browser went to", async () => {
  const { browser, store, follow, answer, show } = await between();
  const before = store.get();
  follow(2);
  answer(2);
  store.set({ doc: before.doc, minimal: before.minimal, held: true, phase: "ready" });
  assert.equal(browser.waits(), false);
  store.set({ held: false });
  follow(2);
  answer(2);
  show();
  await browser.tick();
  assert.deepEqual(await browser.read(), [1, 2, 3, 1]);
});

test("a copied link is that of the page, also where it may not be written", async () => {
  const { browser, address } = await between();
  const copied = await fromHash(new URL(await address.write()).hash);
  assert.equal(copied.seed, 3);
  assert.deepEqual(await browser.read(), [1, 2, 3, 1]);
});
