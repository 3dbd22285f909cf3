import assert from "node:assert/strict";
import { test } from "node:test";
import {
  boundsText,
  faultAt,
  fieldPath,
  hasSlider,
  nearestStop,
  parseIntegers,
  parseNumber,
  pathText,
  stopsOf,
  valueAt,
  withItem,
} from "../../../frontend/js/document/controls.js";

const field = (more) => ({ name: "rate", label: "rate", help: "", type: "number", default: 0.1, ...more });

test("a log slider gives every decade the same share of its way", () => {
  const stops = stopsOf(field({ low: 1e-4, high: 1, log: true }));
  const at = (value) => nearestStop(stops, value) / (stops.length - 1);
  assert.equal(stops[0], 1e-4);
  assert.equal(stops.at(-1), 1);
  for (const [value, share] of [
    [1e-3, 0.25],
    [1e-2, 0.5],
    [0.1, 0.75],
  ])
    assert.ok(Math.abs(at(value) - share) < 0.03, `${value} at ${at(value)}`);
});

test("every step of a slider moves the number, and no stop leaves the bounds", () => {
  const fields = [
    field({ low: 0, high: 1 }),
    field({ low: 1e-8, high: 100, typical: [1e-4, 10], log: true }),
    field({ low: 1, high: 20000, type: "integer", log: true }),
    field({ low: 1, high: 12, type: "integer" }),
    field({ low: 0.9, high: 0.999999 }),
  ];
  for (const each of fields) {
    const stops = stopsOf(each);
    assert.ok(stops.length > 5);
    assert.ok(
      stops.every(
        (value, index) =>
          value >= each.low && value <= each.high && (index === 0 || value > stops[index - 1]),
      ),
    );
    if (each.type === "integer") assert.ok(stops.every(Number.isInteger));
  }
});

test("a range of three decades is travelled by decades, unasked", () => {
  const stops = stopsOf(field({ low: 4, high: 5000, type: "integer" }));
  assert.ok(stops[Math.round(stops.length / 2)] < 500);
});

test("a log slider whose field may be zero begins with zero", () => {
  const stops = stopsOf(field({ low: 0, high: 10, typical: [1e-5, 1], log: true }));
  assert.equal(stops[0], 0);
  assert.equal(stops[1], 1e-5);
  assert.equal(stops.at(-1), 1);
});

test("a slider spans the typical part of the bounds; the number takes all of them", () => {
  const rate = field({ low: 1e-8, high: 100, typical: [1e-3, 10], log: true });
  assert.equal(stopsOf(rate)[0], 1e-3);
  assert.deepEqual(parseNumber("1e-6", rate), { value: 1e-6 });
});

test("the nearest stop is the nearest", () => {
  const stops = [0, 1, 2, 5, 10];
  assert.deepEqual(
    [-3, 0.4, 0.6, 3, 4, 99].map((value) => nearestStop(stops, value)),
    [0, 0, 1, 2, 3, 4],
  );
});

test("sliders are for ranges that a hand can travel", () => {
  assert.equal(hasSlider(field({ low: 0, high: 1 })), true);
  assert.equal(hasSlider(field({ low: 0 })), false);
  assert.equal(hasSlider(field({ low: 0, high: 2 ** 32 - 1, type: "integer" })), false);
  assert.equal(hasSlider(field({ low: 1, high: 64, type: "optional_integer" })), false);
  assert.equal(hasSlider(field({ type: "choice", low: 0, high: 1 })), false);
});

test("typed numbers are read as people write them, and refused with the bounds", () => {
  const rate = field({ low: 0, high: 10 });
  for (const [text, value] of [
    ["0.5", 0.5],
    [" 1e-3 ", 0.001],
    ["2,5", 2.5],
    [".5", 0.5],
    ["10", 10],
  ])
    assert.deepEqual(parseNumber(text, rate), { value });
  assert.deepEqual(parseNumber("\u22123", field({})), { value: -3 });
  for (const text of ["", "ten", "1e999", "11", "\u22121", "0x10", "1 2", "Infinity", "NaN"]) {
    assert.deepEqual(parseNumber(text, rate), { error: "must be a number between 0 and 10" });
  }
});

test("whole numbers stay whole, and an optional one may be left empty", () => {
  const size = field({ type: "optional_integer", low: 1 });
  assert.deepEqual(parseNumber("", size), { value: null });
  assert.deepEqual(parseNumber("16", size), { value: 16 });
  assert.deepEqual(parseNumber("1.5", size), { error: "must be a whole number of at least 1" });
  assert.equal(boundsText(field({})), "a number");
});

test("lists of whole numbers", () => {
  assert.deepEqual(parseIntegers("0, 3"), { value: [0, 3] });
  assert.deepEqual(parseIntegers(""), { value: [] });
  assert.ok("error" in parseIntegers("1, two"));
});

test("a path leads to its value and is written as the service writes it", () => {
  const path = ["runs", 0, "optimizer", "learning_rate"];
  assert.equal(pathText(path), "runs[0].optimizer.learning_rate");
  assert.equal(valueAt({ runs: [{ optimizer: { learning_rate: 0.1 } }] }, path), 0.1);
  assert.equal(valueAt({ runs: [] }, path), undefined);
  assert.deepEqual(fieldPath(["view"], "grid.resolution"), ["view", "grid", "resolution"]);
});

test("a fault belongs to its knob and to the knobs around it, not to its neighbours", () => {
  const fault = {
    title: "",
    detail: "",
    errors: [{ field: "problem.hidden[2]", message: "must be at most 256, got 999" }],
  };
  assert.equal(faultAt(fault, ["problem", "hidden"]), "must be at most 256, got 999");
  assert.equal(faultAt(fault, ["problem", "hidden", 2]), "must be at most 256, got 999");
  assert.equal(faultAt(fault, ["problem", "hid"]), null);
  assert.equal(faultAt(null, ["problem"]), null);
});

test("one place of a list changes, the list itself does not", () => {
  const widths = [8, 8];
  assert.deepEqual(withItem(widths, 1, 4), [8, 4]);
  assert.deepEqual(widths, [8, 8]);
});
