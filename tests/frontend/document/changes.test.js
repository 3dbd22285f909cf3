import assert from "node:assert/strict";
import { test } from "node:test";
import {
  dataFor,
  editsOf,
  filledIn,
  fitting,
  optimizerAt,
  withCost,
  withData,
  withFormula,
  withOneMoreRun,
  withoutEdits,
  withProblem,
} from "../../../frontend/js/document/changes.js";
import { currentExperiment } from "../../../frontend/js/document/experiments.js";

const saddle = { problem: { kind: "chain", activation: "linear" }, steps: 200 };
const catalog = {
  defaults: {
    problem: { kind: "network" },
    runs: [{ optimizer: { kind: "adam" }, batch_size: null }],
    start: { kind: "init" },
    steps: 300,
    seed: 0,
    edits: [],
    view: {},
  },
  problems: [
    {
      kind: "network",
      fields: [
        { name: "activation", default: "tanh" },
        { name: "cost", default: "mse" },
      ],
    },
    { kind: "linear", fields: [] },
    { kind: "chain", fields: [{ name: "activation", default: "tanh" }] },
  ],
  datasets: [
    {
      kind: "line",
      label: "Line",
      task: "regression",
      inputs: 1,
      classes: null,
      fields: [{ name: "n", default: 200 }],
    },
    { kind: "plane", label: "Plane", task: "regression", inputs: 2, classes: null, fields: [] },
    {
      kind: "moons",
      label: "Two moons",
      task: "classes",
      inputs: 2,
      classes: 2,
      fields: [{ name: "noise", default: 0.15 }],
    },
    { kind: "iris", label: "Iris", task: "classes", inputs: 4, classes: 3, fields: [] },
  ],
  formulas: [
    {
      kind: "bowl",
      learning_rate: 0.2,
      expression: "x**2 + y**2",
      domain: [
        [-2, 2],
        [-1, 1],
      ],
    },
  ],
  optimizers: [
    { kind: "gd", unscaled: true, fields: [{ name: "learning_rate", default: 0.1 }] },
    { kind: "adam", unscaled: false, fields: [{ name: "learning_rate", default: 0.05 }] },
  ],
  experiments: [
    { id: "saddle", title: "Saddle", point: "", experiment: saddle },
    { id: "default", title: "Default", point: "", experiment: {} },
  ],
};
const doc = {
  problem: {
    kind: "network",
    dataset: { kind: "moons", noise: 0.3 },
    hidden: [8],
    activation: "tanh",
    output: "sigmoid",
    cost: "bce",
  },
  runs: [
    {
      optimizer: { kind: "adam", learning_rate: 0.05 },
      batch_size: 16,
      start: { kind: "point", at: [0, 0] },
      init_seed: 3,
    },
  ],
  start: { kind: "lift", at: [1, 2] },
  steps: 300,
  seed: 0,
  edits: [{ step: 10, run: 0, set: { 1: 2 } }],
  view: {
    plane: { kind: "axes" },
    grid: {
      resolution: 51,
      extent: [
        [0, 1],
        [0, 1],
      ],
    },
  },
};

test("a short document is filled in as far as the page reads it, and no further", () => {
  const { defaults } = catalog;
  assert.deepEqual(filledIn({}, defaults), defaults);
  const short = filledIn(
    {
      problem: { hidden: [3] },
      runs: [{}, { batch_size: 4 }, { optimizer: { learning_rate: 1 } }, { optimizer: { kind: "gd" } }],
    },
    defaults,
  );
  assert.deepEqual(short.problem, { kind: "network", hidden: [3] });
  assert.deepEqual(
    short.runs.map(({ optimizer }) => optimizer),
    [{ kind: "adam" }, { kind: "adam" }, { kind: "adam", learning_rate: 1 }, { kind: "gd" }],
  );
  assert.deepEqual(
    short.runs.map(({ batch_size: size }) => size),
    [null, 4, null, null],
  );
  assert.deepEqual(filledIn({ problem: { kind: "formula", name: "bowl" } }, defaults).problem, {
    kind: "formula",
    name: "bowl",
  });
});

test("a label that names a number of its run follows it, and no other label is touched", () => {
  const gd = (/** @type {number} */ learning_rate) => ({ kind: "gd", learning_rate });
  const relabelled = (/** @type {any} */ was, /** @type {any} */ now) =>
    fitting({ ...doc, runs: [now] }, { ...doc, runs: [was] }).runs[0].label;
  const slow = { optimizer: gd(0.05), label: "rate 0.05" };
  assert.equal(relabelled(slow, { ...slow, optimizer: gd(0.08) }), "rate 0.08");
  assert.equal(relabelled(slow, { ...slow, optimizer: { kind: "adam" } }), null);
  assert.equal(relabelled(slow, { ...slow, batch_size: 10 }), "rate 0.05");
  assert.equal(relabelled(slow, { optimizer: gd(0.08), label: "mine 0.05" }), "mine 0.05");
  const seeded = { optimizer: gd(0.1), label: "seed 1", init_seed: 1 };
  assert.equal(relabelled(seeded, { ...seeded, optimizer: gd(1) }), "seed 1");
  assert.equal(relabelled({ ...seeded, batch_size: 1 }, { ...seeded, batch_size: 4 }), "seed 1");
});

test("other hidden layers leave out what was given as numbers for the layers before, and nothing else", () => {
  const own = {
    ...doc,
    start: { kind: "theta", values: [1, 2] },
    view: {
      ...doc.view,
      plane: {
        kind: "custom",
        origin: [0, 0],
        basis: [
          [1, 0],
          [0, 1],
        ],
      },
    },
  };
  assert.equal(fitting(own, doc), own);
  const wider = { ...own, problem: { ...own.problem, hidden: [8, 4] } };
  assert.deepEqual(fitting(wider, own), {
    ...wider,
    start: { kind: "init" },
    view: { ...own.view, plane: null },
  });
  assert.deepEqual(fitting({ ...doc, problem: wider.problem }, doc), { ...doc, problem: wider.problem });
});

test("another kind of problem is the menu's first of that kind", () => {
  assert.equal(withProblem(doc, catalog, "chain"), saddle);
});

test("without one in the menu, nothing is left that meant the old parameters", () => {
  const linear = withProblem(doc, catalog, "linear");
  assert.deepEqual(linear.problem, { kind: "linear", dataset: { kind: "moons", noise: 0.3 } });
  assert.deepEqual(
    [linear.start, linear.edits, linear.runs[0].start, linear.view.plane, linear.view.grid],
    [{ kind: "init" }, [], null, null, { resolution: 51, extent: "fit" }],
  );
  assert.equal(linear.runs[0].batch_size, 16);
});

test("a formula has no examples: no batch, no own weights", () => {
  const { problem, runs } = withProblem(doc, catalog, "formula");
  assert.deepEqual(problem, { kind: "formula", name: "bowl" });
  assert.deepEqual([runs[0].batch_size, runs[0].init_seed], [null, null]);
});

test("on another formula plain descents take the rate that it bears, scaled ones their own", () => {
  const racing = {
    ...doc,
    runs: [
      { optimizer: { kind: "gd", learning_rate: 9 } },
      { optimizer: { kind: "adam", learning_rate: 9 } },
    ],
  };
  const { runs } = withFormula(racing, catalog, "bowl");
  assert.deepEqual(
    runs.map(({ optimizer }) => optimizer),
    [{ kind: "gd", learning_rate: 0.2 }, { kind: "adam" }],
  );
});

test("what the learner types begins with the formula before", () => {
  const own = withFormula({ ...doc, problem: { kind: "formula", name: "bowl" } }, catalog, null);
  assert.deepEqual(own.problem, {
    kind: "formula",
    name: null,
    expression: "x**2 + y**2",
    domain: [
      [-2, 2],
      [-1, 1],
    ],
  });
});

test("a training run stays on data of the same inputs and classes, and goes with others", () => {
  const recorded = { optimizer: { kind: "adam" }, recorded: { sha256: "00", name: "run.zip" } };
  const trained = {
    ...doc,
    problem: { kind: "network", dataset: { kind: "moons" }, output: "linear", cost: "mse" },
    start: { kind: "stored", sha256: "00", entry: 0 },
    runs: [recorded, { optimizer: { kind: "gd" } }],
  };
  const circles = { ...catalog.datasets.find(({ kind }) => kind === "moons"), kind: "circles" };
  const here = withData(trained, { ...catalog, datasets: [...catalog.datasets, circles] }, "circles");
  assert.deepEqual([here.start, here.runs], [trained.start, trained.runs]);
  assert.deepEqual(here.problem, { ...trained.problem, dataset: { kind: "circles" } });
  for (const other of [withData(trained, catalog, "iris"), withProblem(trained, catalog, "linear")]) {
    assert.deepEqual(other.start, { kind: "init" });
    assert.deepEqual(
      other.runs.map(({ optimizer, recorded = null }) => [optimizer.kind, recorded]),
      [["gd", null]],
    );
  }
});

test("each problem is offered the data it can learn from", () => {
  const kinds = (problem) => dataFor(catalog, problem).map(({ kind }) => kind);
  assert.deepEqual(kinds("chain"), ["line"]);
  assert.deepEqual(kinds("linear"), ["line", "plane", "moons"]);
  assert.deepEqual(kinds("network"), ["line", "plane", "moons", "iris"]);
});

test("other data bring a cost and an output that suit them", () => {
  assert.deepEqual(
    [withData(doc, catalog, "iris").problem.cost, withData(doc, catalog, "iris").problem.output],
    ["cross_entropy", null],
  );
  assert.equal(withData(doc, catalog, "line").problem.cost, "mse");
  assert.equal(withData(doc, catalog, "moons").problem.cost, "bce");
  assert.equal("cost" in withData({ ...doc, problem: { kind: "linear" } }, catalog, "line").problem, false);
});

test("another cost leaves the output open again", () => {
  assert.deepEqual(withCost({ cost: "bce", output: "sigmoid" }, "cross_entropy"), {
    cost: "cross_entropy",
    output: null,
  });
});

test("one more run races an optimizer that is not racing yet, on the same batches", () => {
  assert.deepEqual(withOneMoreRun(doc, catalog)[1], { optimizer: { kind: "gd" }, batch_size: 16 });
});

test("the optimizer at a step is that of the last edit up to it", () => {
  const gd = { kind: "gd", learning_rate: 1 };
  const edited = {
    ...doc,
    edits: [
      { step: 50, run: 0, optimizer: gd },
      { step: 20, run: 0, set: { 0: 1 } },
      { step: 10, run: 1, optimizer: gd },
    ],
  };
  assert.equal(optimizerAt(edited, 0, 49), doc.runs[0].optimizer);
  assert.equal(optimizerAt(edited, 0, 50), gd);
  assert.deepEqual(
    editsOf(edited, 0).map(({ step }) => step),
    [50],
  );
  assert.deepEqual(
    withoutEdits(edited, 0).map(({ run }) => run),
    [1],
  );
});

const filled = {
  ...catalog.defaults,
  problem: { kind: "chain", activation: "linear", dataset: { kind: "line", n: 200 } },
  runs: [{ optimizer: { kind: "adam", learning_rate: 0.05 }, batch_size: null, clip: null }],
  steps: 200,
};

test("a document is its experiment of the menu until a knob changes what is computed", () => {
  assert.equal(currentExperiment(catalog, filled)?.id, "saddle");
  assert.equal(currentExperiment(catalog, { ...filled, view: { height: "log" } })?.id, "saddle");
  assert.equal(currentExperiment(catalog, { ...filled, seed: 1 }), null);
  assert.equal(
    currentExperiment(catalog, {
      ...filled,
      runs: [{ optimizer: { kind: "adam", learning_rate: 0.06 }, batch_size: null }],
    }),
    null,
  );
  assert.equal(currentExperiment(catalog, { ...filled, runs: [...filled.runs, ...filled.runs] }), null);
  assert.equal(
    currentExperiment(catalog, { ...filled, problem: { ...filled.problem, activation: "tanh" } }),
    null,
  );
});

test("labels that tell runs apart by what is gone go with it, and twins are one run", () => {
  const at = (x) => ({ kind: "point", at: [x, 0] });
  const gd = { optimizer: { kind: "gd", learning_rate: 0.1 } };
  const doc = (runs) => ({ problem: { kind: "formula", name: "bowl" }, runs, view: { run: 1 } });
  const catalog = {
    experiments: [],
    formulas: [{ kind: "bowl", expression: "x**2", domain: [] }],
    datasets: [],
  };
  const told = (runs) =>
    withFormula(doc(runs), catalog, null).runs.map(({ optimizer, label }) => [optimizer.kind, label ?? null]);
  const compass = ["north", "south"].map((label, k) => ({ ...gd, label, start: at(k) }));
  assert.deepEqual(told(compass), [["gd", null]]);
  assert.equal(withFormula(doc(compass), catalog, null).view.run, 0);
  const batches = [
    { ...gd, label: "all examples" },
    { ...gd, label: "batches of 10", batch_size: 10 },
  ];
  assert.deepEqual(told(batches), [["gd", null]]);
  const named = [
    { ...gd, label: "mine" },
    { optimizer: { kind: "adam" }, label: "yours" },
  ];
  assert.deepEqual(told(named), [
    ["gd", "mine"],
    ["adam", "yours"],
  ]);
});

test("an edit that names no run is the first run's", () => {
  const doc = { runs: [{ optimizer: { kind: "gd" } }], edits: [{ step: 5, optimizer: { kind: "adam" } }] };
  assert.equal(optimizerAt(doc, 0, 5).kind, "adam");
  assert.equal(optimizerAt({ ...doc, runs: [...doc.runs, ...doc.runs] }, 1, 5).kind, "gd");
});
