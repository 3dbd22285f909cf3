import assert from "node:assert/strict";
import test from "node:test";
import {
  choiceOf,
  columnsOfRecords,
  experimentOf,
  firstChoice,
  withChoice,
} from "../../../frontend/js/document/tables.js";

const seen = (name, kind, distinct, missing = 0) => ({
  name,
  kind,
  distinct,
  missing,
  examples: [],
  note: "",
});
const TABLE = {
  sha256: "a".repeat(64),
  name: "students.csv",
  rows: 30,
  columns: [
    seen("id", "text", 30),
    seen("hours", "number", 21, 1),
    seen("stage", "number", 3),
    seen("born", "date", 29),
    seen("school", "constant", 1),
    seen("grade", "category", 3),
  ],
  target: "grade",
  inputs: ["hours", "stage"],
  task: "classes",
  notes: [],
  sample: [],
  content: null,
};

test("the guess is taken as it is; with another target all columns that tell something are", () => {
  assert.deepEqual(firstChoice(TABLE), {
    target: "grade",
    inputs: ["hours", "stage"],
    task: "classes",
    missing: "drop",
  });
  assert.deepEqual(firstChoice(TABLE, "hours").inputs, ["stage", "born", "grade"]);
  const tasks = ["hours", "stage", "born", "id"].map((name) => firstChoice(TABLE, name).task);
  assert.deepEqual(tasks, ["regression", "classes", "regression", "classes"]);
});

test("a table of which no column varies teaches nothing", () => {
  const still = { ...TABLE, target: null, columns: [seen("a", "constant", 1), seen("b", "empty", 0)] };
  assert.throws(() => firstChoice(still), /more than one value/);
});

test("a small table lies in the document, a larger one is named by its hash", () => {
  const at = (table) => experimentOf(table, firstChoice(table), {}).problem.dataset;
  const content = [{ name: "grade", cells: ["A", "B"] }];
  assert.deepEqual([at(TABLE).sha256, at(TABLE).columns], [TABLE.sha256, null]);
  const small = at({ ...TABLE, content });
  assert.deepEqual([small.sha256, small.columns], [null, content]);
});

test("the cost suits what is learned", () => {
  const cost = (choice) => experimentOf(TABLE, { ...firstChoice(TABLE), ...choice }, {}).problem.cost;
  assert.equal(cost({}), "cross_entropy");
  assert.equal(cost({ target: "hours", task: "regression" }), "mse");
  const two = { ...TABLE, columns: [seen("x", "number", 30), seen("grade", "category", 2)] };
  assert.equal(experimentOf(two, firstChoice(two), {}).problem.cost, "bce");
});

test("records of a Parquet file become text as a table has it", () => {
  const records = [
    { n: 12n, day: new Date("2024-03-01"), x: Number.NaN, list: [1n] },
    { n: null, day: new Date("2024-03-01T12:00:00Z"), x: 0.5, list: undefined },
  ];
  assert.deepEqual(columnsOfRecords(records), [
    { name: "n", cells: ["12", ""] },
    { name: "day", cells: ["2024-03-01", "2024-03-01T12:00:00.000Z"] },
    { name: "x", cells: ["", "0.5"] },
    { name: "list", cells: ['["1"]', ""] },
  ]);
});

test("the choice of an open table is its own, with the guess where it leaves one open", () => {
  const dataset = { target: "hours", inputs: null, task: null };
  assert.deepEqual(choiceOf(TABLE, dataset), firstChoice(TABLE, "hours"));
  const own = { target: "grade", inputs: ["stage"], task: "regression", missing: "mean" };
  assert.deepEqual(choiceOf(TABLE, { kind: "table", ...own }), own);
});

test("other columns leave the network and the optimizer, and take the cost that suits them", () => {
  const catalog = { datasets: [], features: [] };
  const doc = {
    ...experimentOf(TABLE, firstChoice(TABLE), { tab: "cost" }),
    start: { kind: "theta", values: [1] },
  };
  doc.problem.hidden = [5];
  assert.equal(withChoice(doc, catalog, TABLE, firstChoice(TABLE)), doc);
  const changed = withChoice(doc, catalog, TABLE, firstChoice(TABLE, "hours"));
  assert.equal(changed.problem.dataset.target, "hours");
  assert.equal(changed.problem.dataset.sha256, TABLE.sha256);
  assert.deepEqual([changed.problem.hidden, changed.problem.cost], [[5], "mse"]);
  assert.deepEqual(changed.runs[0].optimizer, doc.runs[0].optimizer);
  assert.equal(changed.start.kind, "init");
  const back = withChoice(changed, catalog, TABLE, firstChoice(TABLE));
  assert.equal(back.problem.cost, "mse");
});
