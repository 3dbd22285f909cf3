import assert from "node:assert/strict";
import test from "node:test";

import { bounded, measuresOf, tooLarge } from "../../../frontend/js/pictures/looks.js";

/** @param {Partial<import("../../../frontend/js/pictures/looks.js").Wanted>} changes */
const wanted = (changes) =>
  /** @type {import("../../../frontend/js/pictures/looks.js").Wanted} */ ({
    subject: "contour",
    look: "paper",
    width: 85,
    letters: "serif",
    caption: true,
    file: "png",
    dots: 300,
    ...changes,
  });

test("a column on paper has its millimetres, its letters seven points, its pixels the dots of an inch", () => {
  const { width, scale, of, size } = measuresOf(wanted({}));
  assert.ok(Math.abs(width * of - 85) < 1e-9);
  assert.ok(Math.abs(width * scale - (85 / 25.4) * 300) < 1e-9);
  assert.ok(Math.abs(((size * of) / 25.4) * 72 - 7) < 1e-9);
});

test("in the page’s look a width is in pixels", () => {
  const { width, scale, unit } = measuresOf(wanted({ look: "page", width: 1600 }));
  assert.equal(unit, "px");
  assert.ok(Math.abs(width * scale - 1600) < 1e-9);
});

test("what a browser cannot draw is refused with both limits", () => {
  assert.equal(tooLarge(8000, 8000), null);
  assert.match(
    tooLarge(8001, 8000) ?? "",
    /at most 64 million pixels and 16,000 along a side, got 8001 × 8000/,
  );
  assert.match(tooLarge(16_001, 10) ?? "", /got 16001 × 10/);
});

test("a number stays within its ends, and no number changes nothing", () => {
  assert.equal(bounded(1e9, [60, 600], 85), 600);
  assert.equal(bounded(-1, [60, 600], 85), 60);
  assert.equal(bounded(Number.NaN, [60, 600], 85), 85);
});
