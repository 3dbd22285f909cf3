/** The Network view: what the network of one run answers at the cursor. */

import { formatRunning } from "../document/number-format.js";
import { answersOf, caption, confusionOf, examplesOf, fitOf } from "../plot/answers.js";
import { createDataPlane } from "../ui/data-plane.js";
import { h, refill, setText } from "../ui/dom.js";
import { listFacts } from "../ui/term.js";
import { createClassified } from "./classified.js";
import { createDataNames } from "./data-names.js";

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
  const words = h("p", { class: "caption" });
  const facts = h("dl", { class: "facts" });
  const more = h("div", { class: "network-more" });
  const plane = createDataPlane(picture);
  const names = createDataNames(picture);
  element.append(chips, picture, names.el, words, facts, more);
  const classified = createClassified(more);
  let wanted = 0;

  new ResizeObserver(schedule).observe(picture);
  store.watch(["inspection", "data", "theme"], schedule);
  store.watch(["runs", "focus"], ({ runs, focus }) => drawChips(chips, runs, focus, actions));

  function schedule() {
    wanted ||= requestAnimationFrame(draw);
  }

  function draw() {
    wanted = 0;
    const { inspection, data, runs, theme, problem } = store.get();
    const run = inspection && runs[inspection.run];
    if (!run || !problem || element.clientWidth === 0) return;
    const answers = answersOf(inspection, data);
    picture.hidden = answers === null;
    if (answers) plane.draw(answers, theme);
    names.show(answers, inspection, data);
    const said = answers
      ? caption(inspection, run.label)
      : `This problem is a formula: its two parameters are the whole of it, and there is no network to show.`;
    setText(words, said);
    picture.setAttribute("aria-label", said);
    drawFacts(facts, inspection, answers !== null, store);
    classified.show(examplesOf(inspection), confusionOf(inspection, data));
  }
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
            style: { "--run": run.color },
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
  const facts = [
    ["cost C", formatRunning(meta.cost)],
    ["gradient’s norm ‖∇C‖", formatRunning(meta.grad_norm)],
  ];
  if (network) facts.unshift(...fitOf(inspection));
  else if (inspection.arrays.at)
    facts.unshift([
      "point (x, y)",
      Array.from(inspection.arrays.at.data, (/** @type {number} */ value) => formatRunning(value)).join(", "),
    ]);
  if (meta.test_cost !== null && meta.test_cost !== undefined)
    facts.push(["test cost", formatRunning(meta.test_cost)]);
  listFacts(list, facts, store);
}
