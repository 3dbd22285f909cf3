import assert from "node:assert/strict";
import test from "node:test";
import { endsOf } from "../../../frontend/js/knobs/hidden-layers.js";

const ends = (dataset, more = {}, data = null) =>
  endsOf({ catalog: null, data, doc: { problem: { kind: "network", dataset, ...more } } });

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

test("what became of a table’s columns is known when its examples are here", () => {
  const table = { kind: "table", target: "grade" };
  const names = { feature_names: ["hours", "school = A", "school = B"], class_names: ["C", "B", "A"] };
  assert.deepEqual(ends(table), ["?", "?"]);
  assert.deepEqual(ends(table, { cost: "cross_entropy" }, { meta: { data: names } }), ["3", "3"]);
  assert.deepEqual(ends(table, {}, { meta: { data: { ...names, class_names: null } } }), ["3", "1"]);
});

test("a table’s features are the document’s, whether or not its examples have them already", () => {
  const catalog = { datasets: [], features: [{ kind: "x1^2", label: "x₁²" }] };
  const dataset = { kind: "table", target: "grade", inputs: ["hours", "sleep"] };
  const state = (features, names) => ({
    catalog,
    data: { meta: { data: { feature_names: names, class_names: null } } },
    doc: { problem: { kind: "network", dataset, features } },
  });
  assert.deepEqual(endsOf(state(["x1^2"], ["hours", "sleep"])), ["3", "1"]);
  assert.deepEqual(endsOf(state(["x1^2"], ["hours", "sleep", "hours²"])), ["3", "1"]);
  assert.deepEqual(endsOf(state([], ["hours", "sleep", "hours²"])), ["2", "1"]);
});
