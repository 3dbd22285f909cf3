import assert from "node:assert/strict";
import test from "node:test";
import { inflate } from "../../../frontend/js/wire/inflate.js";

const [x, y, z] = [1, 2, 3].map((value) => ({ data: Float64Array.of(value), shape: [1] }));

test("each array stands where the path to it leads, itself and not a copy", () => {
  const tree = inflate({ cost: x, "passed.x": y, "passed.layers.0.z": z });
  assert.deepEqual(tree, { cost: x, passed: { x: y, layers: [{ z }] } });
  assert.equal(tree.passed.layers[0].z, z);
});

test("a list of arrays and a list of records are lists, whichever order they come in", () => {
  const tree = inflate({ "z.1": y, "z.0": x, "runs.1.cost": z, "runs.0.cost": x });
  assert.ok(Array.isArray(tree.z) && Array.isArray(tree.runs));
  assert.deepEqual(tree, { z: [x, y], runs: [{ cost: x }, { cost: z }] });
});

test("a list has a hole where none of it is an array", () => {
  const { runs } = inflate({ "runs.2.cost": x });
  assert.equal(runs.length, 3);
  assert.equal(runs[0]?.cost, undefined);
  assert.equal(runs[2].cost, x);
});

test("more than nine of a list, and lists in lists, stand in their order", () => {
  const named = Object.fromEntries(Array.from({ length: 12 }, (_, k) => [`steps.${k}.along.1`, x]));
  const { steps } = inflate(named);
  assert.equal(steps.length, 12);
  assert.deepEqual(Object.keys(steps[11].along), ["1"]);
});

test("a name with digits in it is no index", () => {
  assert.deepEqual(inflate({ "at.x1": x, "2nd.moment": y }), { at: { x1: x }, "2nd": { moment: y } });
});

test("a frame without arrays is an empty tree", () => {
  assert.deepEqual(inflate({}), {});
});
