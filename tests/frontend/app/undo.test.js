import assert from "node:assert/strict";
import test from "node:test";
import { createStore } from "../../../frontend/js/app/store.js";
import { keepHistory } from "../../../frontend/js/app/undo.js";
import { NOTHING_DONE } from "../../../frontend/js/model/history.js";

const DOC = /** @type {any} */ ({
  problem: { kind: "network" },
  runs: [{ optimizer: { kind: "adam", learning_rate: 0.05 }, label: null }],
  start: { kind: "init" },
  steps: 200,
  seed: 0,
  edits: [],
  view: { plane: null, grid: {}, tab: "cost", run: 0 },
});

/** A page whose documents are answered at once, with what the service fills in. */
function page() {
  /** @type {Record<string, () => void>} */
  const hands = {};
  const clock = { now: 0 };
  /** @type {any[]} */
  const opened = [];
  const state = {
    doc: null,
    entry: 0,
    history: NOTHING_DONE,
    catalog: null,
    assignment: null,
    tour: null,
    drawing: null,
    connection: "open",
  };
  const store = createStore(/** @type {any} */ (state));
  /** @param {any} doc @param {Record<string, any>} [patch] */
  function open(doc, patch = {}) {
    store.set({ ...patch, doc });
    store.set({ doc: { ...doc, problem: { ...doc.problem, cost: "mse" } } });
  }
  const history = keepHistory(
    store,
    {
      open(doc, options) {
        opened.push(options);
        open(doc);
      },
      load(doc, options) {
        const left = "tour" in options ? { assignment: null, tour: options.tour } : {};
        open(doc, { entry: store.get().entry + 1, ...left });
      },
      undoDrawing: () => opened.push("drawing"),
    },
    /** @type {any} */ ({
      addEventListener: (/** @type {string} */ kind, /** @type {any} */ act) => (hands[kind] = act),
    }),
    () => clock.now,
  );
  open(DOC);
  /** @param {number} rate */
  function rate(rate) {
    const { doc } = store.get();
    open({ ...doc, runs: [{ ...DOC.runs[0], optimizer: { kind: "adam", learning_rate: rate } }] });
  }
  return { store, open, rate, hands, clock, opened, ...history };
}

/** @param {ReturnType<typeof page>} page */
const rates = ({ store }) =>
  store
    .get()
    .history.entries.map(({ document }) => /** @type {any} */ (document.runs[0].optimizer).learning_rate);
/** @param {ReturnType<typeof page>} page */
const shown = ({ store }) => /** @type {any} */ (store.get().doc).runs[0].optimizer.learning_rate;

test("a drag is one entry, and another hand on the same knob another", () => {
  const it = page();
  for (const value of [0.06, 0.07, 0.08]) {
    it.clock.now += 5000;
    it.rate(value);
  }
  assert.deepEqual(rates(it), [0.05, 0.08]);
  it.hands.pointerdown();
  it.clock.now += 5000;
  it.rate(0.2);
  assert.deepEqual(rates(it), [0.05, 0.08, 0.2]);
});

test("a key that is held is one entry, though each of its steps is settled", () => {
  const it = page();
  for (const value of [0.06, 0.07, 0.08]) {
    it.hands.change();
    it.clock.now += 100;
    it.rate(value);
  }
  assert.deepEqual(rates(it), [0.05, 0.08]);
});

test("undo and redo go back and forward, looked at as the page looks by now", () => {
  const it = page();
  it.rate(0.1);
  const { doc } = it.store.get();
  it.store.set({ doc: /** @type {any} */ ({ ...doc, view: { ...doc?.view, tab: "network" } }) });
  it.undo();
  assert.deepEqual([shown(it), it.store.get().doc?.view.tab], [0.05, "network"]);
  assert.equal(it.store.get().entry, 0);
  it.undo();
  assert.equal(shown(it), 0.05);
  it.redo();
  assert.deepEqual([shown(it), rates(it)], [0.1, [0.05, 0.1]]);
  it.redo();
  assert.equal(shown(it), 0.1);
});

test("undoing an opening opens what was there before, with an entry of its own in the browser", () => {
  const it = page();
  it.open({ ...DOC, steps: 50 }, { entry: 1 });
  assert.equal(it.store.get().history.entries.at(-1)?.words, "opening another experiment");
  it.undo();
  assert.deepEqual([it.store.get().doc?.steps, it.store.get().entry], [200, 2]);
  it.redo();
  assert.deepEqual([it.store.get().doc?.steps, it.store.get().entry], [50, 3]);
  assert.equal(it.store.get().history.entries.length, 2);
});

test("what was done before an assignment is not undone at it, and undoing a choice of problem stays there", () => {
  const it = page();
  it.rate(0.1);
  const assignment = /** @type {any} */ ({ title: "The saddle" });
  it.open({ ...DOC, steps: 50 }, { entry: 1, assignment });
  it.undo();
  assert.deepEqual([it.store.get().doc?.steps, it.store.get().assignment], [50, assignment]);
  it.open({ ...DOC, problem: { kind: "formula" }, steps: 60 }, { entry: 2 });
  it.undo();
  assert.deepEqual([it.store.get().doc?.steps, it.store.get().assignment], [50, assignment]);
  it.redo();
  assert.deepEqual([it.store.get().doc?.steps, it.store.get().assignment], [60, assignment]);
});

test("undoing a choice of problem at a stop of the tour stays there, and undoing a stop goes back to the one before", () => {
  const it = page();
  const at = () => [it.store.get().doc?.steps, it.store.get().tour];
  /** @param {any} doc @param {Record<string, any>} patch */
  const press = (doc, patch) => {
    it.hands.pointerdown();
    it.clock.now += 5000;
    it.open(doc, patch);
  };
  press({ ...DOC, steps: 50 }, { entry: 1, tour: 0 });
  press({ ...DOC, steps: 60 }, { entry: 2, tour: 1 });
  press({ ...DOC, problem: { kind: "formula" }, steps: 70 }, { entry: 3 });
  it.undo();
  assert.deepEqual(at(), [60, 1]);
  it.undo();
  assert.deepEqual(at(), [50, 0]);
  it.redo();
  assert.deepEqual(at(), [60, 1]);
  it.store.set({ tour: null });
  it.redo();
  it.undo();
  assert.deepEqual(at(), [60, null]);
});

test("a start is taken back on the plane that it was chosen on", () => {
  const it = page();
  it.open({ ...DOC, start: { kind: "lift", at: [1, 2] } });
  it.undo();
  it.redo();
  it.rate(0.1);
  it.undo();
  assert.deepEqual(it.opened, [{ keepPlane: true }, { keepPlane: true }, { keepPlane: false }]);
});

test("a run in focus that undoing takes away leaves the focus to another", () => {
  const it = page();
  const { doc } = it.store.get();
  it.open({ ...doc, runs: [DOC.runs[0], DOC.runs[0]], view: { ...DOC.view, run: 1 } });
  it.undo();
  assert.deepEqual([it.store.get().doc?.runs.length, it.store.get().doc?.view.run], [1, 0]);
});

test("without a connection nothing is taken back", () => {
  const it = page();
  it.rate(0.1);
  it.store.set({ connection: "lost" });
  it.undo();
  assert.deepEqual([shown(it), it.store.get().history.at], [0.1, 1]);
});

test("while points are drawn their own steps are taken back, and the whole is one entry", () => {
  const it = page();
  it.store.set({ drawing: /** @type {any} */ ({ past: [{}] }) });
  it.undo();
  assert.deepEqual(it.opened, ["drawing"]);
});
