import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { isRight, linkOfStop, stopOfLink } from "../../../frontend/js/model/tour.js";

const NONE = { runs: [], doc: null };
const stops = JSON.parse(
  readFileSync(new URL("../../../backend/descentscape/data/tour.json", import.meta.url), "utf8"),
);

test("every stop has a link that leads back to it", () => {
  stops.forEach((stop, at) => assert.equal(stopOfLink(linkOfStop(stop), stops), at));
  assert.equal(stopOfLink("#tour=nowhere", stops), null);
  assert.equal(stopOfLink("#x=abc", stops), null);
});

test("each question takes its right answer and no other", () => {
  for (const { id, question } of stops) {
    if (question.kind === "choice") {
      question.choices.forEach((_, at) =>
        assert.equal(isRight(question, String(at), NONE), at === question.answer, id),
      );
    } else if (question.kind === "number") {
      assert.equal(isRight(question, String(question.answer), NONE), true, id);
      assert.equal(isRight(question, String(question.answer + 1 + question.tolerance), NONE), false, id);
    }
    assert.equal(
      isRight(question, null, { runs: [{ status: "finished" }], doc: { problem: {} } }),
      false,
      id,
    );
    assert.ok(question.hint && question.right, id);
  }
});

test("numbers are taken as people type them", () => {
  const question = { kind: "number", answer: -1.5, tolerance: 0.01 };
  for (const typed of ["-1.5", "−1.5", " -1,50 ", "-1.505"])
    assert.equal(isRight(question, typed, NONE), true, typed);
  for (const typed of ["", "  ", "one", "1.5"]) assert.equal(isRight(question, typed, NONE), false, typed);
});

test("a question about the experiment looks at the experiment", () => {
  const question = { kind: "state", state: { run: 1, status: "diverged" } };
  assert.equal(isRight(question, null, { runs: [{ status: "diverged" }, { status: "finished" }] }), false);
  assert.equal(isRight(question, null, { runs: [{ status: "finished" }, { status: "diverged" }] }), true);
  assert.equal(isRight(question, null, NONE), false);
});

test("a question about the settings looks at them all", () => {
  const question = { kind: "state", state: { problem: { activation: ["tanh", "linear"], init: "he" } } };
  const of = (problem) => isRight(question, null, { runs: [], doc: { problem } });
  assert.equal(of({ activation: ["tanh", "linear"], init: "he", cost: "mse" }), true);
  assert.equal(of({ activation: "tanh", init: "he" }), false);
  assert.equal(of({ activation: ["tanh", "linear"], init: "xavier" }), false);
  assert.equal(isRight(question, null, NONE), false);
});
