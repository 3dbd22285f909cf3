/** The stage that fills the window: the bar, the knobs and the views give it their room. */

import { h, refill } from "../ui/dom.js";
import { icon } from "../ui/icons.js";
import { noteOverlay } from "../ui/overlays.js";

/** @import { Store } from "../document/types.js" */

/** @param {HTMLElement} app @param {HTMLElement} stage @param {Store} store */
export function createFill(app, stage, store) {
  const button = h("button", {
    class: "icon-button fill-button",
    on: { click: () => store.set({ filled: !store.get().filled }) },
  });
  stage.querySelector(".stage-buttons")?.append(button);
  store.watch(["filled"], ({ filled }) => {
    app.toggleAttribute("data-filled", filled);
    const words = filled ? "Show knobs and views again" : "Let the picture fill the window";
    button.setAttribute("aria-label", words);
    button.title = `${words} (f)`;
    refill(button, icon(filled ? "shrink" : "grow"));
    noteOverlay(button, filled, () => store.set({ filled: false }));
    if (filled && isHidden(document.activeElement)) button.focus();
  });
}

/** Who had the focus may be in what is gone. @param {Element|null} element */
const isHidden = (element) => element !== null && !element.checkVisibility();
