import assert from "node:assert/strict";
import test from "node:test";
import { askForStage } from "../../../frontend/js/app/stage-questions.js";
import { createStore } from "../../../frontend/js/app/store.js";
import {
  modelArrows,
  modelData,
  modelMarks,
  modelOf,
  modelSaid,
} from "../../../frontend/js/plot/quadratic-model.js";
import { joined, levelSegments } from "../../../frontend/js/plot/scalar-field.js";
import { inflate } from "../../../frontend/js/wire/inflate.js";
import { sliceState } from "../page-state.js";

const array = (values, shape = [values.length]) => ({ data: Float64Array.from(values), shape });
/** The model a² − b² + 1 over [−1, 1]², and the steps from (0.5, 0.5). */
const quadratic = {
  kind: "study",
  meta: { level: 1, progress: 1 },
  arrays: {
    a: array([-1, 0, 1]),
    b: array([-1, 1]),
    cost: array([1, 0, 1, 1, 0, 1], [2, 3]),
    critical: array([0, 0]),
    eigenvalues: array([-2, 2]),
  },
};
const newton = {
  kind: "study",
  meta: {},
  arrays: inflate({
    at: array([0.5, 0.5]),
    newton: array([-0.5, -0.5, 0.5]),
    "along.downhill": array([-1, 1]),
    "along.newton": array([-0.5, -0.5]),
    "along.saddle_free": array([-0.5, 0.5]),
  }),
};
const shown = (more = {}) =>
  sliceState({
    doc: { view: { overlays: { quadratic_model: true } } },
    look: null,
    live: null,
    model: {
      plane: "p1",
      quadratic: { frame: quadratic, place: { run: 0, step: 1 } },
      newton: { frame: newton, place: {} },
    },
    ...more,
  });
const EXTENT = [
  [-1, 1],
  [-1, 1],
];

test("the model is shown over its own plane's fitted surface alone", () => {
  assert.ok(modelOf(shown()));
  for (const other of [
    { doc: { view: {} } },
    { plane: { ...shown().plane, id: "p2" } },
    { live: {} },
    { model: null },
  ])
    assert.equal(modelOf(shown(other)), null);
});

test("its heights are its costs; on a log axis what is not above zero lies under the picture", () => {
  const model = modelOf(shown());
  assert.deepEqual(
    modelData(model, { log: false }).z.map((row) => [...row]),
    [
      [1, 0, 1],
      [1, 0, 1],
    ],
  );
  assert.deepEqual([...modelData(model, { log: true, low: -1 }).z[0]], [1, 10 ** -4, 1]);
});

test("its two answers may come in either order, and belong to one plane", () => {
  const store = createStore({ ...shown({ model: null }), refusals: {}, playing: true });
  const heard = {};
  const shared = (name) => ({
    join(listener) {
      heard[name] = listener;
      return { refresh() {} };
    },
  });
  askForStage(store, { others: shared("others"), newton: shared("newton"), quadratic: shared("quadratic") });
  heard.newton.show(newton, { run: 0, step: 1 });
  assert.equal(modelOf(store.get()), null, "the steps alone are no model");
  heard.quadratic.show(quadratic, { run: 0, step: 1 });
  assert.equal(modelOf(store.get()).newton.frame, newton);
  heard.newton.refuse("Too many parameters.");
  assert.equal(modelOf(store.get()).newton, null);
  assert.deepEqual(store.get().refusals, { newton: "Too many parameters." });
  store.set({ plane: { ...store.get().plane, id: "p2" } });
  heard.newton.show(newton, { run: 0, step: 1 });
  assert.equal(store.get().model.quadratic, null);
  assert.deepEqual(store.get().refusals, {});
});

test("its level point is named for what it is", () => {
  assert.deepEqual(modelMarks(modelOf(shown())), [
    { kind: "level", a: 0, b: 0, cost: 1, text: "the model’s saddle" },
  ]);
  assert.deepEqual(modelMarks(null), []);
});

test("Newton's steps are as long as they are; the gradient is a direction, drawn once", () => {
  const { at, arrows } = modelArrows(shown(), EXTENT);
  assert.deepEqual(at, [0.5, 0.5]);
  assert.deepEqual(
    arrows.map(({ kind }) => kind),
    ["downhill", "free", "newton"],
  );
  assert.ok(Math.abs(Math.hypot(...arrows[0].along) / 2 - 0.22) < 1e-12);
  assert.deepEqual(arrows[2].along, [-0.5, -0.5]);
  const beside = modelArrows(
    shown({ doc: { view: { overlays: { quadratic_model: true, arrows: "step" } } } }),
    EXTENT,
  );
  assert.deepEqual(
    beside.arrows.map(({ kind }) => kind),
    ["free", "newton"],
  );
});

test("the captions say where the model is level, and how much of Newton's step the plane holds", () => {
  const said = modelSaid(shown());
  assert.match(
    said,
    /^around Adam: level at 0, 0, its saddle at cost 1\.00 within the plane; Newton’s step is 0\.866 long, 82.% of it in the plane; drawn as far as the picture’s heights go$/,
  );
  assert.match(
    modelSaid(shown({ doc: { view: { height: "log", overlays: { quadratic_model: true } } } })),
    /on the log axis, where it ends as it falls to 0$/,
  );
});

test("a model without slope or curvature is level everywhere, one with a slope alone nowhere", () => {
  const said = (cost) => {
    const { critical, ...arrays } = quadratic.arrays;
    const frame = {
      ...quadratic,
      meta: { ...quadratic.meta, level: null },
      arrays: { ...arrays, cost: array(cost, [2, 3]), eigenvalues: array([0, 0]) },
    };
    return modelSaid(shown({ model: { ...shown().model, quadratic: { frame, place: { run: 0 } } } }));
  };
  assert.match(said([1, 1, 1, 1, 1, 1]), /level everywhere/);
  assert.match(said([0, 1, 2, 0, 1, 2]), /level nowhere/);
});

test("segments of a level are joined to one line, closed where the level is", () => {
  const size = 21;
  const values = Float64Array.from(
    { length: size * size },
    (_, k) => ((k % size) - 10) ** 2 + (Math.floor(k / size) - 10) ** 2,
  );
  const [circle, ...rest] = joined(levelSegments({ values, width: size, height: size }, 30));
  assert.deepEqual(rest, []);
  assert.ok(circle.every(([x, y]) => Math.abs(Math.hypot(x - 10, y - 10) - Math.sqrt(30)) < 0.1));
  assert.ok(Math.hypot(circle[0][0] - circle.at(-1)[0], circle[0][1] - circle.at(-1)[1]) < 1e-9);
  assert.deepEqual(
    joined([
      [0, 0, 1, 0],
      [2, 0, 1, 0],
      [5, 5, 6, 6],
    ]),
    [
      [
        [0, 0],
        [1, 0],
        [2, 0],
      ],
      [
        [5, 5],
        [6, 6],
      ],
    ],
  );
});
