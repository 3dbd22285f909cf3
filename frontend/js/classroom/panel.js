/** The assignment beside the picture: the task, its questions, and the link that hands the answers in. */

import { plural } from "../document/number-format.js";
import { h, reachable, refill, setText } from "../ui/dom.js";
import { icon } from "../ui/icons.js";
import { createAsked } from "./asked.js";
import { MOST } from "./bounds.js";
import { createCopyBox } from "./copy-box.js";
import { headOf, paragraphs, placesOf } from "./panel-parts.js";
import { PARTS } from "./parts.js";
import { createRecord } from "./record.js";
import { createReplay } from "./replay.js";
import { packedSubmission, SUBMISSION } from "./submission.js";

/** @import { Actions, OpenAssignment, Store, Tools } from "../document/types.js" */
/** @import { Assignment } from "./assignment.js" */

/**
 * @param {HTMLElement} element
 * @param {Store} store
 * @param {Actions} actions
 * @param {Tools} tools
 */
export function createPanel(element, store, actions, tools) {
  let shown = /** @type {OpenAssignment|null} */ (null);
  let end = () => {};
  const body = h("div", { class: "assignment__body" });
  reachable(element, body);

  store.watch(["assignment"], ({ assignment }) => {
    if (assignment === shown) return;
    end();
    end = () => {};
    shown = assignment;
    element.hidden = !assignment;
    if (!assignment) return;
    element.setAttribute("aria-label", assignment.submission ? "A student’s answers" : "Assignment");
    end = assignment.submission
      ? createReplay(body, assignment, store, actions, leave)
      : fill(body, assignment, store, actions, tools, leave);
    refill(element, body);
    element.scrollTop = 0;
  });

  function leave() {
    store.set({ assignment: null, places: [], click: "start" });
    document.getElementById("stage")?.focus();
  }
}

/**
 * @param {HTMLElement} body
 * @param {OpenAssignment} opened
 * @param {Store} store
 * @param {Actions} actions
 * @param {Tools} tools
 * @param {() => void} leave
 */
function fill(body, opened, store, actions, tools, leave) {
  const assignment = /** @type {Assignment} */ (opened.given);
  const record = createRecord(opened, store, () => queueMicrotask(update));
  const asked = assignment.questions.map((question, at) =>
    createAsked(question, at, {
      store,
      actions,
      feedback: assignment.feedback,
      get: () => record.get().answers[at],
      set: (answer) => record.answer(at, answer),
    }),
  );
  const handIn = createHandIn(record, tools);
  refill(
    body,
    headOf(assignment.title, "Leave the assignment", leave),
    ...paragraphs(assignment.task),
    heldNote(assignment),
    asked.length > 0 && h("ol", { class: "asked-list" }, ...asked.map(({ el }) => el)),
    handIn.el,
  );

  function update() {
    const state = store.get();
    for (const each of asked) each.update(state);
    handIn.update();
    store.set({ places: placesOf(assignment, record.get().answers) });
  }
  update();
  const stops = [
    record.stop,
    store.watch(["arrived", "phase"], (state) => asked.forEach((each) => each.update(state))),
  ];
  return () => {
    stops.forEach((stop) => stop());
    store.set({
      places: [],
      ...(store.get().click === "mark" ? { click: /** @type {const} */ ("start") } : {}),
    });
  };
}

/** What cannot be changed, in a line. @param {Assignment} assignment */
function heldNote({ holds }) {
  const fixed = PARTS.filter(({ name }) => holds[name] === "fixed").map(({ label }) => label.toLowerCase());
  if (fixed.length === 0) return null;
  return h("p", { class: "assignment__held" }, icon("lock"), h("span", {}, `Fixed: ${fixed.join(", ")}.`));
}

/** @param {ReturnType<typeof createRecord>} record @param {Tools} tools @returns {{el: HTMLElement, update: () => void}} */
function createHandIn(record, tools) {
  const name = h("input", {
    type: "text",
    class: "text",
    maxlength: MOST.name,
    value: record.get().name,
    on: { input: () => record.sign(name.value) },
  });
  const copy = createCopyBox("Copy my answer", async () =>
    tools.addressOf(await tools.pack(packedSubmission(record.get()), SUBMISSION)),
  );
  const said = h("p", { class: "assignment__held" });
  return {
    el: h(
      "form",
      { class: "hand-in", on: { submit: (event) => event.preventDefault() } },
      h("label", {}, h("span", { class: "asked-text" }, "Your name"), name),
      said,
      copy.el,
    ),
    update() {
      const { answers, count } = record.get();
      const open = answers.filter((answer) => answer === null).length;
      setText(said, handInSaid(answers.length, open, count));
      copy.outdate();
    },
  };
}

/** @param {number} asked @param {number} open @param {number} moves */
function handInSaid(asked, open, moves) {
  const answered = asked === 0 ? "" : `${asked - open} of ${asked} answered. `;
  const done = `your name, your answers and ${moves > MOST.moves ? `the last ${MOST.moves} of your ${moves} changes` : `the ${plural(moves, "change")} that you made`}`;
  return `${answered}The link holds ${done}: send it to whoever set this. Nothing is stored on the server.`;
}
