/** Presenting to a room: the whole screen, larger letters, thicker paths, and a pointer that everyone sees. */

import { noteOverlay } from "../ui/overlays.js";
import { createPointer } from "./pointer.js";

/** @import { Store } from "../document/types.js" */

const ROOT = document.documentElement;
const HINT = "Presenting: Escape leaves, f shows the knobs and views.";

/** @param {Store} store */
export function createPresenting(store) {
  const pointer = createPointer();
  let filledBefore = false;
  let began = false;
  const leave = () => store.set({ presenting: false });

  function begin() {
    began = true;
    filledBefore = store.get().filled;
    ROOT.classList.add("presenting");
    pointer.show(true);
    store.set({ filled: true, notice: HINT });
    // Where the browser has no full screen, or refuses it, the window is presented as it is.
    ROOT.requestFullscreen?.().catch(() => undefined);
  }

  function end() {
    began = false;
    ROOT.classList.remove("presenting");
    pointer.show(false);
    store.set({ filled: filledBefore });
    if (document.fullscreenElement) void document.exitFullscreen();
  }

  store.watch(["presenting"], ({ presenting }) => {
    if (presenting !== began) presenting ? begin() : end();
    noteOverlay(pointer.el, presenting, leave);
  });
  // Escape leaves the full screen before the page hears of it.
  document.addEventListener("fullscreenchange", () => {
    if (!document.fullscreenElement && store.get().presenting) leave();
  });
}
