import assert from "node:assert/strict";
import test from "node:test";
import { createSession } from "../../frontend/js/session.js";
import { createStore } from "../../frontend/js/store.js";

const EXTENT = [[-1, 1], [-1, 1]];

/** A page that shows an experiment on a ground of this level, and has just lost and found its connection. */
function resumed(level) {
  const surface = { a: [], b: [], cost: [], clipped: { low: null, high: null, count: 0 }, level, levels: 3, minima: [] };
  const plane = { id: "p1", extent: EXTENT };
  const store = createStore({ doc: { view: { grid: { resolution: 31 } } }, plane, surface, runs: [], focus: 0, step: 0, steps: 5, arrived: 0, look: null, inspection: null });
  const sent = [];
  const session = createSession(store, (message) => sent.push(message) > 0);
  session.resume();
  session.onMessage({ type: "opened", experiment: store.get().doc, minimal: {}, dim: 2, exact: true, layers: [], steps: 5, runs: [], kept: [] });
  session.onMessage({ type: "plane", plane_id: "p1", generation: 0, provisional: false, extent: EXTENT, plane: { kind: "axes", variance_share: null, null_share: null } });
  return { store, sent };
}

test("a whole ground stays when the connection is back", () => {
  const { store, sent } = resumed(2);
  assert.deepEqual(sent.filter(({ type }) => type === "surface"), []);
  assert.equal(store.get().surface.level, 2);
});

test("a ground that was still rough is asked for again", () => {
  const { sent } = resumed(1);
  assert.deepEqual(sent.filter(({ type }) => type === "surface").map(({ resolution }) => resolution), [31]);
});
