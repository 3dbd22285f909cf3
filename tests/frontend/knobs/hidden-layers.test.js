import assert from "node:assert/strict";
import test from "node:test";
import { endsOf } from "../../../frontend/js/knobs/hidden-layers.js";

const ends = (dataset, more = {}) =>
  endsOf({ catalog: null, doc: { problem: { kind: "network", dataset, ...more } } });

test("classes of inline data are counted, in numbers and in words", () => {
  const x = [
    [1, 2],
    [3, 4],
    [5, 6],
  ];
  assert.deepEqual(ends({ kind: "inline", x, y: [[0], [1], [2]] }), ["2", "3"]);
  assert.deepEqual(ends({ kind: "inline", x, y: [["a"], ["b"], ["c"]] }), ["2", "3"]);
  assert.deepEqual(ends({ kind: "inline", x, y: [["a"], ["b"], ["a"]] }), ["2", "1"]);
  assert.deepEqual(
    ends(
      { kind: "inline", x, y: [["a"], ["b"], ["a"]], task: "classes" },
      { cost: "cross_entropy", output: "softmax" },
    ),
    ["2", "2"],
  );
  assert.deepEqual(ends({ kind: "inline", x, y: [[0.5], [1], [2]] }), ["2", "1"]);
  assert.deepEqual(ends(undefined), ["?", "?"]);
});
