/** An assignment: a task, questions and what of the experiment is held, as a link carries them. Pure. */

import { PARTS } from "../document/parts.js";
import { groupOf, indexOf, listOf, MOST, numberOf, refuse, textOf } from "./bounds.js";

/** @import { Holds } from "../document/parts.js" */
/** @import { Pair } from "../document/types.js" */

/** What stands in an address before an assignment. */
export const ASSIGNMENT = "#assignment=";
const VERSION = 1;

/**
 * @typedef {object} ChoiceQuestion
 * @property {"choice"} kind
 * @property {string} text
 * @property {string[]} choices
 * @property {number} answer       The right choice’s place.
 *
 * @typedef {object} NumberQuestion
 * @property {"number"} kind
 * @property {string} text
 * @property {number} answer
 * @property {number} tolerance    How far off still counts.
 *
 * @typedef {object} PlaceQuestion
 * @property {"place"} kind
 * @property {string} text
 * @property {Pair} answer         A point of the plane.
 * @property {number} tolerance    A distance on it.
 *
 * @typedef {object} GoalQuestion
 * @property {"goal"} kind
 * @property {string} text
 * @property {number} below        The cost to get below.
 * @property {number|null} steps   Within so many steps; null is within those of the experiment.
 *
 * @typedef {ChoiceQuestion|NumberQuestion|PlaceQuestion|GoalQuestion} Question
 *
 * @typedef {object} Assignment
 * @property {number} version
 * @property {string} title
 * @property {string} task
 * @property {Holds} holds
 * @property {Question[]} questions
 * @property {boolean} feedback    Whether students are told at once what is right.
 * @property {Record<string, any>} experiment   As short as a permalink’s.
 */

/**
 * @param {unknown} value   As it was unpacked from a link.
 * @returns {Assignment}
 * @throws {Error} naming what of it is not as it should be.
 */
export function readAssignment(value) {
  const given = groupOf(value, "assignment", [
    "version",
    "title",
    "task",
    "holds",
    "questions",
    "feedback",
    "experiment",
  ]);
  if (given.version !== VERSION)
    refuse("version", `${VERSION}: a newer Descentscape may read it`, given.version);
  return {
    version: VERSION,
    title: textOf(given.title, "title", MOST.title, { empty: false }),
    task: textOf(given.task, "task", MOST.task),
    holds: holdsOf(given.holds ?? {}),
    questions: listOf(given.questions ?? [], "questions", MOST.questions).map((question, at) =>
      questionOf(question, `questions[${at}]`),
    ),
    feedback: given.feedback === true,
    experiment: experimentOf(given.experiment),
  };
}

/** @param {unknown} value @returns {Holds} */
function holdsOf(value) {
  const names = PARTS.map(({ name }) => name);
  const holds = groupOf(value, "holds", names);
  for (const [name, hold] of Object.entries(holds))
    if (hold !== "fixed" && hold !== "hidden") refuse(`holds.${name}`, "fixed or hidden", hold);
  return { ...holds };
}

/** Its shape is the catalogue’s to judge, and its numbers the service’s. @param {unknown} value @returns {Record<string, any>} */
function experimentOf(value) {
  if (value !== null && typeof value === "object" && !Array.isArray(value))
    return /** @type {Record<string, any>} */ (value);
  return refuse("experiment", "an object", value);
}

/** @type {Record<Question["kind"], (given: Record<string, any>, name: string) => Question>} */
const READ = {
  choice(given, name) {
    const choices = listOf(given.choices, `${name}.choices`, MOST.choices).map((choice, at) =>
      textOf(choice, `${name}.choices[${at}]`, MOST.choice, { empty: false }),
    );
    if (choices.length < 2) refuse(`${name}.choices`, "a list of at least 2", choices);
    const answer = indexOf(given.answer, `${name}.answer`, choices.length - 1);
    return { kind: "choice", text: given.text, choices, answer };
  },
  number: (given, name) => ({
    kind: "number",
    text: given.text,
    answer: numberOf(given.answer, `${name}.answer`),
    tolerance: numberOf(given.tolerance, `${name}.tolerance`, { low: 0 }),
  }),
  place(given, name) {
    const [a, b, ...more] = listOf(given.answer, `${name}.answer`, 2);
    if (more.length > 0 || b === undefined) refuse(`${name}.answer`, "a list of 2", given.answer);
    return {
      kind: "place",
      text: given.text,
      answer: [numberOf(a, `${name}.answer[0]`), numberOf(b, `${name}.answer[1]`)],
      tolerance: numberOf(given.tolerance, `${name}.tolerance`, { low: 0 }),
    };
  },
  goal: (given, name) => ({
    kind: "goal",
    text: given.text,
    below: numberOf(given.below, `${name}.below`),
    steps: (given.steps ?? null) === null ? null : indexOf(given.steps, `${name}.steps`, 1e6),
  }),
};
const FIELDS = ["kind", "text", "choices", "answer", "tolerance", "below", "steps"];

/** @param {unknown} value @param {string} name @returns {Question} */
function questionOf(value, name) {
  const given = groupOf(value, name, FIELDS);
  if (!Object.hasOwn(READ, String(given.kind)))
    refuse(`${name}.kind`, `one of ${Object.keys(READ).join(", ")}`, given.kind);
  textOf(given.text, `${name}.text`, MOST.question, { empty: false });
  return READ[/** @type {Question["kind"]} */ (given.kind)](given, name);
}

/** Of the picture’s narrower side: what a finger hits. */
const REACH = 0.05;

/**
 * A question of a kind, as the form begins with it.
 * @param {Question["kind"]} kind
 * @param {import("../document/types.js").Extent|undefined} extent   What the picture shows.
 * @returns {Question}
 */
export function newQuestion(kind, extent = undefined) {
  if (kind === "choice") return { kind, text: "", choices: ["", ""], answer: 0 };
  if (kind === "number") return { kind, text: "", answer: 0, tolerance: 0 };
  if (kind === "place") return { kind, text: "", answer: [0, 0], tolerance: reachOf(extent) };
  return { kind, text: "", below: 0.01, steps: null };
}

/** @param {import("../document/types.js").Extent} [extent] */
const reachOf = (
  extent = [
    [0, 2],
    [0, 2],
  ],
) => Number((REACH * Math.min(...extent.map(([low, high]) => high - low))).toPrecision(2));

/** What an assignment begins as. @param {Record<string, any>} experiment @returns {Assignment} */
export const newAssignment = (experiment) => ({
  version: VERSION,
  title: "",
  task: "",
  holds: {},
  questions: [],
  feedback: false,
  experiment,
});
