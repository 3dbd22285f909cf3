import assert from "node:assert/strict";
import test from "node:test";
import { formatPercent } from "../../../frontend/js/document/number-format.js";
import { factorOf, missing, stepArrows } from "../../../frontend/js/model/step-arrows.js";
import { inflate } from "../../../frontend/js/wire/inflate.js";
import { runOf, sliceState } from "../page-state.js";

const array = (values, shape = [values.length]) => ({ data: Float64Array.from(values), shape });
const vectors = (name, along, norm = 1) => ({
  [`${name}.along`]: array(along.flat(), [along.length, 2]),
  [`${name}.length`]: array(along.map((pair) => Math.hypot(...pair))),
  [`${name}.norm`]: array(along.map((pair) => norm * Math.hypot(...pair))),
});
/** The answer for a block of steps, each (x, 0) long. */
function answer(first, steps, more = {}) {
  const along = steps.map((x) => [x, 0]);
  const meta = {
    run: 0,
    first,
    count: steps.length,
    plane_id: "p1",
    sees: [],
    memory: [{ name: "first_moment", symbol: "m" }],
    progress: 1,
    ...more,
  };
  const at = array(steps.flatMap((_, k) => [first + k, 0]));
  return {
    kind: "study",
    meta,
    arrays: inflate({
      at,
      ...vectors("step", along, 2),
      ...vectors(
        "downhill",
        along.map(([x]) => [0, 50 * x]),
      ),
      ...vectors(
        "memory.0",
        along.map(([x]) => [-x, x]),
      ),
    }),
  };
}
const EXTENT = [
  [-1, 1],
  [-1, 1],
];
const known = (state, ...frames) => ({
  ...state,
  arrows: { runs: state.runs, plane: "p1", focus: 0, frames },
});
const arrowed = (more = {}) =>
  sliceState({ doc: { view: { overlays: { arrows: "step" } } }, focus: 0, playing: false, ...more });

test("a step that is seen is drawn as long as it is, a smaller one by a round factor that holds for its block", () => {
  assert.equal(factorOf(answer(0, [0.3, 0.2, 0.2]), EXTENT), 1);
  assert.equal(factorOf(answer(0, [0.03, 0.02, 0.02, 0.02, 0.001]), EXTENT), 10);
  assert.equal(factorOf(answer(0, [3e-5]), EXTENT), 5000);
  assert.equal(factorOf(answer(0, [1e-9, 0]), EXTENT), null);
});

test("arrows show the step enlarged, and say by how much and how much of it lies in the plane", () => {
  const { at, arrows, said } = stepArrows(known(arrowed(), answer(0, [0.03, 0.02, 0.02])), EXTENT);
  assert.deepEqual(at, [1, 0]);
  assert.deepEqual(
    arrows.map(({ text }) => text),
    ["−∇C", "−m first moment", "step × 10"],
  );
  assert.deepEqual(arrows[2].along, [0.2, 0]);
  assert.ok(Math.abs(arrows[0].along[1] / 2 - 0.22) < 1e-12, "a direction is as long as any other");
  assert.equal(
    said,
    `the step is 0.0400 long, drawn 10 times as long, ${formatPercent(0.5)} of it in the plane; −∇C and −m show directions`,
  );
});

test("what a step sees through a batch is no gradient of the cost, and a step too short to see is not drawn", () => {
  const { arrows, said } = stepArrows(
    known(arrowed(), answer(0, [0, 0, 0], { sees: ["batch", "clip"], memory: [] })),
    EXTENT,
  );
  assert.deepEqual(arrows, []);
  assert.equal(
    said,
    "the step is 0.000 long, too short to draw; −g shows a direction; g is the gradient as the step sees it: of its mini-batch, clipped",
  );
});

test("nothing is drawn of another run, another plane, or a step that is not known", () => {
  const state = known(arrowed(), answer(0, [0.1, 0.1, 0.1]));
  assert.ok(stepArrows(state, EXTENT));
  assert.equal(stepArrows({ ...state, focus: 1 }, EXTENT), null);
  assert.equal(stepArrows({ ...state, plane: { ...state.plane, id: "p2" } }, EXTENT), null);
  assert.equal(stepArrows(known(arrowed(), answer(2, [0.1])), EXTENT), null);
  assert.equal(stepArrows({ ...state, doc: { view: {} } }, EXTENT), null);
});

test("every other rule's step stands beside by the same factor, where it was asked for and nothing moves", () => {
  const frame = {
    kind: "study",
    meta: {
      own: "gd",
      steps: [
        { kind: "gd", label: "GD" },
        { kind: "adam", label: "Adam" },
      ],
    },
    arrays: inflate({ "steps.0.along": array([1, 1]), "steps.1.along": array([0, 0.01]) }),
  };
  const asked = arrowed({
    doc: { view: { overlays: { arrows: "all" } } },
    others: { run: 0, step: 1, plane: "p1", frame },
  });
  const state = known(asked, answer(0, [0.02, 0.02, 0.02]));
  assert.deepEqual(stepArrows(state, EXTENT).arrows[0], { kind: "other", along: [0, 0.1], text: "Adam" });
  for (const other of [{ playing: true }, { step: 2 }])
    assert.equal(stepArrows({ ...state, ...other }, EXTENT).arrows[0].kind, "downhill");
});

test("steps are asked for block by block, from where the answers before end, and ahead while it plays", () => {
  const state = arrowed({ runs: [runOf("Adam", Array(100).fill(1))], step: 40 });
  assert.deepEqual(missing(state), { first: 32, count: 32 });
  const short = known(state, answer(32, Array(5).fill(0.1)));
  assert.deepEqual(missing(short), { first: 37, count: 27 });
  const whole = known(state, answer(32, Array(32).fill(0.1)));
  assert.equal(missing(whole), null);
  assert.deepEqual(missing({ ...whole, playing: true }), { first: 64, count: 32 });
  assert.deepEqual(missing({ ...whole, runs: [runOf("Adam", [1])] }), { first: 0, count: 32 });
});
