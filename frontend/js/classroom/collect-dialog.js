/** The page of all answers: a paste of many links becomes a table. Nothing of it leaves this machine but goals, to be computed again. */

import { plural } from "../document/number-format.js";
import { h, refill, setText } from "../ui/dom.js";
import { icon } from "../ui/icons.js";
import { createDialog } from "../ui/overlays.js";
import { cellAt, csvOf, linksIn, ordered, rowOf, verdictSaid, withCell } from "./answers-table.js";
import { createGoalCheck, readAll } from "./collected.js";

/** @import { Tools } from "../document/types.js" */
/** @import { Order, Row } from "./answers-table.js" */
/** @import { Assignment } from "./assignment.js" */

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
    const check = createGoalCheck(tools.compute);
    for (const { link, submission, cells } of rows) {
      for (const [at, cell] of cells.entries()) {
        if (cell.verdict !== "claimed") continue;
        const checked = await check(submission, at, cell);
        if (now !== reading) return;
        rows = rows.map((row) => (row.link === link ? withCell(row, at, checked) : row));
        show();
      }
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
function lineOf(row, set, tools) {
  const { link, submission, cells, right, other } = row;
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
      const cell = cellAt(row, at);
      const { said, verdict, why } = cell;
      const words = verdictSaid(cell);
      const sign = SIGNS[verdict];
      return h(
        "td",
        { data: { verdict }, title: words },
        sign && icon(sign),
        h("span", {}, said || "–"),
        words &&
          h(
            "span",
            { class: why || verdict === "claimed" ? "answers__other" : "visually-hidden" },
            ` ${words}`,
          ),
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
