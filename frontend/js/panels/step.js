/** The Step view: the next step's rule with its numbers, its arrows, and what follows from where it stands. */

import { formatCount } from "../document/number-format.js";
import { closeUp, memoryOf, pairOf, rulesOf, stepFacts } from "../model/step-breakdown.js";
import { h, refill, setText } from "../ui/dom.js";
import { createParameterChooser } from "../ui/parameter-chooser.js";
import { createStudyQuery } from "../ui/study-query.js";
import { helpTip, listFacts } from "../ui/term.js";
import { ASPECT, createVectors } from "../ui/vectors.js";
import { isOpen } from "./panel.js";
import { createShowButton } from "./show-button.js";
import { createFolds } from "./step-folds.js";

/** @typedef {import("../document/types.js").Frame} Frame */
/** @typedef {import("../document/types.js").Pair} Pair */

/** @type {import("./panel.js").Panel} */
export const STEP = {
  name: "step",
  label: "Step",
  place: 30,
  create: createStep,
};

/**
 * @param {HTMLElement} element
 * @param {import("../document/types.js").Store} store
 * @param {import("../document/types.js").Actions} actions
 * @param {import("../ui/study-query.js").Questions} questions
 */
function createStep(element, store, actions, questions) {
  let parameter = 0;
  const open = () => isOpen(element);
  const title = h("h2", {}, "Step");
  const chooser = createParameterChooser("whose numbers are shown", (value) => {
    parameter = value;
    autopsy.refresh();
  });
  const rules = h("ol", { class: "rules" });
  const memory = h("dl", { class: "facts" });
  const facts = h("dl", { class: "facts step-facts" });
  const vectors = createVectors("Gradient and step as arrows on the surface around the point");
  const key = h(
    "p",
    { class: "vector-key" },
    h("span", { class: "key-downhill" }, "−g (its direction)"),
    h("span", { class: "key-step" }, "the step"),
  );
  const show = createShowButton(store, actions, {
    overlay: "arrows",
    on: "step",
    off: "none",
    what: "the step’s arrows",
  });
  const refusal = h("p", { class: "caption", role: "status", hidden: true });
  const body = h(
    "div",
    { class: "step-body" },
    h("div", { class: "step-chooser" }, h("span", {}, "numbers of"), chooser.el),
    rules,
    memory,
    facts,
    vectors.el,
    h("div", { class: "vector-foot" }, key, show),
  );
  const more = h("div", { class: "step-folds" });
  element.append(h("div", { class: "view-head" }, title, helpTip(store, "step")), refusal, body, more);
  createFolds(more, store, actions, open, questions);

  const autopsy = createStudyQuery(store, actions, open, {
    ask: () => ({ study: { kind: "autopsy", parameter }, onRun: true }),
    show(frame, place) {
      refusal.hidden = true;
      body.hidden = false;
      draw(frame, place);
    },
    refuse(words) {
      if (parameter !== 0) {
        parameter = 0;
        return autopsy.refresh();
      }
      refusal.hidden = false;
      body.hidden = true;
      setText(refusal, words);
    },
  });

  /** @param {Frame} frame @param {Record<string, any>} place */
  function draw(frame, { run, step }) {
    const { meta } = frame;
    setText(
      title,
      `${store.get().runs[run]?.label ?? meta.label}: step ${formatCount(step)} → ${formatCount(step + 1)}`,
    );
    chooser.draw(meta.names, parameter, meta.parameter_name);
    refill(
      rules,
      ...rulesOf(meta).map(({ symbols, numbers }) =>
        h(
          "li",
          {},
          h("span", { class: "rule-symbols" }, symbols),
          numbers && h("span", { class: "rule-numbers" }, numbers),
        ),
      ),
    );
    listFacts(memory, memoryOf(meta), store);
    listFacts(facts, stepFacts(frame, parameter), store);
    drawVectors(frame);
  }

  /** @param {Frame} frame */
  function drawVectors({ arrays }) {
    const { surface, plane } = store.get();
    vectors.el.hidden = key.hidden = !surface || !plane;
    if (!surface || !plane) return;
    const at = pairOf(arrays.at.data);
    const step = pairOf(arrays.arrows.step.data);
    const downhill = pairOf(arrays.arrows.downhill.data);
    // The gradient is not a step: what is drawn is its direction, as long as the step or so.
    const color = store.get().runs[store.get().focus]?.color ?? "--accent";
    key.style.setProperty("--run", color);
    const length = Math.hypot(...step) / (Math.hypot(...downhill) || 1);
    const direction = /** @type {Pair} */ (downhill.map((part) => part * length));
    vectors.show({
      surface,
      at,
      extent: closeUp(at, [step, direction], plane.extent, ASPECT),
      vectors: [
        { along: direction, color: "#ffffff", width: 2 },
        { along: step, color, width: 3 },
      ],
    });
  }

  store.watch(["theme", "presenting"], () => requestAnimationFrame(vectors.draw));
  new ResizeObserver(autopsy.refresh).observe(element);
}
