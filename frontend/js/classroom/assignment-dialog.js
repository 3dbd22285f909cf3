/** Where a teacher makes an assignment of the experiment on show: what is held, the task, the questions, the link. */

import { h, refill, setText } from "../ui/dom.js";
import { icon } from "../ui/icons.js";
import { createSelect } from "../ui/inputs.js";
import { recall, remember } from "../ui/memory.js";
import { createDialog } from "../ui/overlays.js";
import { ASSIGNMENT, newAssignment, newQuestion, readAssignment } from "./assignment.js";
import { MOST } from "./bounds.js";
import { createCopyBox } from "./copy-box.js";
import { PARTS } from "./parts.js";
import { areaField, createQuestionForm, textField } from "./question-form.js";
import { reachedBy } from "./submission.js";

/** @import { Hold } from "./parts.js" */
/** @import { Store, Tools } from "../document/types.js" */
/** @import { Assignment, Question } from "./assignment.js" */

const DRAFT = "assignment-draft";
const HOLDS = /** @type {{value: Hold, label: string}[]} */ ([
  { value: "free", label: "free" },
  { value: "fixed", label: "fixed" },
  { value: "hidden", label: "hidden" },
]);
/** What can be asked, as the buttons say it. @type {[Question["kind"], string][]} */
const KINDS = [
  ["choice", "A choice"],
  ["number", "A number"],
  ["place", "A place on the picture"],
  ["goal", "A cost to get below"],
];

/** @param {Store} store @param {Tools} tools */
export function createAssignmentDialog(store, tools) {
  let draft = newAssignment({});
  const form = h("form", { class: "assignment-form", on: { submit: (event) => event.preventDefault() } });
  const el = createDialog("Make an assignment", form);
  el.classList.add("dialog--wide");

  /** The draft as it is handed out: what is not yet said is told. @returns {Assignment} */
  function finished() {
    try {
      return readAssignment({ ...draft, experiment: tools.experiment() });
    } catch (fault) {
      throw new Error(inTheForm(/** @type {Error} */ (fault).message));
    }
  }
  const link = async () => tools.addressOf(await tools.pack(finished(), ASSIGNMENT));
  const copy = createCopyBox("Copy the assignment", link);

  /** @param {Partial<Assignment>} part */
  function change(part) {
    draft = { ...draft, ...part };
    remember(DRAFT, JSON.stringify(draft));
    copy.outdate();
    warn();
  }

  /** A goal that is met from the start asks for nothing. */
  function warn() {
    const { runs } = store.get();
    const met = draft.questions.findIndex((one) => one.kind === "goal" && reachedBy(one, runs) !== null);
    setText(
      reached,
      met < 0 ? "" : `Question ${met + 1}: the experiment as it is set now is below that cost already.`,
    );
  }

  /** @param {number} at @param {Question} question */
  const changeQuestion = (at, question) =>
    change({ questions: draft.questions.map((one, k) => (k === at ? question : one)) });

  const questions = h("ol", { class: "question-forms" });
  function showQuestions() {
    refill(
      questions,
      ...draft.questions.map((question, at) =>
        createQuestionForm(question, {
          store,
          dialog: el,
          change: (next) => changeQuestion(at, next),
          remove: () => put(draft.questions.filter((_, k) => k !== at)),
          raise: at === 0 ? null : () => put(swapped(draft.questions, at)),
        }),
      ),
    );
    for (const [button, kind] of adders) button.disabled = !canAsk(kind);
  }

  /** @param {Question[]} next */
  function put(next) {
    change({ questions: next });
    showQuestions();
  }

  /** @param {Question["kind"]} kind */
  const canAsk = (kind) =>
    draft.questions.length < MOST.questions && (kind !== "place" || store.get().problem?.exact === true);

  const adders = KINDS.map(([kind, label]) => {
    const add = () => {
      put([...draft.questions, newQuestion(kind, store.get().plane?.extent)]);
      /** @type {HTMLElement|null} */ (
        questions.lastElementChild?.querySelector("textarea, input") ?? null
      )?.focus();
    };
    return /** @type {[HTMLButtonElement, Question["kind"]]} */ ([
      h("button", { class: "button", on: { click: add } }, icon("plus"), label),
      kind,
    ]);
  });
  const reached = h("p", { class: "asked__note asked__note--warn", role: "status" });
  const placeNote = h("p", { class: "asked__note" });

  function fill() {
    const title = textField("Title", draft.title, MOST.title, (value) => change({ title: value }));
    const task = areaField("Task", draft.task, MOST.task, 4, (value) => change({ task: value }));
    const feedback = h("input", { type: "checkbox", checked: draft.feedback });
    feedback.addEventListener("input", () => change({ feedback: feedback.checked }));
    setText(
      placeNote,
      store.get().problem?.exact
        ? ""
        : "A place can be asked where the picture shows both parameters: a slice moves with what is changed.",
    );
    refill(
      form,
      h("p", { class: "asked__note" }, "Of the experiment on show, as it is set now."),
      title,
      task,
      holdsField(draft, change),
      h(
        "fieldset",
        { class: "plain-field" },
        h("legend", {}, "Questions"),
        questions,
        h("div", { class: "button-row button-row--wrap" }, ...adders.map(([button]) => button)),
        placeNote,
      ),
      h(
        "label",
        { class: "check-line" },
        feedback,
        h("span", {}, "Tell students at once what is right and what is not"),
      ),
      h(
        "p",
        { class: "asked__note" },
        "The right answers travel in the link, packed: nobody reads them at a glance, but whoever wants to can unpack them. It is no examination.",
      ),
      reached,
      h("div", { class: "assignment-foot" }, preview, again, copy.el),
    );
    showQuestions();
    warn();
  }

  const preview = h("button", { class: "button", on: { click: look } }, "Preview in a new tab");
  const again = h("button", { class: "button button--plain", on: { click: clear } }, "Begin anew");

  async function look() {
    // A window that opens later than the click is taken for one that nobody asked for.
    const opened = window.open("about:blank", "_blank");
    try {
      const address = await link();
      if (opened) opened.location.href = address;
      else store.set({ notice: "The browser opened no window: copy the assignment in place of it." });
    } catch (fault) {
      opened?.close();
      copy.complain(fault instanceof Error ? fault.message : String(fault));
    }
  }

  function clear() {
    draft = newAssignment({});
    change({});
    fill();
  }

  return {
    el,
    open() {
      const { assignment } = store.get();
      if (assignment && !assignment.submission) draft = assignment.given;
      else draft = rememberedDraft() ?? draft;
      fill();
      if (!el.open) el.showModal();
    },
  };
}

/** A refusal by the names that the form has for what it names. @param {string} words */
const inTheForm = (words) =>
  words
    .replace(/^questions\[(\d+)\]\.(?:choices\[(\d+)\])?/, (_, at, choice) =>
      choice ? `Question ${Number(at) + 1}, choice ${Number(choice) + 1},` : `Question ${Number(at) + 1}: `,
    )
    .replace(/^title/, "Title");

/** @returns {Assignment|null} */
function rememberedDraft() {
  try {
    const kept = JSON.parse(recall(DRAFT) ?? "null");
    // What is half written is no assignment yet: where it is not of this shape at all it is left.
    const { title, task, questions } = kept;
    if (typeof title !== "string" || typeof task !== "string" || !Array.isArray(questions)) return null;
    const known = questions.filter(({ kind }) => KINDS.some(([one]) => one === kind));
    return { ...newAssignment({}), ...kept, questions: known, holds: Object(kept.holds), experiment: {} };
  } catch {
    return null;
  }
}

/** @param {Question[]} questions @param {number} at @returns {Question[]} */
const swapped = (questions, at) =>
  questions.map((one, k) => (k === at ? questions[at - 1] : k === at - 1 ? questions[at] : one));

/** @param {Assignment} draft @param {(part: Partial<Assignment>) => void} change */
function holdsField(draft, change) {
  let holds = draft.holds;
  const rows = PARTS.map(({ name, label }) => {
    const select = createSelect(HOLDS, (/** @type {Hold} */ hold) => {
      const { [name]: _, ...others } = holds;
      holds = hold === "free" ? others : { ...others, [name]: hold };
      change({ holds });
    });
    select.set(holds[name] ?? "free");
    return h("label", { class: "hold" }, h("span", {}, label), select.main);
  });
  return h(
    "fieldset",
    { class: "plain-field" },
    h("legend", {}, "What students may change"),
    h("div", { class: "holds" }, ...rows),
    h(
      "p",
      { class: "asked__note" },
      "Fixed knobs are seen and cannot be moved; hidden ones are not seen either.",
    ),
  );
}
