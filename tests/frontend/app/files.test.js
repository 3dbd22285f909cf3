import assert from "node:assert/strict";
import test from "node:test";
import { hearFiles, kindOfFile, openFiles, pastedFiles } from "../../../frontend/js/app/files.js";

const bytes = (text) => new TextEncoder().encode(text);
const safetensors = Uint8Array.from([64, 0, 0, 0, 0, 0, 0, 0, ...bytes('{"0.weight":')]);

for (const [name, head, kind] of [
  ["students.csv", bytes("age,grade\n17,A\n"), "table"],
  ["STUDENTS.TSV", bytes("age\tgrade\n"), "table"],
  ["brackets.csv", bytes('[a],"b"\n1,2\n'), "table"],
  ["iris.data", bytes("5.1,3.5,Iris-setosa\n"), "table"],
  ["book.xlsx", bytes("PK\x03\x04"), "table"],
  ["rows", bytes("PAR1"), "table"],
  ["rows.json", bytes('{"name": "a", "columns": []}'), "table"],
  ["run.npz", bytes("PK\x03\x04"), "model"],
  ["run.pt", bytes("PK\x03\x04"), "model"],
  ["old.pth", Uint8Array.from([128, 2]), "model"],
  ["model", safetensors, "model"],
  ["model.json", bytes('{"0.weight": [[1]]}'), "model"],
  ["experiment.json", bytes('{"version": 1, "problem": {"kind": "network"}}'), null],
  ["photo.png", bytes("\x89PNG"), null],
  ["empty", bytes(""), null],
]) {
  test(`${name} is ${kind ?? "neither"}`, () => assert.equal(kindOfFile(name, head), kind));
}

async function opened(...files) {
  const calls = [];
  const said = await openFiles(files, {
    table: (brought) => calls.push(["table", ...brought.map((file) => file.name)]),
    model: (brought) => calls.push(["model", ...brought.map((file) => file.name)]),
  });
  return { calls, said };
}
const table = new File(["a,b\n1,2\n"], "a.csv");
const model = new File([safetensors], "a.safetensors");

test("a table goes to the table's opener, and several checkpoints to the model's at once", async () => {
  assert.deepEqual(await opened(table), { calls: [["table", "a.csv"]], said: null });
  const calls = [["model", "a.safetensors", "a.safetensors"]];
  assert.deepEqual(await opened(model, model), { calls, said: null });
  assert.deepEqual(await opened(), { calls: [], said: null });
});

test("of several tables the first is opened, and it is said", async () => {
  const { calls, said } = await opened(table, new File(["c\n3\n"], "b.csv"));
  assert.deepEqual(calls, [["table", "a.csv"]]);
  assert.match(said, /one at a time: a\.csv is/);
});

test("what cannot be opened opens nothing and says why", async () => {
  for (const [files, words] of [
    [[table, new File(["x"], "photo.png")], /^photo\.png is neither/],
    [[table, model], /at once/],
  ]) {
    const { calls, said } = await opened(...files);
    assert.deepEqual(calls, []);
    assert.match(said, words);
  }
});

test("dropped and pasted files are taken from the browser, and pasted words are left to it", () => {
  const target = new EventTarget();
  const heard = [];
  hearFiles(target, (files) => heard.push(files));
  const pasted = (text, files = []) => ({ getData: () => text, files });
  const send = (type, data) => {
    const event = Object.assign(new Event(type, { cancelable: true }), data);
    target.dispatchEvent(event);
    return event.defaultPrevented;
  };
  assert.equal(send("dragover", { dataTransfer: { types: ["Files"] } }), true);
  assert.equal(send("dragover", { dataTransfer: { types: ["text/plain"] } }), false);
  assert.equal(send("drop", { dataTransfer: { files: [table] } }), true);
  assert.equal(send("paste", { clipboardData: pasted("", [model]) }), true);
  assert.equal(send("paste", { clipboardData: pasted("a few words\nwithout\ttabs") }), false);
  assert.deepEqual(heard, [[table], [model]]);
});

test("a spreadsheet’s cells are pasted as a table, whatever picture of them comes along", async () => {
  const picture = new File(["\x89PNG"], "image.png");
  const [file, ...more] = pastedFiles({ getData: () => "a\tb\r\n1\t2\r\n", files: [picture] });
  assert.deepEqual(more, []);
  assert.equal(kindOfFile(file.name, bytes(await file.text())), "table");
  assert.equal(await file.text(), "a\tb\r\n1\t2\r\n");
  assert.deepEqual(pastedFiles(null), []);
});
