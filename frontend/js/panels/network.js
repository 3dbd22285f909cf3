/** The Network view: what the network of one run answers at the cursor. */

import { formatRunning } from "../document/number-format.js";
import { mayBeLearnt, placesOf } from "../document/own-points.js";
import { isExplored } from "../document/view.js";
import { answersOf, blankAnswers, caption, confusionOf, examplesOf, fitOf } from "../plot/answers.js";
import { beginningOf } from "../plot/drawn-points.js";
import { createDataPlane, placement } from "../ui/data-plane.js";
import { h, refill, setText } from "../ui/dom.js";
import { icon } from "../ui/icons.js";
import { helpTip, listFacts } from "../ui/term.js";
import { createClassified } from "./classified.js";
import { createDataNames } from "./data-names.js";
import { createDrawBar } from "./draw-bar.js";
import { createPen } from "./pen.js";

/** @import { Answers } from "../plot/answers.js" */
/** @import { Drawing } from "../document/types.js" */
/** @import { Place } from "../ui/data-plane.js" */

const DRAWN_ON =
  "The plane of the data, to be drawn on: arrow keys move, Space adds a point or takes one up, Delete erases, Control Z undoes, Escape ends";

/** @type {import("./panel.js").Panel} */
export const NETWORK = {
  name: "network",
  label: "Network",
  place: 20,
  create: createNetwork,
};

/**
 * @param {HTMLElement} element
 * @param {import("../document/types.js").Store} store
 * @param {import("../document/types.js").Actions} actions
 */
function createNetwork(element, store, actions) {
  const chips = h("div", { class: "chips", role: "group", "aria-label": "Whose network" });
  const picture = h("div", {
    class: "data-picture",
    role: "img",
    "aria-label": "What the network answers over its data",
  });
  const begin = h(
    "button",
    {
      class: "icon-button draw-begin",
      "aria-label": "Draw your own points",
      title: "Draw your own points",
      on: { click: () => actions.beginDrawing(...beginningOf(store.get())) },
    },
    icon("pen"),
  );
  const tools = createDrawBar(store, actions);
  const words = h("span", {});
  const explained = helpTip(store, "hyperplane");
  const answer = h("p", { class: "caption" }, words, " ", explained);
  const facts = h("dl", { class: "facts" });
  const more = h("div", { class: "network-more" });
  const names = createDataNames(picture);
  const drawnOn = h("div", { class: "network-picture" }, picture, begin);
  element.append(chips, tools.el, drawnOn, names.el, tools.said, answer, facts, more);
  const plane = createDataPlane(picture);
  let place = /** @type {Place|null} */ (null);
  const pen = createPen(picture, store, actions, () => place, tools.say);
  const classified = createClassified(more);
  let wanted = 0;

  new ResizeObserver(schedule).observe(picture);
  store.watch(["inspection", "data", "theme", "presenting", "drawing"], schedule);
  store.watch(["drawing"], ({ drawing }) => {
    tools.update(drawing);
    answer.hidden = drawing !== null;
    picture.classList.toggle("drawn-on", drawing !== null);
    if (drawing) picture.tabIndex = 0;
    else picture.removeAttribute("tabindex");
    picture.setAttribute("role", drawing ? "application" : "img");
  });
  store.watch(["runs", "focus"], ({ runs, focus }) => drawChips(chips, runs, focus, actions));

  function schedule() {
    wanted ||= requestAnimationFrame(draw);
  }

  function draw() {
    wanted = 0;
    const { inspection, data, runs, theme, problem, drawing } = store.get();
    const run = inspection && runs[inspection.run];
    if (!run || !problem || element.clientWidth === 0) return;
    const answers = withDrawing(answersOf(inspection, data), drawing);
    picture.hidden = answers === null;
    begin.hidden = drawing !== null || !inspection.meta.outputs?.exact;
    if (answers) plane.draw(answers, theme);
    place = answers && placement(picture, answers.window);
    pen.redraw();
    names.show(answers, inspection, data);
    const said = answers
      ? caption(inspection, run.label)
      : isExplored(store.get().doc)
        ? "This is a model from Python: what it answers, its units and its data are not known here, only its cost."
        : `This problem is a formula: its two parameters are the whole of it, and there is no network to show.`;
    setText(words, said);
    explained.hidden = !said.includes("hyperplane");
    picture.setAttribute("aria-label", drawing ? DRAWN_ON : said);
    drawFacts(facts, inspection, answers !== null, store);
    classified.show(examplesOf(inspection), confusionOf(inspection, data));
  }
}

/**
 * What is seen while points are drawn: these in place of the examples that were learnt, and nothing else where there are none.
 * @param {Answers|null} answers
 * @param {Drawing|null} drawing
 * @returns {Answers|null}
 */
function withDrawing(answers, drawing) {
  if (!drawing) return answers;
  const { points, window } = drawing;
  const kind = points.task === "classes" ? "classes" : "values";
  const shown = mayBeLearnt(points) && answers?.kind === kind ? answers : blankAnswers(kind, window);
  return { ...shown, points: placesOf(points) };
}

/**
 * @param {HTMLElement} row
 * @param {import("../document/types.js").Run[]} runs
 * @param {number} focus
 * @param {import("../document/types.js").Actions} actions
 */
function drawChips(row, runs, focus, actions) {
  row.hidden = runs.length < 2;
  const labels = runs.map(({ label }) => label).join("\n");
  if (row.dataset.labels !== labels) {
    row.dataset.labels = labels;
    refill(
      row,
      ...runs.map((run, index) =>
        h(
          "button",
          {
            type: "button",
            class: "chip",
            style: { "--mark": run.color },
            on: { click: () => actions.focusRun(index) },
          },
          run.label,
        ),
      ),
    );
  }
  [...row.children].forEach((chip, index) => chip.setAttribute("aria-pressed", String(index === focus)));
}

/**
 * @param {HTMLElement} list
 * @param {import("../document/types.js").Inspection} inspection
 * @param {boolean} network
 * @param {import("../document/types.js").Store} store
 */
function drawFacts(list, inspection, network, store) {
  const { meta } = inspection;
  /** @type {[string, string][]} */
  const facts = [["cost C", formatRunning(meta.cost)]];
  if (meta.grad_norm !== null) facts.push(["gradient’s norm ‖∇C‖", formatRunning(meta.grad_norm)]);
  if (network) facts.unshift(...fitOf(inspection));
  else if (inspection.arrays.at && store.get().problem?.exact)
    facts.unshift([
      "point (x, y)",
      Array.from(inspection.arrays.at.data, (/** @type {number} */ value) => formatRunning(value)).join(", "),
    ]);
  if (meta.test_cost !== null && meta.test_cost !== undefined)
    facts.push(["test cost", formatRunning(meta.test_cost)]);
  listFacts(list, facts, store);
}
