import assert from "node:assert/strict";
import test from "node:test";
import { answersOf, confusionOf } from "../../../frontend/js/plot/answers.js";
import { inflate } from "../../../frontend/js/wire/inflate.js";

const array = (data, shape) => ({ data: Float64Array.from(data), shape });
const asked = (kind) => ({
  meta: {
    outputs: {
      kind,
      window: [
        [0, 1],
        [0, 1],
      ],
    },
  },
  arrays: {},
});
const examples = (class_names) => ({
  meta: { data: { class_names } },
  arrays: inflate({ "data.points": array([1, 2, 3, 4], [2, 2]), "data.targets": array([0, 1], [2]) }),
});

test("examples stand at their places with their labels", () => {
  const { points } = answersOf(asked("classes"), examples(["one", "other"]));
  assert.deepEqual(
    [[...points.x], [...points.y], [...points.label]],
    [
      [1, 3],
      [2, 4],
      [0, 1],
    ],
  );
});

test("an answer about classes is not drawn over the examples of a regression, nor the other way round", () => {
  assert.equal(answersOf(asked("classes"), examples(null)), null);
  assert.equal(answersOf(asked("values"), examples(["one", "other"])), null);
});

test("a table of classes that are others by now is not drawn under their names", () => {
  const answer = { arrays: inflate({ "fit.train.confusion": array([1, 0, 0, 0, 1, 0, 0, 0, 1], [3, 3]) }) };
  assert.equal(confusionOf(answer, examples(["a", "b"])), null);
  assert.deepEqual(confusionOf(answer, examples(["a", "b", "c"])).names, ["a", "b", "c"]);
});
