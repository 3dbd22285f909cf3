import assert from "node:assert/strict";
import test from "node:test";
import {
  columnsOf,
  columnsOfRecords,
  experimentOf,
  firstChoice,
  MOST_IN_LINK,
} from "../../../frontend/js/document/tables.js";
import { textOf } from "../../../frontend/js/shell/table-file.js";
import { Papa } from "../../../frontend/vendor/papaparse.js";

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
  const columns = (rows) => [{ name: "grade", cells: Array(rows).fill("B") }];
  const at = (given) => experimentOf(TABLE, given, firstChoice(TABLE), {}).problem.dataset;
  const empty = JSON.stringify(columns(1)).length;
  const most = 1 + Math.floor((MOST_IN_LINK - empty) / '"B",'.length);
  assert.deepEqual([at(columns(most)).sha256, at(columns(most)).columns.length], [null, 1]);
  assert.deepEqual([at(columns(most + 1)).sha256, at(columns(most + 1)).columns], [TABLE.sha256, null]);
  assert.equal(at(null).sha256, TABLE.sha256);
});

test("the cost suits what is learned", () => {
  const cost = (choice) => experimentOf(TABLE, null, { ...firstChoice(TABLE), ...choice }, {}).problem.cost;
  assert.equal(cost({}), "cross_entropy");
  assert.equal(cost({ target: "hours", task: "regression" }), "mse");
  const two = { ...TABLE, columns: [seen("x", "number", 30), seen("grade", "category", 2)] };
  assert.equal(experimentOf(two, null, firstChoice(two), {}).problem.cost, "bce");
});

test("rows become columns with names of their own, and a ragged row is named", () => {
  const cells = (rows) => columnsOf(rows).map(({ name, cells }) => [name, ...cells]);
  assert.deepEqual(
    cells([
      ["a", " a ", ""],
      ["1", "2", "3"],
    ]),
    [
      ["a", "1"],
      ["a 2", "2"],
      ["column 3", "3"],
    ],
  );
  assert.deepEqual(
    cells([
      ["5,1", "setosa"],
      ["4,9", "virginica"],
    ])[0],
    ["column 1", "5,1", "4,9"],
  );
  assert.throws(() => columnsOf([["a", "b"], ["1", "2"], ["3"]]), /^Error: Row 3 must have 2 cells.*has 1/);
  assert.throws(() => columnsOf([]), /at least one row/);
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

test("text is read as it was written, and cells as they were separated and quoted", () => {
  const rows = (bytes) => Papa.parse(textOf(Uint8Array.from(bytes)), { skipEmptyLines: true }).data;
  const written = (text, encoding) => [...Buffer.from(text, encoding)];
  const expected = [
    ["größe", "note"],
    ["1,5", "a;b"],
  ];
  const text = 'größe;note\r\n1,5;"a;b"\r\n\r\n';
  for (const bytes of [
    written(text, "utf8"),
    [0xef, 0xbb, 0xbf, ...written(text, "utf8")],
    [0xff, 0xfe, ...written(text, "utf16le")],
    written(text, "latin1"),
  ])
    assert.deepEqual(rows(bytes), expected);
  assert.deepEqual(rows(written("größe\tnote\n1,5\ta;b\n", "utf8")), expected);
});
