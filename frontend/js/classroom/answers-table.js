/** Many students' answers as the rows of a table: read, judged, put in order, and written as CSV. Pure. */

import { MOST } from "./bounds.js";
import { answerSaid, isSameAssignment, SUBMISSION, verdictOf } from "./submission.js";

/** @import { Assignment } from "./assignment.js" */
/** @import { Submission, Verdict } from "./submission.js" */

/**
 * @typedef {object} Row
 * @property {string} link        The hash.
 * @property {Submission} submission
 * @property {{said: string, verdict: Verdict}[]} cells   One for each question.
 * @property {number} right
 * @property {boolean} other      Whether it answers another assignment than the first.
 */

const LINKS = /#(?:answers|assignment)=[A-Za-z0-9_-]+/g;

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

/** @param {string} link */
export const isSubmission = (link) => link.startsWith(SUBMISSION);

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

/** What a goal was found to be, computed again. @param {Row} row @param {number} at @param {boolean} met @returns {Row} */
export function withGoal(row, at, met) {
  const cells = row.cells.map((cell, k) =>
    k === at ? { ...cell, verdict: /** @type {Verdict} */ (met ? "right" : "wrong") } : cell,
  );
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
  return row.cells[by]?.said ?? "";
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

/** What a cell’s verdict is called. @param {Verdict} verdict */
export const verdictSaid = (verdict) => WORDS[verdict];

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
    ...set.questions.flatMap((_, at) => [
      row.cells[at]?.said ?? "",
      verdictSaid(row.cells[at]?.verdict ?? "empty"),
    ]),
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
