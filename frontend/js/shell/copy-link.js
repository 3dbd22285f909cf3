/** The link of what is on show, put on the clipboard. */

import { isExplored } from "../document/view.js";
import { h, setText } from "../ui/dom.js";

/** @import { Actions, Store } from "../document/types.js" */

const COPIED_MS = 1800;

/** @param {Store} store @param {Actions} actions */
export function createCopyLink(store, actions) {
  const said = h("span", {}, "Copy link");
  const button = h("button", { class: "button bar__wide bar__copy", on: { click: copy } }, said);
  let timer = 0;
  async function copy() {
    const copied = await copyLink(store, actions);
    setText(said, copied ? "Copied" : "Copy link");
    clearTimeout(timer);
    timer = window.setTimeout(() => setText(said, "Copy link"), COPIED_MS);
  }
  return button;
}

/** Whether it was copied; the page says so. @param {Store} store @param {Actions} actions */
export async function copyLink(store, actions) {
  try {
    await actions.copyLink();
    const whose = isExplored(store.get().doc)
      ? "it opens this model on this machine, for as long as the Python that shows it runs."
      : "it opens this experiment.";
    store.set({ notice: `Link copied: ${whose}` });
    return true;
  } catch {
    store.set({ notice: "The browser refused the clipboard: copy the address of this page instead." });
    return false;
  }
}
