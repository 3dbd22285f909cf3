/** What is to be learned from a table, chosen beside what its columns hold. */

import { formatCount, plural } from "../document/number-format.js";
import { canBeTarget, firstChoice, isEither, isUsable } from "../document/tables.js";
import { h, refill, setText } from "../ui/dom.js";
import { createSegments, createSelect } from "../ui/inputs.js";

/** @import { Choice, ColumnSeen, TableSeen } from "../document/tables.js" */

const TASKS = [
  { value: "classes", label: "Classes", title: "Every value is the name of a class" },
  { value: "regression", label: "A number", title: "Values are near or far from one another" },
];
const MISSING = [
  { value: "drop", label: "Leave the row out" },
  { value: "mean", label: "Fill it in", title: "With the column’s mean, or its most frequent category" },
];

/** @param {TableSeen} table @param {Choice} first */
export function createChoices(table, first) {
  let choice = first;
  const learned = () => /** @type {ColumnSeen} */ (table.columns.find(({ name }) => name === choice.target));

  const targets = table.columns.filter(canBeTarget).map(({ name }) => ({ value: name, label: name }));
  const target = createSelect(targets, (name) => {
    choice = { ...firstChoice(table, name), missing: choice.missing };
    show();
  });
  const task = createSegments("What kind of value is learned", TASKS, (kind) => {
    choice = { ...choice, task: /** @type {Choice["task"]} */ (kind) };
    show();
  });
  const missing = createSegments("Where a cell is missing", MISSING, (kind) => {
    choice = { ...choice, missing: /** @type {Choice["missing"]} */ (kind) };
    show();
  });
  const missingRow = line("Where a cell is missing", missing.el);
  const rows = table.columns.map((column) => createColumn(column, use));
  const said = h("p", { class: "table-said", role: "status" });

  /** @param {string} name @param {boolean} used */
  function use(name, used) {
    const chosen = new Set(choice.inputs);
    if (used) chosen.add(name);
    else chosen.delete(name);
    // In the table’s own order, however they were chosen.
    choice = {
      ...choice,
      inputs: table.columns.map((column) => column.name).filter((own) => chosen.has(own)),
    };
    show();
  }

  function show() {
    target.set(choice.target);
    task.set(choice.task);
    task.el.hidden = !isEither(learned());
    missing.set(choice.missing);
    missingRow.hidden = !table.columns.some(
      (column) => column.missing > 0 && choice.inputs.includes(column.name),
    );
    for (const row of rows) row.show(choice);
    setText(said, saidOf(choice, learned()));
  }
  show();

  return {
    el: h(
      "div",
      { class: "table-choices" },
      line("Learn", target.main, task.el),
      h("h3", { class: "dialog__subtitle" }, "From these columns"),
      h("ul", { class: "table-columns" }, ...rows.map(({ el }) => el)),
      missingRow,
      createSample(table),
    ),
    said,
    choice: () => choice,
  };
}

/** @param {string} words @param {HTMLElement[]} inputs */
function line(words, ...inputs) {
  const label = h(inputs[0].id ? "label" : "span", { class: "table-line__label" }, words);
  if (inputs[0].id) label.setAttribute("for", inputs[0].id);
  return h("div", { class: "table-line" }, label, ...inputs);
}

/** @param {ColumnSeen} column @param {(name: string, used: boolean) => void} use */
function createColumn(column, use) {
  const box = h("input", { type: "checkbox", class: "table-column__use", disabled: !isUsable(column) });
  box.addEventListener("input", () => use(column.name, box.checked));
  const role = h("span", { class: "table-column__role" });
  const note = h("span", { class: "table-column__note" });
  const el = h(
    "li",
    { class: "table-column" },
    h("label", { class: "table-column__name" }, box, h("span", {}, column.name)),
    role,
    h("span", { class: "table-column__examples" }, column.examples.slice(0, 4).join(" · ")),
    note,
  );
  return {
    el,
    /** @param {Choice} choice */
    show({ target, inputs }) {
      const learned = column.name === target;
      box.checked = inputs.includes(column.name);
      box.disabled = learned || !isUsable(column);
      el.classList.toggle("table-column--target", learned);
      // Of words it says which inputs they become, or that they are none.
      const isWords = column.kind === "category" || column.kind === "text";
      setText(note, learned && isWords ? "" : column.note);
      setText(role, [learned ? "learned" : column.kind, missingSaid(column)].filter(Boolean).join(", "));
    },
  };
}

/** @param {ColumnSeen} column */
const missingSaid = ({ missing }) => (missing > 0 ? `${formatCount(missing)} missing` : "");

/** @param {TableSeen} table */
function createSample({ columns, sample }) {
  const head = h("tr", {}, ...columns.map(({ name }) => h("th", { scope: "col" }, name)));
  const body = sample.map((row) => h("tr", {}, ...row.map((cell) => h("td", {}, cell))));
  const rows = h("table", { class: "table-sample" }, h("thead", {}, head), h("tbody", {}, ...body));
  return h(
    "details",
    { class: "fold" },
    h("summary", { class: "fold__summary" }, `The first ${plural(sample.length, "row")}`),
    h("div", { class: "table-sample__scroll", tabindex: "0", role: "region", "aria-label": "Rows" }, rows),
  );
}

/** @param {Choice} choice @param {ColumnSeen} learned */
function saidOf({ inputs, task }, { distinct, name }) {
  if (inputs.length === 0) return "Choose at least one column to learn from.";
  const from = plural(inputs.length, "column");
  return task === "classes"
    ? `From ${from} to ${formatCount(distinct)} classes of ${name}.`
    : `From ${from} to the number ${name}.`;
}

/** Why a file cannot be a table. @param {HTMLElement} place @param {any} fault @param {() => void} again */
export function showRefusal(place, fault, again) {
  const why = fault.detail || fault.message || "It did not arrive.";
  const detail = why[0].toUpperCase() + why.slice(1);
  refill(
    place,
    h("p", { class: "table-refusal", role: "alert" }, detail),
    h("p", {}, h("button", { class: "button", on: { click: again } }, "Open another file…")),
  );
}
