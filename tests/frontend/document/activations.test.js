import assert from "node:assert/strict";
import test from "node:test";
import { activationsOf, withActivation, withHidden } from "../../../frontend/js/document/activations.js";

const all = { hidden: [8, 8, 8], activation: "linear", cost: "mse" };
const mixed = { ...all, activation: ["linear", "relu", "linear"] };

test("one name stands for every hidden layer, a list for each", () => {
  assert.deepEqual(activationsOf(all), ["linear", "linear", "linear"]);
  assert.deepEqual(activationsOf(mixed), mixed.activation);
  assert.deepEqual(activationsOf({ kind: "linear" }), []);
  assert.deepEqual(activationsOf({ kind: "chain", activation: "tanh" }), ["tanh"]);
  assert.deepEqual(withActivation({ kind: "chain", activation: "tanh" }, 0, "relu"), {
    kind: "chain",
    activation: "relu",
  });
  assert.deepEqual(activationsOf(undefined), []);
});

test("one layer is bent alone, and alike layers are one name again", () => {
  assert.deepEqual(withActivation(all, 1, "relu"), mixed);
  assert.deepEqual(withActivation(mixed, 1, "linear"), all);
});

test("a list keeps step with the widths", () => {
  assert.deepEqual(withHidden(all, [4]), { ...all, hidden: [4] });
  assert.deepEqual(withHidden(mixed, [8, 8]).activation, ["linear", "relu"]);
  assert.deepEqual(withHidden(mixed, [8]).activation, "linear");
  assert.deepEqual(
    withHidden({ ...all, activation: ["linear", "linear", "relu"] }, [8, 8, 8, 8]).activation,
    ["linear", "linear", "relu", "relu"],
  );
  assert.deepEqual(withHidden(mixed, []).activation, "linear");
});
