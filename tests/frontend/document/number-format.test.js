import assert from "node:assert/strict";
import { test } from "node:test";
import { parseNumber } from "../../../frontend/js/document/controls.js";
import {
  formatCount,
  formatInput,
  formatNumber,
  formatPercent,
  formatRunning,
  formatSpeed,
  plural,
} from "../../../frontend/js/document/number-format.js";

test("numbers keep three digits, a true minus sign and readable powers of ten", () => {
  const said = {
    0: "0",
    1: "1",
    12.345: "12.3",
    0.00163: "0.00163",
    "-4": "−4",
    1.234e-7: "1.23×10⁻⁷",
    2.5e9: "2.5×10⁹",
    123456: "123000",
  };
  for (const [value, text] of Object.entries(said)) assert.equal(formatNumber(Number(value)), text);
});

test("what is no finite number is named", () => {
  assert.equal(formatNumber(NaN), "–");
  assert.equal(formatNumber(Infinity), "∞");
  assert.equal(formatRunning(-Infinity), "−∞");
});

test("a running number keeps its width as its last digits pass through zero", () => {
  assert.deepEqual(
    [0.0016, 0.00161, 0.002].map((value) => formatRunning(value)),
    ["0.00160", "0.00161", "0.00200"],
  );
  assert.equal(formatRunning(1234), "1234");
  assert.equal(formatRunning(1.5e-6), "1.50×10⁻⁶");
});

test("shares, counts and speeds", () => {
  assert.equal(formatPercent(0.863), "86\u202f%");
  assert.equal(formatPercent(0.001), "<\u202f1\u202f%");
  assert.equal(formatPercent(0), "0\u202f%");
  assert.equal(formatCount(50000), "50,000");
  assert.equal(formatSpeed(0.25), "0.25×");
  assert.equal(plural(1, "run"), "1 run");
  assert.equal(plural(2000, "step"), "2,000 steps");
});

test("what a field shows reads back to the same number", () => {
  const field = { name: "x", label: "x", help: "", type: /** @type {const} */ ("number"), default: 0 };
  for (const value of [0, -3, 0.06, 1e-8, -2.5e-10, 1e21, 20000, 0.1 + 0.2]) {
    assert.deepEqual(parseNumber(formatInput(value), field), { value: Number(value.toPrecision(12)) });
  }
});
