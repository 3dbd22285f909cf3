/** Many students' answers as the rows of a table: read, judged, put in order, and written as CSV. Pure. */

import { MOST } from "./bounds.js";
import { heldToGiven, partLabel } from "./parts.js";
import { answerSaid, isSameAssignment, reachedBy, verdictOf } from "./submission.js";

/** @import { Assignment, GoalQuestion } from "./assignment.js" */
/** @import { Computed, Experiment } from "../document/types.js" */
/** @import { Holds } from "./parts.js" */
/** @import { Submission, Verdict } from "./submission.js" */

/**
 * @typedef {object} Cell
 * @property {string} said
 * @property {Verdict} verdict
 * @property {string} [why]       What there is to say of it beyond the verdict’s own word.
 *
 * @typedef {object} Row
 * @property {string} link        The hash.
 * @property {Submission} submission
 * @property {Cell[]} cells       One for each question.
 * @property {number} right
 * @property {boolean} other      Whether it answers another assignment than the first.
 */

const LINKS = /#(?:answers|assignment|x)=[A-Za-z0-9_-]+/g;

/**
 * The links in a text, wherever they stand in it: mails, columns of a spreadsheet.
 * @param {string} text
 * @returns {string[]}   Their hashes, each once.
 * @throws {Error} where there are too many.
 */
export function linksIn(text) {
  if (text.length > MOST.pasted)
    throw new Error(`text must be at most ${MOST.pasted} characters, got ${text.length}`);
  const found = [...new Set(text.match(LINKS) ?? [])];
  if (found.length > MOST.links) throw new Error(`links must be at most ${MOST.links}, got ${found.length}`);
  return found;
}

/** @param {string} link @param {Submission} submission @param {Assignment} set   That it should answer. @returns {Row} */
export function rowOf(link, submission, set) {
  const { assignment, answers } = submission;
  const cells = assignment.questions.map((question, at) => ({
    said: answerSaid(question, answers[at]),
    verdict: verdictOf(question, answers[at]),
  }));
  return { link, submission, cells, right: rightOf(cells), other: !isSameAssignment(assignment, set) };
}

/** @param {Row["cells"]} cells */
const rightOf = (cells) => cells.filter(({ verdict }) => verdict === "right").length;

/**
 * What a goal that a link claims comes to, computed again and held against what the assignment gives: a link made by
 * hand may reach it by what was not to be changed.
 * @param {GoalQuestion} goal @param {Cell} claimed @param {Holds} holds
 * @param {Computed} computed
 * @param {Experiment} given   What the assignment gives, with all of its values as the computed one has.
 * @returns {Cell}
 */
export function goalCell(goal, { said }, holds, { experiment, runs }, given) {
  const { kept } = heldToGiven(experiment, given, holds);
  const changed = kept.map((name) => partLabel(name).toLowerCase());
  if (changed.length > 0)
    return { said, verdict: "wrong", why: `changed what was fixed: ${changed.join(", ")}` };
  const found = reachedBy(goal, runs);
  return found
    ? { said: answerSaid(goal, { changes: [], ...found }), verdict: "right" }
    : { said, verdict: "wrong", why: "not reached when computed again" };
}

/** @param {Row} row @param {number} at @param {Cell} cell @returns {Row} */
export function withCell(row, at, cell) {
  const cells = row.cells.map((was, k) => (k === at ? cell : was));
  return { ...row, cells, right: rightOf(cells) };
}

/** @typedef {{by: "name"|"right"|"moves"|number, down: boolean}} Order   By a question’s place too. */

/** @param {Row[]} rows @param {Order} order */
export function ordered(rows, { by, down }) {
  const key = (/** @type {Row} */ row) => keyOf(row, by);
  const sign = down ? -1 : 1;
  return [...rows].sort((one, other) => sign * compared(key(one), key(other)));
}

/** @param {Row} row @param {Order["by"]} by @returns {string|number} */
function keyOf(row, by) {
  if (by === "name") return row.submission.name;
  if (by === "right") return row.right;
  if (by === "moves") return row.submission.count;
  return cellAt(row, by).said;
}

/** @param {string|number} one @param {string|number} other */
const compared = (one, other) =>
  typeof one === "number" && typeof other === "number"
    ? one - other
    : String(one).localeCompare(String(other), undefined, { numeric: true, sensitivity: "base" });

const WORDS = /** @type {Record<Verdict, string>} */ ({
  right: "right",
  wrong: "wrong",
  unread: "not a number",
  empty: "",
  claimed: "not checked",
});

/** What a cell’s verdict is called. @param {Cell} cell */
export const verdictSaid = ({ verdict, why }) => why ?? WORDS[verdict];

/** @type {Cell} */
const NO_CELL = { said: "", verdict: "empty" };

/** Of a row, which may answer fewer questions than its assignment asks. @param {Row} row @param {number} at */
export const cellAt = ({ cells }, at) => cells[at] ?? NO_CELL;

/** @param {Row[]} rows @param {Assignment} set @param {(link: string) => string} addressOf */
export function csvOf(rows, set, addressOf) {
  const head = [
    "name",
    ...set.questions.flatMap((_, at) => [`answer ${at + 1}`, `verdict ${at + 1}`]),
    "right",
    "changes",
    "assignment",
    "link",
  ];
  const lines = rows.map((row) => [
    row.submission.name,
    ...set.questions.flatMap((_, at) => [cellAt(row, at).said, verdictSaid(cellAt(row, at))]),
    String(row.right),
    String(row.submission.count),
    row.other ? "another" : "this one",
    addressOf(row.link),
  ]);
  // A byte order mark: without it spreadsheets take the letters for those of another alphabet.
  return `\ufeff${[head, ...lines].map((line) => line.map(cellOf).join(",")).join("\r\n")}\r\n`;
}

/** A cell that no spreadsheet takes for a formula; a number is none, and stays one. @param {string} text */
export function cellOf(text) {
  const active = /^\s*[=+\-@\t\r＝＋－＠]/.test(text) && !/^[+-]?\d+([.,]\d+)?$/.test(text);
  const tame = active ? `'${text}` : text;
  return `"${tame.replaceAll('"', '""')}"`;
}
