/** Asks which animation is wanted, shows it while it is made, and saves it. */

import { h, refill, setText } from "../ui/dom.js";
import { createSegments } from "../ui/inputs.js";
import { createDialog } from "../ui/overlays.js";
import { createFilm } from "./film.js";
import { gifOf } from "./gif.js";
import { bounded } from "./looks.js";
import { numberInput, row } from "./questions.js";
import { videoKinds, videoOf } from "./video.js";

/** @import { Filmed } from "./film.js" */

const WIDTHS = [160, 1920];
const SECONDS = [1, 60];
/** How long it stays at the end, in seconds. */
const REST = 1.2;
const SAID = Object.freeze({
  gif: "Plays everywhere, again and again; at most 20 frames a second and 256 colours.",
  video: "Recorded while it plays: it takes as long as it lasts.",
});
const ABOUT = "The descent from its start to its last step, as the stage shows it now.";

/**
 * @param {Filmed} filmed
 * @param {(blob: Blob, name: string) => void} save
 */
export function createAnimationDialog(filmed, save) {
  const { store } = filmed;
  const videos = videoKinds();
  const wanted = { file: "gif", width: 720, seconds: 6, caption: true };
  let making = /** @type {AbortController|null} */ (null);

  const set = (/** @type {Partial<typeof wanted>} */ change) => {
    Object.assign(wanted, change);
    refresh();
  };
  const kinds = [
    { value: "gif", label: "GIF" },
    ...videos.map(({ name, ending }) => ({ value: ending, label: name })),
  ];
  const file = createSegments("File", kinds, (value) => set({ file: value }));
  const width = numberInput("animation-width", (value) =>
    set({ width: Math.round(bounded(value, WIDTHS, wanted.width)) }),
  );
  const seconds = numberInput("animation-seconds", (value) =>
    set({ seconds: bounded(value, SECONDS, wanted.seconds) }),
  );
  const caption = h("input", { type: "checkbox", role: "switch", class: "switch", id: "animation-caption" });
  caption.addEventListener("input", () => set({ caption: caption.checked }));
  const said = h("p", { class: "asked__note" });
  const bar = h("progress", {
    class: "film-progress",
    max: "1",
    "aria-label": "How far it is",
    hidden: true,
  });
  const status = h("p", { class: "picture-size", role: "status" });
  const cancel = h(
    "button",
    { class: "button", hidden: true, on: { click: () => making?.abort() } },
    "Cancel",
  );
  const start = h("button", { class: "button button--filled", on: { click: () => void make() } });
  const questions = h(
    "fieldset",
    { class: "picture-form" },
    row("File", file.el),
    said,
    row("Width, pixels", width),
    row("Seconds", seconds),
    row("Caption", caption),
  );
  const form = h(
    "div",
    { class: "picture-form" },
    questions,
    status,
    bar,
    h("div", { class: "asked asked--end" }, cancel, start),
  );
  const preview = h("div", { class: "preview" });
  const el = createDialog("Animation", h("div", { class: "picture-parts" }, form, preview));
  el.classList.add("dialog--picture");
  el.addEventListener("close", () => making?.abort());

  function refresh() {
    file.set(wanted.file);
    width.value = String(wanted.width);
    seconds.value = String(wanted.seconds);
    caption.checked = wanted.caption;
    setText(said, SAID[wanted.file === "gif" ? "gif" : "video"]);
    setText(start, `Make ${kinds.find(({ value }) => value === wanted.file)?.label}`);
  }

  /** @param {boolean} busy */
  function lock(busy) {
    questions.disabled = busy;
    start.hidden = busy;
    cancel.hidden = bar.hidden = !busy;
    bar.value = 0;
  }

  /** @param {string} words @param {boolean} [bad] */
  function tell(words, bad = false) {
    setText(status, words);
    status.classList.toggle("picture-size--bad", bad);
  }

  async function make() {
    const giveUp = new AbortController();
    making = giveUp;
    lock(true);
    tell("Setting up…");
    try {
      save(await filmedFile(giveUp.signal), `descent.${wanted.file}`);
      el.close();
    } catch (fault) {
      if (giveUp.signal.aborted) tell("Cancelled.");
      else {
        console.warn(fault);
        tell(fault instanceof Error ? fault.message : "The animation could not be made.", true);
      }
    } finally {
      making = null;
      lock(false);
    }
  }

  /** @param {AbortSignal} signal */
  async function filmedFile(signal) {
    const film = await createFilm(filmed, wanted);
    try {
      film.canvas.setAttribute("role", "img");
      film.canvas.setAttribute("aria-label", "The frame that is being made");
      refill(preview, film.canvas);
      const options = {
        seconds: wanted.seconds,
        rest: REST,
        signal,
        told: (/** @type {number} */ share) => {
          bar.value = share;
          tell(`${Math.round(100 * share)} % of ${film.canvas.width} × ${film.canvas.height} pixels`);
        },
      };
      const kind = videos.find(({ ending }) => ending === wanted.file);
      return await (kind ? videoOf(film, kind, options) : gifOf(film, options));
    } finally {
      film.end();
    }
  }

  return {
    el,
    open() {
      const { doc, runs } = store.get();
      if (runs.length === 0) return store.set({ notice: "There is no descent yet." });
      if (doc?.view?.stage === "lab")
        return store.set({ notice: "An animation is of the surface: choose 3D, Contour or Both first." });
      refill(preview, h("p", { class: "asked__note" }, ABOUT));
      tell("");
      refresh();
      el.showModal();
    },
  };
}
