import assert from "node:assert/strict";
import test from "node:test";
import { createSession } from "../../../frontend/js/app/session.js";
import { createStore } from "../../../frontend/js/app/store.js";
import { CONNECTION, createState, SESSION } from "../../../frontend/js/model/state.js";

const EXTENT = [
  [-1, 1],
  [-1, 1],
];

/** A page that shows an experiment on a surface of this level, and has just lost and found its connection. */
function resumed(level) {
  const surface = {
    a: [],
    b: [],
    cost: [],
    clipped: { low: null, high: null, count: 0 },
    level,
    levels: 3,
    minima: [],
  };
  const plane = { id: "p1", extent: EXTENT };
  const store = createStore({
    doc: { view: { grid: { resolution: 31 } } },
    plane,
    surface,
    runs: [],
    focus: 0,
    step: 0,
    steps: 5,
    arrived: 0,
    look: null,
    inspection: null,
    connection: "open",
  });
  const sent = [];
  const session = createSession(store, (message) => sent.push(message) > 0);
  session.resume();
  session.onMessage({
    type: "opened",
    experiment: store.get().doc,
    minimal: {},
    dim: 2,
    exact: true,
    layers: [],
    steps: 5,
    runs: [],
    kept: [],
  });
  session.onMessage({
    type: "plane",
    plane_id: "p1",
    generation: 0,
    provisional: false,
    extent: EXTENT,
    plane: { kind: "axes", variance_share: null, null_share: null },
  });
  return { store, sent };
}

test("a whole surface stays when the connection is back", () => {
  const { store, sent } = resumed(2);
  assert.deepEqual(
    sent.filter(({ type }) => type === "surface"),
    [],
  );
  assert.equal(store.get().surface.level, 2);
});

test("a surface that was still rough is asked for again", () => {
  const { sent } = resumed(1);
  assert.deepEqual(
    sent.filter(({ type }) => type === "surface").map(({ resolution }) => resolution),
    [31],
  );
});

/** A page on a new connection that answers nothing by itself. */
function connected() {
  const store = createStore({
    doc: null,
    plane: null,
    surface: null,
    runs: [],
    focus: 0,
    step: 0,
    steps: 5,
    arrived: 0,
    look: null,
    inspection: null,
    connection: "open",
  });
  const sent = [];
  const session = createSession(store, (message) => sent.push(message) > 0);
  const answer = (experiment, more = {}) =>
    session.onMessage({
      type: "opened",
      experiment,
      minimal: experiment,
      dim: 2,
      exact: true,
      layers: [],
      steps: 5,
      runs: [],
      kept: null,
      ...more,
    });
  const sentOf = (...types) => sent.filter(({ type }) => types.includes(type));
  return { store, session, answer, sentOf };
}

test("the answer to an experiment that was left meanwhile does not bring it back", () => {
  const { store, session, answer } = connected();
  const [left, next] = [
    { seed: 1, view: {} },
    { seed: 2, view: {} },
  ];
  store.set({ doc: left });
  session.open(left);
  store.set({ doc: next });
  session.open(next);
  answer(left);
  assert.equal(store.get().doc, next);
});

test("changes wait for their turn, and only what a later one outdates is left out", () => {
  const { session, sentOf } = connected();
  const refused = () => session.onMessage({ type: "error", title: "no" });
  const edit = (parameter, value) => ({
    type: "edit",
    edit: { step: 3, run: 0, set: { [parameter]: value } },
  });
  session.open({ seed: 1, view: {} });
  for (const message of [edit(0, 1), edit(4, 1), edit(0, 2)]) session.request(message);
  for (let k = 0; k < 4; k += 1) refused();
  assert.deepEqual(
    sentOf("open", "edit").map(({ edit: sent }) => sent?.set ?? "open"),
    ["open", { 4: 1 }, { 0: 2 }],
  );
  session.request(edit(0, 3));
  session.open({ seed: 2, view: {} });
  session.request(edit(1, 1));
  session.open({ seed: 3, view: {} });
  refused();
  assert.deepEqual(
    sentOf("open").map(({ experiment }) => experiment.seed),
    [1, 3],
  );
});

/** Lets an experiment of one run, its plane and its first surface arrive. @param {ReturnType<typeof connected>} page */
function arrive({ session, sentOf }, experiment) {
  session.onMessage({
    type: "opened",
    experiment,
    minimal: experiment,
    dim: 2,
    exact: true,
    layers: [],
    steps: 5,
    runs: [{ label: "Adam", optimizer: "adam" }],
    kept: null,
  });
  session.onMessage({
    type: "plane",
    plane_id: `of ${experiment.seed}`,
    generation: 0,
    provisional: false,
    extent: EXTENT,
    plane: { kind: "axes", variance_share: null, null_share: null },
  });
  session.onFrame({
    kind: "steps",
    meta: { plane_id: `of ${experiment.seed}`, run: 0, first: 0, count: 1 },
    arrays: { cost: { data: [1] } },
  });
  const arrays = { a: { data: [] }, b: { data: [] }, cost: { data: [] } };
  session.onFrame({
    kind: "surface",
    meta: { id: sentOf("surface").at(-1).id, progress: 1, level: 0, levels: 1 },
    arrays,
  });
}

test("what is answered while another experiment is opened may be asked again", async () => {
  const page = connected();
  const { session, sentOf } = page;
  const [first, second] = [1, 2].map((seed) => ({ seed, view: { grid: {} } }));
  const heard = [];
  session.open(first);
  arrive(page, first);
  const question = session.ask({ run: 0, step: 0, want: ["theta"] });
  session.study({ run: 0, step: 0 }, { kind: "newton" }, (frame, problem) =>
    heard.push(frame ?? problem.status),
  );
  session.open(second);
  session.onFrame({ kind: "inspection", meta: { id: sentOf("inspect").at(-1).id }, arrays: {} });
  session.onFrame({ kind: "study", meta: { id: sentOf("study")[0].id, progress: 1 }, arrays: {} });
  assert.equal(await question, null);
  assert.deepEqual(heard, [409]);
});

test("the cursor's network is asked for anew where an answer came while another experiment was opened", () => {
  const page = connected();
  const asked = () => page.sentOf("inspect").filter(({ want }) => want.includes("outputs"));
  const [first, second] = [1, 2].map((seed) => ({ seed, view: { grid: {} } }));
  page.session.open(first);
  arrive(page, first);
  assert.equal(asked().length, 1);
  page.session.open(second);
  page.session.onFrame({ kind: "inspection", meta: { id: asked()[0].id }, arrays: {} });
  arrive(page, second);
  assert.equal(asked().length, 2);
});

test("what was asked over a lost connection has no answer", async () => {
  const { session } = connected();
  const question = session.ask({ run: 0, step: 0, want: ["theta"] });
  session.lose();
  assert.equal(await question, null);
});

test("how a formula was read is known while its experiment is open", () => {
  const { store, session, answer } = connected();
  const [first, second] = [1, 2].map((seed) => ({ seed, view: { grid: {} } }));
  session.open(first);
  answer(first, { formula: "<math></math>" });
  assert.equal(store.get().problem.formula, "<math></math>");
  session.open(second);
  answer(second);
  assert.equal(store.get().problem.formula, null);
});

/** A page that shows an experiment, and the documents of its opens. */
function showing() {
  const page = connected();
  const [first, second] = [1, 2].map((seed) => ({ seed, view: { grid: {} } }));
  page.session.open(first);
  arrive(page, first);
  const opened = () =>
    page.sentOf("open").map(({ experiment, resume }) => [experiment.seed, Boolean(resume)]);
  const connect = () => {
    page.store.set({ connection: "open" });
    page.session.resume();
  };
  const cut = () => {
    page.store.set({ connection: "lost" });
    page.session.lose();
  };
  return { ...page, first, second, opened, connect, cut };
}

test("what is chosen without a connection changes nothing until it is back", () => {
  const page = showing();
  page.cut();
  page.store.set({ step: 3 });
  page.session.open(page.second, { cursor: { step: 0, playing: true } });
  assert.deepEqual([page.store.get().doc.seed, page.store.get().step, page.store.get().held], [1, 3, true]);
  page.connect();
  assert.deepEqual(page.opened(), [
    [1, false],
    [2, false],
  ]);
  arrive(page, page.second);
  const { doc, step, playing, held, plane } = page.store.get();
  assert.deepEqual([doc.seed, step, playing, held, plane.id], [2, 0, true, false, "of 2"]);
});

for (const answered of [false, true])
  test(`an experiment lost on its way, ${answered ? "answered" : "unanswered"}, leaves the one on show`, () => {
    const page = showing();
    page.store.set({ step: 3 });
    page.session.open(page.second, { cursor: { step: 0, playing: true } });
    if (answered) page.answer(page.second);
    page.cut();
    const { doc, step, plane, phase, minimal } = page.store.get();
    assert.deepEqual([doc.seed, minimal.seed, step, plane.id, phase], [1, 1, 3, "of 1", "computing"]);
    page.connect();
    assert.deepEqual(page.opened().at(-1), [2, false]);
    arrive(page, page.second);
    assert.equal(page.store.get().plane.id, "of 2");
  });

test("what was wrong with a link is still said when the connection comes after it", () => {
  const store = createStore({ doc: null, plane: null, runs: [], fault: null, connection: "connecting" });
  const sent = [];
  const reached = { yet: false };
  const session = createSession(store, (message) => reached.yet && sent.push(message) > 0);
  session.open({ steps: 1 });
  store.set({ fault: { title: "The link must hold a whole experiment", detail: "", errors: [] } });
  reached.yet = true;
  store.set({ connection: "open" });
  session.resume();
  assert.equal(sent[0].type, "open");
  assert.match(store.get().fault.title, /whole experiment/);
  session.open({ steps: 2 });
  assert.equal(store.get().fault, null);
});

test("a change of a run waits for the experiment that it is a change of", () => {
  const page = showing();
  page.cut();
  page.session.request({ type: "extend", steps: 9 });
  page.connect();
  assert.deepEqual(page.opened(), [
    [1, false],
    [1, true],
  ]);
  assert.deepEqual(page.sentOf("extend"), []);
  arrive(page, page.first);
  assert.deepEqual(
    page.sentOf("extend").map(({ steps }) => steps),
    [9],
  );
});

test("an experiment that fails on its way makes room for the next", () => {
  const page = showing();
  page.session.open(page.second);
  page.answer(page.second);
  page.session.onMessage({ type: "error", title: "its lifted start has no finite cost" });
  page.session.open(page.first);
  assert.deepEqual(page.opened().at(-1), [1, false]);
});

test("where an experiment is refused the cursor stands where it stood, and its document stays to be mended", () => {
  const { session, store, first, second } = showing();
  store.set({ step: 3 });
  session.open(second, { cursor: { step: 20_000, inspection: null } });
  session.open(first, { cursor: { step: 4 } });
  session.onMessage({ type: "error", title: "the second is too much" });
  // The newest is on its way by now, with its own cursor.
  assert.deepEqual([store.get().step, store.get().doc.seed], [4, 1]);
  session.onMessage({ type: "error", title: "and the first again" });
  assert.deepEqual([store.get().step, store.get().steps, store.get().doc.seed], [3, 5, 1]);
});

test("what arrives of the picture on show while another experiment is asked for is there once that is refused", () => {
  const { session, store, second } = showing();
  const { plane, runs } = store.get();
  const steps = (first) =>
    session.onFrame({
      kind: "steps",
      meta: { plane_id: plane.id, run: 0, first, count: 1 },
      arrays: { cost: { data: [1 / first] } },
    });
  session.open(second);
  steps(1);
  session.onMessage({ type: "error", title: "too much" });
  session.open(second);
  steps(2);
  session.onMessage({ type: "error", title: "too much" });
  assert.equal(store.get().runs, runs);
  assert.deepEqual(Array.from(runs[0].cost.slice(0, runs[0].count)), [1, 1, 0.5]);
});

test("no state goes where it cannot", () => {
  for (const moves of [CONNECTION, SESSION])
    for (const [from, to] of Object.entries(moves))
      for (const next of Object.keys(moves)) {
        const entered = [];
        const state = createState(moves, from, (name) => entered.push(name));
        if (next !== from && !to.includes(next)) assert.throws(() => state.move(next), /must be one of/);
        else state.move(next);
        assert.deepEqual(entered, next !== from && to.includes(next) ? [next] : []);
      }
});

test("the page knows its place in the queue until its turn has come", () => {
  const store = createStore({ connection: "open", runs: [], queuePlace: null });
  const session = createSession(store, () => true);
  session.onMessage({ type: "progress", of: "queue", place: 3 });
  assert.equal(store.get().queuePlace, 3);
  session.onMessage({ type: "progress", of: "queue", place: 0 });
  assert.equal(store.get().queuePlace, null);
});
