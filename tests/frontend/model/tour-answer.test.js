import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { judge, replyTo, solutionOf } from "../../../frontend/js/model/tour-answer.js";

const NONE = { runs: [], doc: null };
const stops = JSON.parse(
  readFileSync(new URL("../../../backend/descentscape/data/tour.json", import.meta.url), "utf8"),
);
const WHERE_NOTHING_IS_SO = { runs: [{ status: "finished" }], doc: { problem: {} } };

test("each question takes its right answer and no other", () => {
  for (const { id, question } of stops) {
    if (question.kind === "choice") {
      question.choices.forEach((_, at) =>
        assert.equal(judge(question, String(at), NONE), at === question.answer ? "right" : "wrong", id),
      );
    } else if (question.kind === "number") {
      assert.equal(judge(question, String(question.answer), NONE), "right", id);
      assert.notEqual(judge(question, String(question.answer + 1 + question.tolerance), NONE), "right", id);
    } else assert.equal(judge(question, null, WHERE_NOTHING_IS_SO), "wrong", id);
  }
});

test("every question has hints that get further, and a solution that only who asks for it reads", () => {
  for (const { id, question } of stops) {
    assert.ok(question.hints.length >= 2 && question.right, id);
    assert.ok(solutionOf(question), id);
    if (question.kind !== "number") continue;
    // The Hessian’s 8 bytes are given, not found.
    for (const hint of question.hints.filter(() => id !== "newton"))
      assert.ok(!hint.match(/\d+/g)?.includes(String(question.answer)), id);
  }
});

test("no answer is no attempt, nor is what cannot be read", () => {
  const [number, choice] = ["number", "choice"].map(
    (kind) => stops.find(({ question }) => question.kind === kind).question,
  );
  for (const nothing of ["", "   "]) assert.equal(judge(number, nothing, NONE), "empty");
  assert.equal(judge(choice, null, NONE), "empty");
  for (const unread of ["one", "1/0", "1.2.3", "1/(2", "--1", "Infinity", "0x10"])
    assert.equal(judge(number, unread, NONE), "unread", unread);
});

test("a factor is read with the words and signs that are written beside it", () => {
  const factor = { kind: "number", answer: 100, units: { "×": 1, times: 1, fold: 1, "-fold": 1 } };
  for (const typed of ["×100", "100×", "100 times", "100-fold", "factor of 100", "10²"])
    assert.equal(judge(factor, typed, NONE), "right", typed);
});

test("a unit of the question may follow, and counts", () => {
  const question = { kind: "number", answer: 8, tolerance: 0, units: { tb: 1, gb: 1e-3, bytes: 1e-12 } };
  for (const typed of ["8", "8 TB", "8000 GB", "8e12 bytes", "8·10¹² bytes"])
    assert.equal(judge(question, typed, NONE), "right", typed);
  assert.equal(judge(question, "8 GB", NONE), "wrong");
  assert.equal(judge(question, "8 apples", NONE), "unread");
});

test("a factor of the tour is read in the words of its question", () => {
  const questionOf = (/** @type {string} */ id) => stops.find((stop) => stop.id === id).question;
  for (const typed of ["4 times larger", "4 times as large", "a factor of 4", "by 4", "2² = 4", "400 %"])
    assert.equal(judge(questionOf("cost"), typed, NONE), "right", typed);
  for (const typed of ["100 times smaller", "by a factor of 100", "1/10² = 1/100", "1 %"])
    assert.equal(judge(questionOf("derivative"), typed, NONE), "right", typed);
});

test("within the tolerance is right, within a tenth nearly, and a factor may be given as its reciprocal", () => {
  const question = { kind: "number", answer: 100, also: [0.01], tolerance: 5 };
  const said = (typed) => judge(question, typed, NONE);
  assert.deepEqual(["95", "105", "1/100", "0.0105", "1 %"].map(said), Array(5).fill("right"));
  assert.deepEqual(["94", "109", "0.0109"].map(said), Array(3).fill("near"));
  assert.deepEqual(["89", "10", "-100", "0.1"].map(said), Array(4).fill("wrong"));
});

test("a question about the experiment looks at the experiment", () => {
  const question = { kind: "state", state: { run: 1, status: "diverged" } };
  assert.equal(judge(question, null, { runs: [{ status: "diverged" }, { status: "finished" }] }), "wrong");
  assert.equal(judge(question, null, { runs: [{ status: "finished" }, { status: "diverged" }] }), "right");
  assert.equal(judge(question, null, NONE), "wrong");
});

test("a question about the settings looks at them all, and one of two is nearly right", () => {
  const question = { kind: "state", state: { problem: { activation: ["tanh", "linear"], init: "he" } } };
  const of = (problem) => judge(question, null, { runs: [], doc: { problem } });
  assert.equal(of({ activation: ["tanh", "linear"], init: "he", cost: "mse" }), "right");
  assert.equal(of({ activation: "tanh", init: "he" }), "near");
  assert.equal(of({ activation: ["tanh", "linear"], init: "xavier" }), "near");
  assert.equal(of({ activation: "tanh", init: "xavier" }), "wrong");
});

test("to every wrong choice something of its own is said", () => {
  for (const { id, question } of stops.filter(({ question }) => question.kind === "choice"))
    question.choices.forEach((_, at) => {
      const { verdict, words } = replyTo(question, String(at), NONE);
      assert.equal(words, at === question.answer ? question.right : question.why[at], id);
      assert.ok(words.length > 20 && (verdict === "right") === (at === question.answer), id);
    });
});

test("what is known to be mistaken is answered by name, and every other number by its side", () => {
  for (const { id, question } of stops.filter(({ question }) => question.kind === "number")) {
    for (const { at, says } of question.mistakes)
      for (const number of at) {
        const { verdict, words } = replyTo(question, String(number), NONE);
        assert.ok(verdict === "wrong" || verdict === "near", `${id} ${number}`);
        assert.equal(words, says, `${id} ${number}`);
      }
    const known = question.mistakes.flatMap(({ at }) => at);
    const below = question.answer * 0.37;
    const above = question.answer * 2.7;
    assert.ok(!known.includes(below) && !known.includes(above));
    assert.equal(replyTo(question, String(below), NONE).words, question.low, id);
    assert.equal(replyTo(question, String(above), NONE).words, question.high, id);
    assert.equal(replyTo(question, String(question.answer), NONE).words, question.right, id);
    assert.equal(replyTo(question, "no idea", NONE).words, "", id);
  }
});

test("a factor given as its reciprocal is low when it is large", () => {
  const question = { kind: "number", answer: 100, also: [0.01], low: "more", high: "less" };
  const said = (typed) => replyTo(question, typed, NONE).words;
  assert.deepEqual(["50", "0.02", "500", "0.002"].map(said), ["more", "more", "less", "less"]);
});

test("every state that falls short is answered by what it lacks", () => {
  const at = (state) => ({
    runs: [{ status: state.status ?? "finished" }],
    doc: { problem: state.problem ?? {} },
  });
  for (const { id, question } of stops.filter(({ question }) => question.kind === "state")) {
    for (const { state, says } of question.mistakes)
      assert.equal(replyTo(question, null, at(state)).words, says, id);
    assert.equal(replyTo(question, null, at(question.state)).words, question.right, id);
    assert.ok(replyTo(question, null, { runs: [], doc: { problem: {} } }).words, id);
  }
});
