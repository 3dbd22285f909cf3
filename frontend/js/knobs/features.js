/** The features of two inputs as check boxes: each that is on is one input more. */

import { faultAt } from "../document/controls.js";
import { areFeaturesOffered, featureLabel, featuresOf, withFeature } from "../document/features.js";
import { h, setText } from "../ui/dom.js";
import { createRow } from "./knob.js";

/** @import { Context, Part } from "./knob.js" */

const PATH = ["problem", "features"];
const EXPLANATION = {
  title: "Features",
  texts: [
    "Functions of the two inputs that the network gets as further inputs, before they are standardised.",
    "With x₁² and x₂² a single line, w₃x₁² + w₄x₂² + b = 0, is a circle or an ellipse in the plane of the data.",
  ],
};

/** @param {Context} context @returns {Part} */
export function createFeatures({ store, actions }) {
  const { catalog } = store.get();
  const row = createRow("Features", () => EXPLANATION);
  const boxes = (catalog?.features ?? []).map(({ kind, label }) => {
    const input = h("input", { type: "checkbox", class: "feature__box" });
    input.addEventListener("change", () => {
      const { doc } = store.get();
      if (catalog && doc) actions.change(["problem"], withFeature(doc.problem, catalog, kind, input.checked));
    });
    const words = h("span", {}, label);
    return { kind, label, input, words, el: h("label", { class: "feature" }, input, words) };
  });
  const group = h(
    "span",
    { class: "features", role: "group", "aria-label": "Features" },
    ...boxes.map(({ el }) => el),
  );
  row.hold({ main: group });
  return {
    el: row.el,
    update(state) {
      const problem = state.doc?.problem;
      const chosen = featuresOf(problem);
      row.el.hidden = chosen.length === 0 && !areFeaturesOffered(state);
      for (const { kind, label, input, words } of boxes) {
        input.checked = chosen.includes(kind);
        setText(words, featureLabel(label, problem?.dataset));
      }
      row.complain(faultAt(state.fault, PATH));
    },
  };
}
