import assert from "node:assert/strict";
import test from "node:test";
import { askOnce, createQuery } from "../../../frontend/js/model/query.js";

const frame = (name, progress = 1) => ({ kind: "study", meta: { name, progress }, arrays: {} });
const at = (step, of) => ({ place: { run: 0, step }, study: { kind: "newton" }, of });
const REFUSED = {
  status: 422,
  title: "",
  errors: [{ field: "study.parameter", message: "must be below 3, got 7" }],
};

/** A query whose questions wait here for an answer. */
function asking(options = {}) {
  const asked = [];
  const told = [];
  const states = [];
  const send = (place, _, answer) => {
    const question = { step: place.step, answer, givenUp: false };
    asked.push(question);
    return () => {
      question.givenUp = true;
    };
  };
  const query = createQuery(send, {
    show: ({ meta }, { place }) => told.push([place.step, meta.name]),
    refuse: (words, { place }) => told.push([place.step, words]),
    entered: (state) => states.push(state),
    ...options,
  });
  return { query, asked, told, states };
}

test("a question is asked once, as long as nothing that its answer depends on is another", () => {
  const { query, asked, told, states } = asking();
  query.ask(at(1, ["p1"]));
  query.ask(at(1, ["p1"]));
  asked[0].answer(frame("one"), null);
  query.ask(at(1, ["p1"]));
  assert.equal(asked.length, 1);
  assert.deepEqual(told, [[1, "one"]]);
  query.ask(at(1, ["p2"]));
  assert.equal(asked.length, 2);
  assert.deepEqual(states, ["asked", "answered", "asked"]);
});

test("partial answers are shown while the rest is under way", () => {
  const { query, asked, told } = asking();
  query.ask(at(1));
  asked[0].answer(frame("rough", 0.5), null);
  assert.equal(query.state(), "asked");
  asked[0].answer(frame("fine"), null);
  assert.equal(query.state(), "answered");
  assert.deepEqual(told, [
    [1, "rough"],
    [1, "fine"],
  ]);
});

test("an answer that comes when something else is wanted is outdated, until that is asked or wanted again", () => {
  const { query, asked, states } = asking();
  query.ask(at(1));
  query.ask(at(2));
  assert.equal(asked.length, 1, "one question is under way at a time");
  asked[0].answer(frame("one"), null);
  assert.equal(query.state(), "outdated");
  query.ask(at(1));
  assert.equal(query.state(), "answered");
  query.ask(at(2));
  assert.deepEqual(states, ["asked", "outdated", "answered", "asked"]);
});

test("where a new question takes the place of the one under way, that one is given up and never shown", () => {
  const { query, asked, told, states } = asking({ replaces: true });
  query.ask(at(1));
  query.ask(at(2));
  asked[0].answer(frame("one"), null);
  assert.ok(asked[0].givenUp);
  assert.equal(query.state(), "asked");
  asked[1].answer(frame("two"), null);
  assert.deepEqual(told, [[2, "two"]]);
  assert.deepEqual(states, ["asked", "idle", "asked", "answered"]);
});

test("a refusal names the field, and is asked again only when the question is another", () => {
  const { query, asked, told } = asking();
  query.ask(at(1));
  asked[0].answer(null, REFUSED);
  query.ask(at(1));
  assert.equal(query.state(), "failed");
  assert.deepEqual(told, [[1, "The parameter must be below 3."]]);
  assert.equal(asked.length, 1);
  query.ask(at(2));
  assert.equal(asked.length, 2);
});

test("what the service or a lost connection gave up may be asked again", () => {
  for (const problem of [null, { status: 409, title: "given up" }]) {
    const { query, asked, told } = asking();
    query.ask(at(1));
    asked[0].answer(null, problem);
    assert.equal(query.state(), "idle");
    assert.deepEqual(told, []);
    query.ask(at(1));
    assert.equal(asked.length, 2);
  }
});

test("of a question that was forgotten nothing is shown, and it may be asked again", () => {
  const { query, asked, told } = asking();
  query.ask(at(1));
  query.forget();
  query.ask(at(1));
  asked[0].answer(frame("stale"), null);
  asked[0].answer(null, REFUSED);
  assert.equal(query.state(), "asked");
  asked[1].answer(frame("one"), null);
  assert.deepEqual(told, [[1, "one"]]);
});

test("a partial answer is held back for the next, and without one taken for the answer", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { query, asked, told } = asking({ partialMs: 60 });
  query.ask(at(1));
  asked[0].answer(frame("rough", 0.5), null);
  asked[0].answer(frame("fine"), null);
  context.mock.timers.tick(60);
  assert.deepEqual(told, [[1, "fine"]]);
  query.ask(at(2));
  asked[1].answer(frame("rough", 0.5), null);
  context.mock.timers.tick(59);
  assert.equal(query.state(), "asked");
  context.mock.timers.tick(1);
  assert.equal(query.state(), "answered");
  query.ask(at(3));
  asked[1].answer(frame("too late"), null);
  assert.deepEqual(told.slice(1), [[2, "rough"]]);
});

test("a question asked once has an answer, or the reason why not", async () => {
  const sent = (problem) => (_place, study, answer) => {
    answer(problem === undefined ? frame(study.kind) : null, problem ?? null);
    return () => {};
  };
  assert.equal((await askOnce(sent(), at(1))).meta.name, "newton");
  await assert.rejects(askOnce(sent(REFUSED), at(1)), /^Error: The parameter must be below 3\.$/);
  await assert.rejects(askOnce(sent(null), at(1)), /given up: ask again/);
});
