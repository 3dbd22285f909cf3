/** A link of the classroom as it is opened: what a teacher has set, or what a student has handed in. Pure. */

import { ASSIGNMENT, readAssignment } from "./assignment.js";
import { heldTo, heldToGiven, partLabel } from "./parts.js";
import { asShown, readSubmission, SUBMISSION } from "./submission.js";

/** @import { Experiment, OpenAssignment, Unpack } from "../document/types.js" */
/** @import { Assignment } from "./assignment.js" */
/** @import { Submission } from "./submission.js" */

/**
 * @param {string} hash
 * @param {Unpack} unpack
 * @returns {Promise<{assignment: OpenAssignment, doc: Record<string, any>}>}   With the experiment to begin with.
 * @throws {Error} where it cannot be read.
 */
export async function openedBy(hash, unpack) {
  if (hash.startsWith(ASSIGNMENT)) {
    const given = readAssignment(await unpack(hash, ASSIGNMENT, "assignment"));
    return { assignment: opened(hash, given, null), doc: given.experiment };
  }
  const submission = readSubmission(await unpack(hash, SUBMISSION, "student’s answer"));
  const { assignment, moves } = submission;
  return {
    assignment: opened(hash, assignment, submission),
    doc: asShown(assignment, moves.at(-1) ?? assignment.experiment),
  };
}

/** @param {string} link @param {Assignment} given @param {Submission|null} submission @returns {OpenAssignment} */
function opened(link, given, submission) {
  // What was handed in is looked at as it was: nothing is left to hold.
  const holds = submission ? {} : given.holds;
  /** The experiment as it was given, with what the service fills in. @type {Experiment|null} */
  let first = null;
  return {
    link,
    title: given.title,
    holds,
    keep(changed, before) {
      first ??= before;
      const one = heldTo(changed, before, holds);
      // Another kind of rule or problem has values of its own, and the way back must lead to those that were given.
      const { doc, kept } = heldToGiven(one.doc, first, holds);
      return { doc, kept: [...new Set([...one.kept, ...kept])].map(partLabel) };
    },
    given,
    submission,
  };
}
