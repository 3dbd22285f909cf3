/** The card of a point that is looked at in place of the cursor: what it costs, and the two ways on from it. */

import { formatNumber, formatRunning } from "../document/number-format.js";
import { h, setText } from "../ui/dom.js";
import { noteOverlay } from "../ui/overlays.js";

/** @import { Actions, Store } from "../document/types.js" */

/** @param {Record<string, any>} meta */
const saidOf = ({ cost, grad_norm: norm }) =>
  Number.isFinite(cost)
    ? `cost C ${formatRunning(cost)}${norm === null ? "" : `, ‖∇C‖ ${formatRunning(norm)}`}`
    : "the cost has no value here";

/** @param {HTMLElement} stage @param {Store} store @param {Actions} actions */
export function createPointPopover(stage, store, actions) {
  const where = h("strong");
  const text = h("span", { class: "look-text" });
  const start = h("button", { class: "quiet", on: { click: startThere } }, "Start here");
  const back = h(
    "button",
    { class: "quiet", on: { click: () => actions.lookAt(null) } },
    "Back to the cursor",
  );
  const card = h(
    "div",
    { class: "point-popover", hidden: true, role: "status" },
    where,
    text,
    h("span", { class: "look-ways" }, start, back),
  );
  stage.append(card);

  function startThere() {
    const { look } = store.get();
    actions.lookAt(null);
    if (look) actions.startAt(look.at);
  }

  store.watch(["look", "inspection", "plane"], ({ look, inspection, plane }) => {
    if (look && plane && look.plane !== plane.id) return actions.lookAt(null);
    card.hidden = look === null;
    noteOverlay(card, !card.hidden, () => actions.lookAt(null));
    if (!look) return;
    const here = inspection?.at === look.at ? inspection : null;
    setText(where, `Looking at ${look.at.map((value) => formatNumber(value)).join(", ")}`);
    setText(text, here ? saidOf(here.meta) : "…");
    const sloped = store.get().problem?.sloped ?? true;
    start.hidden = !sloped || (here !== null && !Number.isFinite(here.meta.cost));
  });
}
