import assert from "node:assert/strict";
import test from "node:test";
import { createStore } from "../../../frontend/js/app/store.js";
import { createQuestions, createStudyQuery } from "../../../frontend/js/ui/study-query.js";
import { runOf } from "../page-state.js";

const PACE = 120;
const inspection = (step, opening = 1) => ({ key: `step ${step} of ${opening}`, opening });
const frame = (name) => ({ kind: "study", meta: { name, progress: 1 }, arrays: {} });

/** A page with a run of ten steps, whose studies wait here for an answer. */
function page(context) {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const run = runOf("Adam", Array(10).fill(1));
  const state = { runs: [run], focus: 0, look: null, phase: "ready", connection: "open", doc: null };
  const store = createStore({ ...state, step: 3, inspection: inspection(3) });
  const asked = [];
  const study = (place, wanted, answer) => {
    asked.push({ place, kind: wanted.kind, answer });
    return () => {};
  };
  return { store, actions: { study }, asked, wait: () => context.mock.timers.tick(PACE) };
}

/** A view that notes what it is told. */
function view() {
  const told = [];
  return {
    told,
    sight: { open: true },
    show: ({ meta }, { step }) => told.push([step, meta.name]),
    refuse: (words) => told.push(words),
  };
}

test("a cursor that moves asks at a pace, and for where it stands by then", (context) => {
  const { store, actions, asked, wait } = page(context);
  const { told, ...own } = view();
  createStudyQuery(store, actions, () => true, { ...own, ask: () => ({ study: { kind: "norms" } }) });
  for (const step of [4, 5, 6]) store.set({ step, inspection: inspection(step) });
  wait();
  assert.deepEqual(
    asked.map(({ place }) => place.step),
    [6],
  );
  store.set({ step: 7, inspection: inspection(7) });
  wait();
  assert.equal(asked.length, 1, "the next waits for the answer");
  asked[0].answer(frame("six"), null);
  wait();
  assert.deepEqual(
    asked.map(({ place }) => place.step),
    [6, 7],
  );
  assert.deepEqual(told, [[6, "six"]], "an answer names its own place");
});

test("of a run as a whole the cursor's steps ask nothing, another experiment does", (context) => {
  const { store, actions, asked, wait } = page(context);
  const ask = () => ({ study: { kind: "bill" }, once: true });
  createStudyQuery(store, actions, () => true, { ...view(), ask });
  wait();
  asked[0].answer(frame("one"), null);
  store.set({ step: 5, inspection: inspection(5) });
  wait();
  assert.equal(asked.length, 1);
  store.set({ inspection: inspection(5, 2) });
  wait();
  assert.deepEqual(
    asked.map(({ place }) => place),
    Array(2).fill({ run: 0, step: 0 }),
  );
});

test("what is closed is neither asked nor told, and is asked anew where it opens", (context) => {
  const { store, actions, asked, wait } = page(context);
  const { told, sight, ...own } = view();
  const ask = () => ({ study: { kind: "norms" } });
  const { refresh } = createStudyQuery(store, actions, () => sight.open, { ...own, ask });
  wait();
  sight.open = false;
  refresh();
  wait();
  asked[0].answer(frame("unseen"), null);
  wait();
  assert.equal(asked.length, 1);
  sight.open = true;
  refresh();
  wait();
  asked[1].answer(frame("seen"), null);
  assert.deepEqual(told, [[3, "seen"]]);
});

test("two views have a question in common, and who opens later is told too", (context) => {
  const { store, actions, asked, wait } = page(context);
  const { newton } = createQuestions(store, actions);
  const [early, late] = [view(), view()];
  late.sight.open = false;
  const [, { refresh }] = [early, late].map(({ sight, ...own }) =>
    newton.join({ ...own, open: () => sight.open }),
  );
  wait();
  asked[0].answer(frame("one"), null);
  late.sight.open = true;
  refresh();
  wait();
  asked[1].answer(frame("two"), null);
  assert.deepEqual(early.told, [
    [3, "one"],
    [3, "two"],
  ]);
  assert.deepEqual(late.told, [[3, "two"]]);
});

test("a lost connection is not asked, one that is found is", (context) => {
  const { store, actions, asked, wait } = page(context);
  createStudyQuery(store, actions, () => true, { ...view(), ask: () => ({ study: { kind: "norms" } }) });
  wait();
  store.set({ connection: "lost" });
  asked[0].answer(null, null);
  for (let k = 0; k < 5; k += 1) wait();
  assert.equal(asked.length, 1);
  store.set({ connection: "open" });
  wait();
  assert.equal(asked.length, 2);
});
