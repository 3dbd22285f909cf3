/** Assignments and answers: what a link carries, what it refuses, and what is right. */

import assert from "node:assert/strict";
import test from "node:test";
import { fromHash, toHash } from "../../../frontend/js/app/link.js";
import {
  cellOf,
  csvOf,
  goalCell,
  linksIn,
  ordered,
  rowOf,
  verdictSaid,
  withCell,
} from "../../../frontend/js/classroom/answers-table.js";
import { ASSIGNMENT, newQuestion, readAssignment } from "../../../frontend/js/classroom/assignment.js";
import { createGoalCheck, readAll } from "../../../frontend/js/classroom/collected.js";
import {
  applied,
  changesSaid,
  differences,
  readChanges,
} from "../../../frontend/js/classroom/differences.js";
import { allowedIn, snippetOf } from "../../../frontend/js/classroom/embed-dialog.js";
import { openedBy } from "../../../frontend/js/classroom/opened.js";
import {
  bare,
  packedSubmission,
  reachedBy,
  reachedWith,
  readSubmission,
  SUBMISSION,
  verdictOf,
} from "../../../frontend/js/classroom/submission.js";

const EXPERIMENT = {
  version: 2,
  problem: { kind: "formula", name: "saddle" },
  runs: [{ optimizer: { kind: "gd", learning_rate: 0.1 } }],
  view: { stage: "contour" },
};
const CHOICE = { kind: "choice", text: "What is it?", choices: ["a minimum", "a saddle"], answer: 1 };
const NUMBER = { kind: "number", text: "λ?", answer: 0.01, tolerance: 0.001 };
const PLACE = { kind: "place", text: "Mark it.", answer: [0, 0], tolerance: 0.1 };
const GOAL = { kind: "goal", text: "Get below 0.5.", below: 0.5, steps: 20 };
const SET = readAssignment({
  version: 1,
  title: "The saddle",
  task: "Look.",
  holds: { rate: "fixed", plane: "hidden" },
  questions: [CHOICE, NUMBER, PLACE, GOAL],
  feedback: true,
  experiment: EXPERIMENT,
});
const BARE = bare(EXPERIMENT);
const MOVED = { ...BARE, start: { kind: "point", at: [1, 0.25] } };
const FASTER = { ...MOVED, runs: [{ optimizer: { kind: "gd", learning_rate: 0.5 } }] };
const DONE = {
  assignment: SET,
  name: "Ada",
  answers: [1, "1 %", [0.05, -0.05], reachedWith(SET, FASTER, { run: 0, step: 9, cost: 0.25 })],
  moves: [MOVED, FASTER],
  count: 2,
};

test("an assignment survives its link, and shows no answer at a glance", async () => {
  const link = await toHash(SET, ASSIGNMENT);
  const { assignment, doc } = await openedBy(link, fromHash);
  assert.deepEqual(assignment.given, SET);
  assert.deepEqual(assignment.holds, { rate: "fixed", plane: "hidden" });
  assert.deepEqual(doc, EXPERIMENT);
  assert.equal(assignment.submission, null);
  assert.match(link, /^#assignment=[A-Za-z0-9_-]+$/);
  assert.ok(!link.includes("saddle"));
});

test("the way back to what was given leads to its values, whatever lay between", async () => {
  const { assignment } = await openedBy(await toHash(SET, ASSIGNMENT), fromHash);
  const given = /** @type {any} */ ({ ...EXPERIMENT, view: { plane: null, grid: {} } });
  const withRule = (/** @type {any} */ optimizer) => ({ ...given, runs: [{ optimizer }] });
  const other = withRule({ kind: "momentum" });
  assert.deepEqual(assignment.keep(other, given), { doc: other, kept: [] });
  const back = withRule({ kind: "gd", learning_rate: 0.7 });
  assert.deepEqual(assignment.keep(back, other), { doc: given, kept: ["Learning rate"] });
});

test("what was sent and is no answer is told, link by link", async () => {
  const other = { ...SET, title: "Another" };
  const links = [
    await toHash(SET, ASSIGNMENT),
    await toHash(packedSubmission(DONE), SUBMISSION),
    await toHash(other, ASSIGNMENT),
    await toHash(EXPERIMENT),
    `${SUBMISSION}abc`,
  ];
  const { submissions, assignments, faults } = await readAll(links, { unpack: fromHash });
  assert.deepEqual(submissions, [{ link: links[1], submission: DONE }]);
  assert.deepEqual(assignments[0], SET);
  const said = [
    /^Link 3, #assignment=.*…: This is the assignment “Another”, and no answer; the table is of “The saddle”\.$/,
    /^Link 4, #x=.*…: This is the link of an experiment, and no answer\.$/,
    /^Link 5, #answers=abc…: The link must hold a whole student’s answer/,
  ];
  assert.equal(faults.length, said.length);
  faults.forEach((fault, at) => assert.match(fault, said[at]));
});

test("a goal that the service refuses to compute is told with its reason, and what is given is asked for once", async () => {
  const asked = /** @type {any[]} */ ([]);
  const check = createGoalCheck(async (experiment) => {
    asked.push(experiment);
    if (experiment.steps === 0) throw { title: "", detail: "", errors: [{ message: "steps must be more" }] };
    return {
      experiment: /** @type {any} */ ({ edits: [], ...experiment, view: {} }),
      runs: [{ cost: [1, 0.2] }],
    };
  });
  const [cell] = rowOf("#answers=a", DONE, SET).cells.slice(3);
  const free = { ...DONE, assignment: { ...SET, holds: {} } };
  for (const _ of [1, 2])
    assert.deepEqual(await check(free, 3, cell), { said: "0.2 at step 1", verdict: "right" });
  assert.equal(asked.length, 3);
  const reached = reachedWith(SET, { ...BARE, steps: 0 }, { run: 0, step: 1, cost: 0.1 });
  const refused = await check({ ...free, answers: [null, null, null, reached] }, 3, cell);
  assert.equal(verdictSaid(refused), "not checked: steps must be more");
  assert.equal(refused.verdict, "claimed");
});

test("a student’s answers survive their link, with every document that was come to", async () => {
  const link = await toHash(packedSubmission(DONE), SUBMISSION);
  const { assignment, doc } = await openedBy(link, fromHash);
  assert.deepEqual(assignment.submission, DONE);
  assert.deepEqual(assignment.holds, {});
  assert.deepEqual(doc, { ...FASTER, view: { stage: "contour", step: null } });
});

test("of very many changes the newest are kept, and all are counted", () => {
  const moves = Array.from({ length: 100 }, (_, seed) => ({ ...BARE, seed }));
  const read = readSubmission(packedSubmission({ ...DONE, moves, count: 100 }));
  assert.equal(read.moves.length, 60);
  assert.deepEqual(read.moves.at(-1), moves[99]);
  assert.deepEqual(read.moves[0], moves[40]);
  assert.equal(read.count, 100);
});

const REFUSED = /** @type {[string, any, RegExp][]} */ ([
  ["another version", { version: 2 }, /version must be 1/],
  ["no title", { title: " " }, /title must be a text that says something/],
  ["a long task", { task: "x".repeat(4001) }, /task must be at most 4000 characters/],
  ["an unknown part", { holds: { colour: "fixed" } }, /holds must be an object of/],
  ["another hold", { holds: { rate: "loose" } }, /holds.rate must be fixed or hidden/],
  ["too many questions", { questions: Array(21).fill(CHOICE) }, /questions must be a list of at most 20/],
  ["an unknown kind", { questions: [{ kind: "toString", text: "a" }] }, /questions\[0\].kind must be one of/],
  [
    "one choice",
    { questions: [{ ...CHOICE, choices: ["a"] }] },
    /questions\[0\].choices must be a list of at least 2/,
  ],
  ["a right choice that is none", { questions: [{ ...CHOICE, answer: 2 }] }, /questions\[0\].answer must be/],
  ["no number", { questions: [{ ...NUMBER, answer: "one" }] }, /questions\[0\].answer must be a number/],
  [
    "a place of one number",
    { questions: [{ ...PLACE, answer: [1] }] },
    /questions\[0\].answer must be a list of 2/,
  ],
  ["a negative tolerance", { questions: [{ ...NUMBER, tolerance: -1 }] }, /questions\[0\].tolerance must be/],
  ["an experiment that is none", { experiment: [] }, /experiment must be an object/],
  ["something more", { script: "x" }, /assignment must be an object of/],
]);
for (const [name, more, words] of REFUSED)
  test(`an assignment with ${name} is refused in a sentence`, () => {
    assert.throws(() => readAssignment({ ...SET, ...more }), words);
  });

test("answers that do not fit their questions are refused in a sentence", () => {
  const packed = packedSubmission(DONE);
  const cases = /** @type {[any, RegExp][]} */ ([
    [{ answers: [1] }, /answers must be a list of 4/],
    [{ answers: [2, null, null, null] }, /answers\[0\] must be a number between 0 and 1/],
    [{ answers: [1, 5, null, null] }, /answers\[1\] must be a text/],
    [{ name: "x".repeat(81) }, /name must be at most 80 characters/],
    [{ moves: Array(61).fill([]) }, /moves must be a list of at most 60/],
    [{ moves: [[[["__proto__", "polluted"], 1]]] }, /must be a path of names and places/],
    [{ moves: [[[["runs", 9, "label"], "x"]]] }, /change must be at one of 1 places/],
    [{ count: -1 }, /count must be/],
  ]);
  for (const [more, words] of cases) assert.throws(() => readSubmission({ ...packed, ...more }), words);
  assert.equal(/** @type {any} */ ({}).polluted, undefined);
});

test("numbers are right in any form that is within the tolerance", () => {
  for (const given of ["1/100", "0.01", "1 %", "10^-2", "0,01", "0.0109", "1e-2"])
    assert.equal(verdictOf(NUMBER, given), "right", given);
  assert.equal(verdictOf(NUMBER, "0.02"), "wrong");
  assert.equal(verdictOf(NUMBER, "much"), "unread");
  assert.equal(verdictOf({ ...NUMBER, answer: 0, tolerance: 0 }, "0"), "right");
  assert.equal(verdictOf(CHOICE, 0), "wrong");
  assert.equal(verdictOf(PLACE, [0.08, 0.08]), "wrong");
  assert.equal(verdictOf(PLACE, [0.06, 0.08]), "right");
  for (const question of SET.questions) assert.equal(verdictOf(question, null), "empty");
});

test("a goal is met by the first step below it, of the first run that gets there, within its steps", () => {
  const runs = [{ cost: [1, 0.7, 0.6, 0.4] }, { cost: [1, 0.5, 0.49] }, { cost: [null, null] }];
  assert.deepEqual(reachedBy({ ...GOAL, steps: null }, runs), { run: 1, step: 2, cost: 0.49 });
  assert.equal(reachedBy({ ...GOAL, steps: 1 }, runs), null);
  // Of what has not arrived nothing is read.
  assert.equal(reachedBy(GOAL, [{ cost: Float64Array.of(1, 0.1), count: 1 }]), null);
});

test("differences lead from one document to the other, in few words", () => {
  const pairs = [
    [BARE, MOVED],
    [MOVED, FASTER],
    [FASTER, BARE],
    [EXPERIMENT, { ...EXPERIMENT, runs: [...EXPERIMENT.runs, ...EXPERIMENT.runs] }],
    [{ problem: { hidden: [8, 8], cost: "mse" } }, { problem: { hidden: [8, 9], l2: 0 } }],
  ];
  for (const [before, after] of pairs) {
    const changes = readChanges(JSON.parse(JSON.stringify(differences(before, after))), "changes");
    assert.deepEqual(applied(before, changes), after);
  }
  assert.equal(changesSaid(MOVED, FASTER), "learning rate 0.1 → 0.5");
  assert.equal(changesSaid(BARE, MOVED), "start at 1, 0.25");
  assert.equal(changesSaid(MOVED, BARE), "start at the initial weights");
  assert.equal(changesSaid(...pairs[3]), "runs 1 → 2");
  assert.deepEqual(differences(FASTER, structuredClone(FASTER)), []);
});

test("links are found in whatever they are pasted with, each once", async () => {
  const [set, done] = [await toHash(SET, ASSIGNMENT), await toHash(packedSubmission(DONE), SUBMISSION)];
  const mail = `Dear all,\r\n> http://a.example/x/${set}.\n"http://a.example/${done}";\thttp://a.example/${done}`;
  assert.deepEqual(linksIn(mail), [set, done]);
  assert.throws(
    () => linksIn(Array.from({ length: 201 }, (_, k) => `#answers=a${k}`).join(" ")),
    /links must be at most 200/,
  );
});

test("rows are put in order by any column, and goals count once they are computed again", () => {
  const rows = [
    rowOf("#answers=a", DONE, SET),
    rowOf("#answers=b", { ...DONE, name: "Bea", answers: [0, "10", null, null], count: 12 }, SET),
    rowOf(
      "#answers=c",
      { ...DONE, name: "Cem", answers: [1, "9", null, null], assignment: { ...SET, title: "b" } },
      SET,
    ),
  ];
  const names = (/** @type {any} */ order) => ordered(rows, order).map(({ submission }) => submission.name);
  assert.deepEqual(names({ by: "name", down: true }), ["Cem", "Bea", "Ada"]);
  assert.deepEqual(names({ by: "right", down: true }), ["Ada", "Cem", "Bea"]);
  assert.deepEqual(names({ by: "moves", down: false }), ["Ada", "Cem", "Bea"]);
  assert.deepEqual(names({ by: 1, down: false }), ["Ada", "Cem", "Bea"]);
  assert.deepEqual(
    rows.map(({ right, other }) => [right, other]),
    [
      [3, false],
      [0, false],
      [1, true],
    ],
  );
  const goal = rows[0].cells[3];
  assert.equal(withCell(rows[0], 3, { ...goal, verdict: "right" }).right, 4);
  assert.equal(withCell(rows[0], 3, { ...goal, verdict: "wrong" }).right, 3);
});

test("a goal is told as it was computed again, and by which part that was to stay it was reached", () => {
  const claimed = rowOf("#answers=a", DONE, SET).cells[3];
  const given = /** @type {any} */ ({
    ...EXPERIMENT,
    start: { kind: "init" },
    steps: 20,
    seed: 0,
    edits: [],
    view: { plane: null, grid: {} },
  });
  const [run] = given.runs;
  /** @param {any} more @param {number[]} cost */
  const cell = (more, cost) =>
    goalCell(GOAL, claimed, SET.holds, { experiment: { ...given, ...more }, runs: [{ cost }] }, given);
  assert.equal(verdictSaid(claimed), "not checked");
  assert.deepEqual(cell({ steps: 9 }, [1, 0.7, 0.3]), { said: "0.3 at step 2", verdict: "right" });
  const missed = cell({}, [1, 0.7]);
  assert.equal(missed.verdict, "wrong");
  assert.equal(verdictSaid(missed), "not reached when computed again");
  const faster = { ...run, optimizer: { kind: "gd", learning_rate: 0.5 } };
  const more = { runs: [faster], view: { plane: { kind: "random" }, grid: {} } };
  const cheated = cell(more, [1, 0.7, 0.3]);
  assert.equal(cheated.verdict, "wrong");
  assert.equal(verdictSaid(cheated), "changed what was fixed: learning rate, plane");
  const edited = cell({ edits: [{ step: 1, run: 0, optimizer: faster.optimizer }] }, [1, 0.7, 0.3]);
  assert.equal(verdictSaid(edited), "changed what was fixed: learning rate");
});

test("no cell of the table is a formula in a spreadsheet", () => {
  for (const text of ["=1+1", "+A1", "-A1", "-1+1", "@x", "\t=1", "  =1", "＝1"])
    assert.equal(cellOf(text), `"'${text}"`);
  assert.equal(cellOf('a "b", c'), '"a ""b"", c"');
  for (const number of ["-1", "+0,5", "-2.25"]) assert.equal(cellOf(number), `"${number}"`);
  const csv = csvOf([rowOf("#answers=a", { ...DONE, name: "=cmd" }, SET)], SET, (link) => `http://x/${link}`);
  const [head, line] = csv.slice(1).split("\r\n");
  assert.equal(head.split(",").length, 1 + 2 * 4 + 4);
  assert.ok(line.startsWith(`"'=cmd","a saddle","right","1 %","right"`));
});

test("a place’s first reach fits the picture, and the snippet is no markup of anyone else’s", () => {
  assert.equal(
    newQuestion("place", [
      [-200, 200],
      [0, 10],
    ]).tolerance,
    0.5,
  );
  assert.equal(
    snippetOf('http://a.example/?embed#x="><script>').match(/src="([^"]*)"/)?.[1],
    "http://a.example/?embed#x=&quot;&gt;&lt;script&gt;",
  );
});

test("who may embed is read from the policy that the page came with", () => {
  const policy = "default-src 'none'; form-action 'none'; frame-ancestors 'self'";
  assert.deepEqual(allowedIn(policy), []);
  assert.deepEqual(allowedIn(`${policy} https://a.example https://*.b.example; base-uri 'none'`), [
    "https://a.example",
    "https://*.b.example",
  ]);
  assert.equal(allowedIn("default-src 'none'"), null);
});
