import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { POINTS } from "../../../frontend/js/guide/points.js";

const stops = JSON.parse(
  readFileSync(new URL("../../../backend/descentscape/data/tour.json", import.meta.url), "utf8"),
);

test("every stop points at parts of the page that are known, and at none twice", () => {
  for (const { id, point, reach } of stops) {
    assert.ok(POINTS[point], id);
    assert.ok(reach === undefined || (POINTS[reach] && reach !== point), id);
  }
  const named = new Set(stops.flatMap(({ point, reach }) => [point, reach]));
  assert.deepEqual(
    Object.keys(POINTS).filter((name) => !named.has(name)),
    [],
  );
});

test("what a stop opens with is what it points at", () => {
  for (const { id, point, tab, experiment } of stops) {
    const { stage = "3d", lab = "chain" } = experiment.view ?? {};
    if (POINTS[point].lab) assert.deepEqual([stage, lab], ["lab", POINTS[point].lab], id);
    if (POINTS[point].view) assert.equal(tab, POINTS[point].view, id);
    if (POINTS[point].stage) assert.equal(stage, "both", id);
  }
});
