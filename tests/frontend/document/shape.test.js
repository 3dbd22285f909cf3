import assert from "node:assert/strict";
import test from "node:test";
import { requireShape } from "../../../frontend/js/document/shape.js";

const RATE = { name: "learning_rate", default: 0.1 };
const catalog = {
  defaults: {
    version: 2,
    problem: {
      kind: "network",
      dataset: { kind: "moons", n: 200 },
      hidden: [8, 8],
      activation: "tanh",
      output: null,
    },
    runs: [{ optimizer: { kind: "adam", learning_rate: 0.05 }, batch_size: null, label: null }],
    start: { kind: "init" },
    steps: 300,
    edits: [],
    view: { plane: null, grid: { resolution: 101, extent: "fit" }, overlays: { gradient_field: false } },
  },
  problems: [
    {
      kind: "network",
      fields: [
        { name: "hidden", default: [8, 8] },
        { name: "activation", default: "tanh" },
      ],
    },
    { kind: "formula", fields: [{ name: "name", default: "bowl" }] },
  ],
  optimizers: [
    { kind: "adam", fields: [RATE] },
    { kind: "gd", fields: [RATE] },
  ],
  datasets: [{ kind: "moons", fields: [{ name: "n", default: 200 }] }],
  starts: [{ kind: "init", fields: [] }],
  planes: [{ kind: "axes", fields: [{ name: "parameters", default: [0, 1] }] }],
};

test("a document that says little, or all, may be read", () => {
  for (const document of [
    {},
    catalog.defaults,
    { problem: { hidden: [], activation: ["tanh", "relu"] } },
    { problem: { kind: "formula", name: null, expression: "x*y" } },
    {
      start: { kind: "point", at: [1, 2] },
      view: {
        plane: { kind: "axes" },
        grid: {
          extent: [
            [0, 1],
            [0, 1],
          ],
        },
      },
    },
    { edits: [{ step: 3, optimizer: { kind: "gd" } }], runs: [{ batch_size: 4, label: "η" }, {}] },
  ])
    assert.doesNotThrow(() => requireShape(document, catalog), JSON.stringify(document));
});

test("what the page could not draw is named", () => {
  for (const [document, words] of /** @type {[any, string][]} */ ([
    [{ view: null }, "view must be an object"],
    [{ view: { overlays: null } }, "view.overlays must be an object"],
    [{ view: { grid: { resolution: "x" } } }, "view.grid.resolution must be a number"],
    [{ view: { plane: { kind: "axes", parameters: 3 } } }, "view.plane.parameters must be a list"],
    [{ view: { plane: { kind: "custom", origin: 5 } } }, "view.plane.origin must be a list"],
    [{ problem: { dataset: { kind: "inline", x: 1 } } }, "problem.dataset.x must be a list"],
    [{ runs: 5 }, "runs must be a list"],
    [{ runs: [{}, null] }, "runs[1] must be an object"],
    [
      { runs: [{ optimizer: { kind: "gd", learning_rate: "x" } }] },
      "runs[0].optimizer.learning_rate must be a number",
    ],
    [{ problem: [] }, "problem must be an object"],
    [{ problem: { dataset: 3 } }, "problem.dataset must be an object"],
    [{ problem: { hidden: "abc" } }, "problem.hidden must be a list"],
    [{ problem: { kind: 5 } }, "problem.kind must be a string"],
    [{ steps: "a" }, "steps must be a number"],
    [{ edits: [5] }, "edits[0] must be an object"],
  ]))
    assert.throws(() => requireShape(document, catalog), {
      message: `The link must hold a whole experiment; in this one ${words}.`,
    });
});
