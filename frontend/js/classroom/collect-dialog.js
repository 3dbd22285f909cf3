/** The page of all answers: a paste of many links becomes a table. Nothing of it leaves this machine but goals, to be computed again. */

import { plural } from "../document/number-format.js";
import { h, refill, setText } from "../ui/dom.js";
import { icon } from "../ui/icons.js";
import { createDialog } from "../ui/overlays.js";
import { csvOf, isSubmission, linksIn, ordered, rowOf, verdictSaid, withGoal } from "./answers-table.js";
import { ASSIGNMENT, readAssignment } from "./assignment.js";
import { experimentThatReached, reachedBy, readSubmission, SUBMISSION } from "./submission.js";

/** @import { Order, Row } from "./answers-table.js" */
/** @import { Assignment, GoalQuestion } from "./assignment.js" */
/** @import { Tools } from "./tools.js" */
/** @import { Reached, Submission } from "./submission.js" */

/** @param {Tools} tools */
export function createCollectDialog(tools) {
  const pasted = h("textarea", { class: "text", rows: 4, spellcheck: "false" });
  const said = h("div", { class: "collect-said", role: "status" });
  const table = h("div", {
    class: "collect-table",
    role: "region",
    "aria-label": "Answers",
    tabindex: "0",
    hidden: true,
  });
  const save = h("button", { class: "button", hidden: true, on: { click: saveCsv } }, "Save as CSV");
  const read = h(
    "button",
    { class: "button button--accent", on: { click: () => void collect() } },
    "Show the table",
  );
  const el = createDialog(
    "Collect answers",
    h(
      "label",
      { class: "field" },
      h("span", {}, "Links that students sent: paste them all, with whatever stands between them"),
      pasted,
    ),
    h(
      "p",
      { class: "asked__note" },
      "With the assignment’s own link among them they are judged by that; without it, by the first. Only whether a goal was reached is asked of the service, which computes it again; nothing is stored.",
    ),
    h("div", { class: "button-row button-row--wrap" }, read, save),
    said,
    table,
  );
  el.classList.add("dialog--collect");
  let rows = /** @type {Row[]} */ ([]);
  let set = /** @type {Assignment|null} */ (null);
  let order = /** @type {Order} */ ({ by: "name", down: false });
  let reading = 0;

  async function collect() {
    const now = ++reading;
    rows = [];
    try {
      const links = linksIn(pasted.value);
      if (links.length === 0) throw new Error("There is no link of an answer in this text.");
      const { submissions, assignments, faults } = await readAll(links, tools);
      if (now !== reading) return;
      set = assignments[0] ?? submissions[0]?.submission.assignment ?? null;
      rows = set
        ? submissions.map(({ link, submission }) => rowOf(link, submission, /** @type {Assignment} */ (set)))
        : [];
      say(faults);
    } catch (fault) {
      say([fault instanceof Error ? fault.message : String(fault)]);
    }
    show();
    await checkGoals(now);
  }

  /** Goals are claimed in the link; the service says whether they were met. @param {number} now */
  async function checkGoals(now) {
    for (const { link, submission } of rows) {
      for (const [at, question] of submission.assignment.questions.entries()) {
        const reached = submission.answers[at];
        if (question.kind !== "goal" || reached === null) continue;
        const met = await isMet(submission, question, /** @type {Reached} */ (reached));
        if (now !== reading) return;
        if (met === null) continue;
        rows = rows.map((row) => (row.link === link ? withGoal(row, at, met) : row));
        show();
      }
    }
  }

  /** Null where it could not be computed. @param {Submission} submission @param {GoalQuestion} goal @param {Reached} reached */
  async function isMet({ assignment }, goal, reached) {
    try {
      const { runs } = await tools.compute(experimentThatReached(assignment, reached));
      return reachedBy(goal, runs) !== null;
    } catch {
      return null;
    }
  }

  /** @param {string[]} faults */
  function say(faults) {
    const others = rows.filter(({ other }) => other).length;
    const words = [
      rows.length > 0 && `${plural(rows.length, "answer")} to “${set?.title}”.`,
      others > 0 && `${plural(others, "of them answers", "of them answer")} another assignment: marked so.`,
    ].filter(Boolean);
    refill(
      said,
      words.length > 0 && h("p", {}, words.join(" ")),
      ...faults.slice(0, 5).map((fault) => h("p", { class: "field__error" }, fault)),
      faults.length > 5 &&
        h("p", { class: "field__error" }, `${plural(faults.length - 5, "link")} more could not be read.`),
    );
  }

  function show() {
    table.hidden = save.hidden = rows.length === 0;
    const focused = /** @type {HTMLElement|null} */ (document.activeElement)?.dataset.by;
    refill(table, rows.length > 0 && set && tableOf(ordered(rows, order), set, order, sortBy, tools));
    if (focused) /** @type {HTMLElement|null} */ (table.querySelector(`[data-by="${focused}"]`))?.focus();
  }

  /** @param {Order["by"]} by */
  function sortBy(by) {
    order = { by, down: order.by === by ? !order.down : by === "right" || by === "moves" };
    show();
  }

  function saveCsv() {
    if (!set) return;
    const text = csvOf(ordered(rows, order), set, tools.addressOf);
    tools.save(new Blob([text], { type: "text/csv;charset=utf-8" }), "answers.csv");
  }

  return {
    el,
    open() {
      setText(said, "");
      if (!el.open) el.showModal();
      pasted.focus();
    },
  };
}

/** @param {string[]} links @param {Tools} tools */
async function readAll(links, tools) {
  const submissions = /** @type {{link: string, submission: Submission}[]} */ ([]);
  const assignments = /** @type {Assignment[]} */ ([]);
  const faults = /** @type {string[]} */ ([]);
  for (const [at, link] of links.entries()) {
    try {
      if (isSubmission(link))
        submissions.push({
          link,
          submission: readSubmission(await tools.unpack(link, SUBMISSION, "student’s answer")),
        });
      else assignments.push(readAssignment(await tools.unpack(link, ASSIGNMENT, "assignment")));
    } catch (fault) {
      faults.push(`Link ${at + 1}: ${fault instanceof Error ? fault.message : fault}`);
    }
  }
  return { submissions, assignments, faults };
}

/**
 * @param {Row[]} rows @param {Assignment} set @param {Order} order @param {(by: Order["by"]) => void} sortBy @param {Tools} tools
 */
function tableOf(rows, set, order, sortBy, tools) {
  const heads = /** @type {[Order["by"], string, string][]} */ ([
    ["name", "Name", "Name"],
    ...set.questions.map(({ text }, at) => [at, `${at + 1}`, text]),
    ["right", "Right", "Right"],
    ["moves", "Changes", "Changes"],
  ]);
  const head = heads.map(([by, label, title]) => {
    const sorted = order.by === by ? (order.down ? "descending" : "ascending") : "none";
    return h(
      "th",
      { scope: "col", "aria-sort": sorted },
      h(
        "button",
        { class: "sort", title, data: { by: String(by) }, on: { click: () => sortBy(by) } },
        label,
        sorted !== "none" && icon("down", order.down ? "" : "sort__up"),
      ),
    );
  });
  return h(
    "table",
    { class: "answers" },
    h(
      "thead",
      {},
      h("tr", {}, ...head, h("th", { scope: "col" }, h("span", { class: "visually-hidden" }, "Open"))),
    ),
    h("tbody", {}, ...rows.map((row) => lineOf(row, set, tools))),
  );
}

const SIGNS = /** @type {Record<string, Parameters<typeof icon>[0]>} */ ({
  right: "check",
  wrong: "close",
  unread: "help",
});

/** @param {Row} row @param {Assignment} set @param {Tools} tools */
function lineOf({ link, submission, cells, right, other }, set, tools) {
  const name = submission.name || "–";
  return h(
    "tr",
    {},
    h(
      "th",
      { scope: "row" },
      h("bdi", {}, name),
      other && h("span", { class: "answers__other" }, "another assignment"),
    ),
    ...set.questions.map((_, at) => {
      const { said, verdict } = cells[at] ?? { said: "", verdict: "empty" };
      const words = verdictSaid(verdict);
      const sign = SIGNS[verdict];
      return h(
        "td",
        { data: { verdict }, title: words },
        sign && icon(sign),
        h("span", {}, said || "–"),
        words &&
          h("span", { class: verdict === "claimed" ? "answers__other" : "visually-hidden" }, ` ${words}`),
      );
    }),
    h("td", {}, `${right} of ${cells.length}`),
    h("td", {}, String(submission.count)),
    h(
      "td",
      {},
      h(
        "a",
        {
          href: tools.addressOf(link),
          target: "_blank",
          rel: "noopener",
          "aria-label": `Open ${name}’s answers`,
        },
        "Open",
      ),
    ),
  );
}
