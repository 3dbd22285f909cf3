/** A button of a view that puts what it is about on the stage too, as a layer over the surface. */

import { looksOf } from "../document/view.js";
import { h } from "../ui/dom.js";

/**
 * @param {import("../document/types.js").Store} store
 * @param {import("../document/types.js").Actions} actions
 * @param {{overlay: "arrows"|"quadratic_model", on: any, off: any, what: string}} choice   What the overlay is switched to and from, and its name.
 */
export function createShowButton(store, actions, { overlay, on, off, what }) {
  const button = h(
    "button",
    {
      type: "button",
      class: "quiet show-button",
      "aria-label": `Show on the picture: ${what}`,
      "aria-pressed": "false",
      on: { click: toggle },
    },
    "Show on the picture",
  );
  const shown = () => looksOf(store.get())[overlay] === on;

  function toggle() {
    const show = !shown();
    actions.change(["view", "overlays", overlay], show ? on : off);
    if (show && store.get().doc?.view.stage === "lab") actions.change(["view", "stage"], "3d");
  }

  store.watch(["doc", "problem"], () => button.setAttribute("aria-pressed", String(shown())));
  return button;
}
