import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { linkOfStop, stopOfLink } from "../../../frontend/js/model/tour.js";

const stops = JSON.parse(
  readFileSync(new URL("../../../backend/descentscape/data/tour.json", import.meta.url), "utf8"),
);

test("every stop has a link that leads back to it", () => {
  stops.forEach((stop, at) => assert.equal(stopOfLink(linkOfStop(stop), stops), at));
  assert.equal(stopOfLink("#tour=nowhere", stops), null);
  assert.equal(stopOfLink("#x=abc", stops), null);
});
