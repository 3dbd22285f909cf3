/** Each hidden layer bent or not, one press apart. */

import { activationsOf, withActivation } from "../document/activations.js";
import { entryOf } from "../document/changes.js";
import { h, refill } from "../ui/dom.js";

/** @import { Actions, Experiment, Store } from "../document/types.js" */

/** @param {Store} store @param {Actions} actions */
export function createBends(store, actions) {
  let bent = "tanh";
  let key = "";
  const el = h("div", { class: "chips lab-bends", role: "group", "aria-label": "Layers that bend" });
  /** @returns {Partial<Experiment["problem"]>} */
  const problem = () => store.get().doc?.problem ?? {};
  const labelOf = (/** @type {string} */ kind) =>
    entryOf(store.get().catalog?.activations, kind)?.label ?? kind;
  const set = (/** @type {string} */ kind) => actions.change(["problem"], { ...problem(), activation: kind });

  /** @param {number} layer */
  const turn = (layer) =>
    actions.change(
      ["problem"],
      withActivation(problem(), layer, activationsOf(problem())[layer] === "linear" ? bent : "linear"),
    );

  return {
    el,
    draw() {
      const kinds = activationsOf(problem());
      // Rebuilt only when it says something else: a chip torn away under a finger would not answer.
      const now = JSON.stringify([kinds, problem().kind]);
      if (now === key) return;
      key = now;
      bent = kinds.find((kind) => kind !== "linear") ?? bent;
      const linear = kinds.every((kind) => kind === "linear");
      const held = [...el.children].indexOf(/** @type {Element} */ (document.activeElement));
      const chips = kinds.map((kind, layer) =>
        h(
          "button",
          {
            class: "chip",
            "aria-pressed": String(kind !== "linear"),
            on: { click: () => turn(layer) },
          },
          `${problem().kind === "chain" ? "both layers" : `layer ${layer + 1}`}: ${labelOf(kind)}`,
        ),
      );
      const all =
        kinds.length > 0 &&
        !(linear && kinds.length === 1) &&
        h(
          "button",
          { class: "lab-button", on: { click: () => set(linear ? bent : "linear") } },
          linear ? `${labelOf(bent)} everywhere` : "Make every unit linear",
        );
      refill(el, ...chips, all);
      if (held >= 0) /** @type {HTMLElement|undefined} */ (el.children[held])?.focus();
    },
  };
}
