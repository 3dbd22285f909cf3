import assert from "node:assert/strict";
import { test } from "node:test";

import { inShort, parseVector, vectorSaid, vectorText } from "../../../frontend/js/document/plane-vectors.js";

test("numbers are read however they are pasted", () => {
  const wanted = { value: [1, -0.5, 2e-7] };
  for (const text of ["1, -0.5, 2e-7", "[1,\n -.5;2E-7]", "1\t−0.5\n2e-7\n", "(1 -0.5 2e-7)"])
    assert.deepEqual(parseVector(text, 3, 1e6), wanted);
});

test("what is written is read again", () => {
  const values = inShort(Float64Array.of(1 / 3, -1e-9, 123456.789123, 0));
  assert.deepEqual(values, [0.33333333, -1e-9, 123456.79, 0]);
  assert.deepEqual(parseVector(vectorText(values), 4, 1e6), { value: values });
});

test("a wrong length says how many there are and must be", () => {
  assert.deepEqual(parseVector("1, 2", 3, 1e6), {
    error: "must be exactly 3 numbers, one for each parameter: these are 2 numbers",
  });
  assert.deepEqual(parseVector("", 3, 1e6), {
    error: "must be exactly 3 numbers, one for each parameter: these are 0 numbers",
  });
});

test("a wrong number is named by its place and its text", () => {
  assert.match(parseVector("1, two, 3", 3, 1e6).error, /number 2 is “two”/);
  assert.match(parseVector("1, 2, 1e7", 3, 1e6).error, /numbers from −1×10⁶ to 1×10⁶: number 3 is “1e7”/);
  assert.match(parseVector("1, NaN", 2, 1e6).error, /number 2 is “NaN”/);
});

test("a vector is said by its length and its largest part", () => {
  assert.equal(vectorSaid([0, -4, 3], ["w1", "w2", "w3"]), "length 5, most in w2 (−4)");
  assert.equal(vectorSaid([0, 0, 2], []), "length 2, most in parameter 2 (2)");
  assert.equal(vectorSaid([0, 0], ["w1", "w2"]), "all zeros");
});
