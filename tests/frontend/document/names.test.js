import assert from "node:assert/strict";
import test from "node:test";
import { cut, isolated } from "../../../frontend/js/document/names.js";
import { captionsOf, lineOf } from "../../../frontend/js/plot/captions.js";
import { runOf, sliceState } from "../page-state.js";

const ARABIC = "\u0623\u062f\u0645";
const HEBREW = "\u05d0\u05d3\u05dd";

test("a name from the right stands between isolates, every other as it is", () => {
  for (const name of [ARABIC, HEBREW, `rate ${HEBREW}`, "\u0661\u0662"])
    assert.equal(isolated(name), `\u2068${name}\u2069`);
  for (const name of ["Adam", "Ада́м", "学習率 0.1", "η = ½", ""]) assert.equal(isolated(name), name);
});

test("a name that is cut keeps both of its isolates", () => {
  assert.equal(cut(isolated(HEBREW), 2), "\u2068\u05d0…\u2069");
  assert.equal(cut(isolated(HEBREW), 3), isolated(HEBREW));
  assert.equal(cut("Gradient descent", 9), "Gradient…");
});

test("the caption’s numbers stand outside the isolates of a run’s name", () => {
  const state = sliceState({ runs: [runOf(HEBREW, [0.5, 0.25])] });
  const said = lineOf(captionsOf(state).find(({ key }) => key === "run-0"));
  assert.match(said, new RegExp(`^\u2068${HEBREW}\u2069 0\\.250, projected cost`));
});
