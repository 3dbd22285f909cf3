import assert from "node:assert/strict";
import test from "node:test";
import { numbersIn } from "../../../frontend/js/model/typed-numbers.js";

test("numbers are read as people type them", () => {
  const hundredth = ["0.01", "0,01", ".01", "1/100", "1 / 100", "1 %", "1%", "1e-2", "1E−2", "10^-2", "10⁻²"];
  for (const typed of [...hundredth, "1·10⁻²", "1 × 10^-2", "1*10**-2"])
    assert.ok(
      numbersIn(typed).some((value) => Math.abs(value - 0.01) < 1e-15),
      typed,
    );
  for (const [typed, value] of /** @type {[string, number][]} */ ([
    ["−1,50", -1.5],
    ["1 000", 1000],
    ["1.000,5", 1000.5],
    ["1,000.5", 1000.5],
    ["10³", 1000],
    ["2·10^3", 2000],
    ["-3/4", -0.75],
    ["12,5 %", 0.125],
    ["1’000", 1000],
  ]))
    assert.deepEqual(numbersIn(typed), [value], typed);
  assert.deepEqual(
    numbersIn("1,000").sort((one, other) => one - other),
    [1, 1000],
  );
});

test("a sum or a product is worked out, as it is written in a hint", () => {
  for (const [typed, value] of /** @type {[string, number][]} */ ([
    ["24 + 72 + 9", 105],
    ["3·8 + 9×8 + 9", 105],
    ["(2+1)*8 + (8+1)*8 + (8+1)", 105],
    ["10^6 · 10⁶ · 8 / 10¹²", 8],
    ["200 ÷ 20", 10],
    ["200:20", 10],
    ["2**3 - 4", 4],
    ["−2²", -4],
    ["= 105", 105],
    ["3·8 + 9·8 + 9 = 105", 105],
    ["ca. 105", 105],
    ["approx. 105", 105],
    ["≈ 100", 100],
    ["1/2/3", 1 / 6],
  ]))
    assert.deepEqual(numbersIn(typed), [value], typed);
  for (const typed of ["1+", "(1", "1)", "2 3 +", "1,2,3,4.5.6", "9".repeat(90), `${"(".repeat(70)}1`])
    assert.deepEqual(numbersIn(typed), [], typed);
});
