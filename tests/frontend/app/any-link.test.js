import assert from "node:assert/strict";
import test from "node:test";
import { fromHash, toHash } from "../../../frontend/js/app/link.js";

/** `make fuzz` sets it to ten thousand. */
const EXAMPLES = Number(process.env.FUZZ_EXAMPLES ?? 300);
const SENTENCES =
  /^(The link must hold a whole experiment; this one was cut short or changed\.|document must be at most \d+ bytes, got more)$/;

/** Numbers in [0, 1) that are the same every time (mulberry32). @param {number} seed */
function randomNumbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const random = randomNumbers(Number(process.env.FUZZ_SEED ?? 1));
/** @param {number} bound */
const below = (bound) => Math.floor(random() * bound);
/** @template T @param {readonly T[]} choices @returns {T} */
const one = (choices) => /** @type {T} */ (choices[below(choices.length)]);

const SIGNS = [..."abcXYZ019-_=+/#&%?;. \u0000\ud800\u202eé€𝒙".split("")];
const TEXTS = ["", "#x=", "#x", "#X=", "x=", "#stage", "#x=%00", "#x=AAAA", "#x=__proto__"];

/** @param {number} depth @returns {unknown} */
function value(depth) {
  const leaves = [null, true, -0, 1e308, 5e-324, "", "\ud800", "__proto__", "constructor", below(1e9)];
  if (depth === 0 || random() < 0.4) return one(leaves);
  if (random() < 0.5) return Array.from({ length: below(4) }, () => value(depth - 1));
  return Object.fromEntries(
    Array.from({ length: below(4) }, (_, k) => [one(["a", "runs", `k${k}`]), value(depth - 1)]),
  );
}

/** A text with one sign changed, lost, added, or all behind it cut. @param {string} text */
function spoiled(text) {
  const at = below(text.length + 1);
  const rest = one([text.slice(at), text.slice(at + 1), one(SIGNS) + text.slice(at + 1), ""]);
  return text.slice(0, at) + rest;
}

async function link() {
  const whole = random() < 0.2 ? one(TEXTS) : await toHash(value(4));
  let text = whole;
  for (let times = below(4); times > 0; times--) text = spoiled(text);
  return random() < 0.1 ? text + Array.from({ length: below(200) }, () => one(SIGNS)).join("") : text;
}

test("any address holds nothing, an object, or is refused in one sentence", async () => {
  for (let count = 0; count < EXAMPLES; count++) {
    const hash = await link();
    try {
      const found = await fromHash(hash);
      assert.ok(found === null || (typeof found === "object" && !Array.isArray(found)), hash);
      assert.equal(found === null, !hash.startsWith("#x="), hash);
    } catch (error) {
      assert.match(/** @type {Error} */ (error).message, SENTENCES, hash);
    }
  }
});

test("a document of any values survives", async () => {
  for (let count = 0; count < EXAMPLES; count++) {
    const document = { value: JSON.parse(JSON.stringify(value(5))) };
    assert.deepEqual(await fromHash(await toHash(document)), document);
  }
});
