import assert from "node:assert/strict";
import test from "node:test";
import { endNames } from "../../../frontend/js/lab/data-names.js";

const data = (about) => ({ meta: { data: about } });

test("inputs have their columns’ names and outputs their classes’, where they have any", () => {
  const names = { feature_names: ["hours", "x2"], class_names: ["C", "B", "A"], target_name: null };
  assert.deepEqual(endNames(data(names), 3), { inputs: ["hours", null], outputs: ["C", "B", "A"] });
  const two = { ...names, class_names: ["no", "yes"] };
  assert.deepEqual(endNames(data(two), 1).outputs, ["yes"]);
  assert.deepEqual(endNames(data(two), 2).outputs, ["no", "yes"]);
  const value = { ...names, class_names: null, target_name: "price" };
  assert.deepEqual(endNames(data(value), 1).outputs, ["price"]);
  const moons = { feature_names: ["x1", "x2"], class_names: ["0", "1"], target_name: null };
  assert.deepEqual(endNames(data(moons), 1), { inputs: [null, null], outputs: [null] });
  assert.deepEqual(endNames(null, 1), { inputs: [], outputs: [null] });
});
