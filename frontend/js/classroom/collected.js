/** The links that students sent: read, and the goals that they claim computed again. No DOM. */

import { goalCell } from "./answers-table.js";
import { ASSIGNMENT, readAssignment } from "./assignment.js";
import { bare, experimentThatReached, readSubmission, SUBMISSION } from "./submission.js";

/** @import { Fault, Tools } from "../document/types.js" */
/** @import { Cell } from "./answers-table.js" */
/** @import { Assignment, GoalQuestion } from "./assignment.js" */
/** @import { Reached, Submission } from "./submission.js" */

/** What is no answer is told too, so that nobody’s is missed. @param {string[]} links @param {Pick<Tools, "unpack">} tools */
export async function readAll(links, tools) {
  const submissions = /** @type {{link: string, submission: Submission}[]} */ ([]);
  const assignments = /** @type {Assignment[]} */ ([]);
  const faults = /** @type {string[]} */ ([]);
  /** @param {string} link */
  async function read(link) {
    if (link.startsWith(SUBMISSION)) {
      const submission = readSubmission(await tools.unpack(link, SUBMISSION, "student’s answer"));
      return void submissions.push({ link, submission });
    }
    if (!link.startsWith(ASSIGNMENT)) throw new Error("This is the link of an experiment, and no answer.");
    const assignment = readAssignment(await tools.unpack(link, ASSIGNMENT, "assignment"));
    if (assignments.push(assignment) > 1)
      throw new Error(
        `This is the assignment “${assignment.title}”, and no answer; the table is of “${assignments[0].title}”.`,
      );
  }
  for (const [at, link] of links.entries())
    await read(link).catch(({ message }) => faults.push(`Link ${at + 1}, ${link.slice(0, 24)}…: ${message}`));
  return { submissions, assignments, faults };
}

/** @param {Tools["compute"]} compute @returns {(submission: Submission, at: number, claimed: Cell) => Promise<Cell>} */
export function createGoalCheck(compute) {
  const given = rememberedBy(compute);
  return async ({ assignment, answers }, at, claimed) => {
    const goal = /** @type {GoalQuestion} */ (assignment.questions[at]);
    const reached = /** @type {Reached} */ (answers[at]);
    try {
      const computed = await compute(experimentThatReached(assignment, reached));
      const { experiment } = await given(bare(assignment.experiment));
      return goalCell(goal, claimed, assignment.holds, computed, experiment);
    } catch (fault) {
      return { ...claimed, why: `not checked: ${reasonOf(fault)}` };
    }
  };
}

/** What an assignment gives is asked for once, however many answer it. @param {Tools["compute"]} compute @returns {Tools["compute"]} */
function rememberedBy(compute) {
  const known = /** @type {Map<string, ReturnType<Tools["compute"]>>} */ (new Map());
  return (experiment) => {
    const key = JSON.stringify(experiment);
    const answer = known.get(key) ?? compute(experiment);
    known.set(key, answer);
    return answer;
  };
}

/** Why something was not computed, which the service says of each field that it refuses. @param {unknown} fault */
function reasonOf(fault) {
  if (fault instanceof Error) return fault.message;
  const { title, detail, errors } = /** @type {Fault} */ (fault);
  return errors[0]?.message ?? (detail || title);
}
