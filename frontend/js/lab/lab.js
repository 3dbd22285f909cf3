/** The lab: the network taken apart, in the stage's place. One section at a time, for one of the examples. */

import { formatCount } from "../document/number-format.js";
import { exampleCount, exampleOf } from "../document/view.js";
import { placeSaid } from "../model/cursor.js";
import { h, setText } from "../ui/dom.js";
import { createSegments } from "../ui/inputs.js";
import { createBackprop } from "./backprop.js";
import { createChain } from "./chain.js";
import { createCostShares } from "./cost.js";
import { createNudge } from "./nudge.js";
import { createLineSection } from "./unit-lines.js";

/** @import { Actions, Store } from "../document/types.js" */
/** @import { CreateSection } from "./section.js" */

/** @type {{name: string, label: string, create: CreateSection}[]} */
const SECTIONS = [
  { name: "chain", label: "Chain", create: createChain },
  { name: "lines", label: "Lines", create: createLineSection },
  { name: "backprop", label: "Backprop", create: createBackprop },
  { name: "nudge", label: "Nudge", create: createNudge },
  { name: "cost", label: "Cost", create: createCostShares },
];

/** @param {HTMLElement} element @param {Store} store @param {Actions} actions */
export function createLab(element, store, actions) {
  const choices = SECTIONS.map(({ name, label }) => ({ value: name, label }));
  const segments = createSegments("Part of the lab", choices, (name) =>
    actions.change(["view", "lab"], name),
  );
  const example = createExample(store, actions);
  const host = h("div", { class: "lab-body" });
  const where = h("p", { class: "lab-where" });
  element.append(
    h("div", { class: "lab-head" }, segments.el, h("div", { class: "lab-about-what" }, where, example.el)),
    host,
  );
  const at = (/** @type {Record<string, any>} */ place) => setText(where, placeSaid(store.get(), place));
  const sections = new Map(
    SECTIONS.map(({ name, create }) => {
      const panel = h("div", { class: `lab-section lab-${name}`, hidden: true });
      host.append(panel);
      const open = () => !panel.hidden && panel.clientWidth > 0;
      create(panel, store, actions, open, at);
      return [name, panel];
    }),
  );
  let shown = "";

  store.watch(["doc"], ({ doc }) => {
    const lab = doc?.view.stage === "lab";
    const asked = doc?.view.lab ?? "";
    const name = sections.has(asked) ? asked : "chain";
    const now = lab ? name : "";
    if (now === shown) return;
    shown = now;
    segments.set(name);
    for (const [own, panel] of sections) panel.hidden = own !== name;
  });
  store.watch(["data"], (state) => {
    example.el.hidden = exampleCount(state) === 0;
  });
}

/** Which of the examples is followed. @param {Store} store @param {Actions} actions */
function createExample(store, actions) {
  const words = h("output", { class: "lab-example__value" });
  /** @param {number} by */
  const go = (by) => {
    const state = store.get();
    const count = exampleCount(state) || 1;
    actions.change(["view", "example"], (exampleOf(state) + by + count) % count);
  };
  const button = (
    /** @type {"back"|"forward"} */ name,
    /** @type {string} */ label,
    /** @type {number} */ by,
  ) =>
    h(
      "button",
      { class: "stepper__button", "aria-label": label, on: { click: () => go(by) } },
      name === "back" ? "‹" : "›",
    );
  const el = h(
    "div",
    { class: "lab-example", role: "group", "aria-label": "Example" },
    button("back", "Example before", -1),
    words,
    button("forward", "Next example", 1),
  );
  store.watch(["doc", "data"], (state) => {
    setText(words, `example ${formatCount(exampleOf(state) + 1)} of ${formatCount(exampleCount(state))}`);
  });
  return { el };
}
