/** The page that plays what was recorded, from one file and without a service: the picture, its captions and the transport. */

import { isDrawnHere } from "../document/view.js";
import { clampStep } from "../model/player.js";
import { readRecording } from "../model/recording.js";
import { bindKeys, KEYS_ALONE } from "../shell/keys.js";
import { createTransport } from "../shell/transport.js";
import { createCaptions } from "../stage/caption.js";
import { createStage } from "../stage/stage.js";
import { setText } from "../ui/dom.js";
import { presentPlotly } from "../ui/plotly.js";
import { withValue } from "../wire/protocol.js";
import { playWithTheClock } from "./clock.js";
import { createStore } from "./store.js";

/** @import { Actions, AppState, Catalog, Experiment } from "../document/types.js" */

/** @param {string} id */
const region = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

const { title, why, ...recorded } = readRecording(region("recording").textContent ?? "");
const quiet = matchMedia("(prefers-reduced-motion: reduce)");
const dark = matchMedia("(prefers-color-scheme: dark)");
const start = /** @type {Partial<AppState>} */ ({
  catalog: why === null ? null : catalogOf(title, why),
  connection: "open",
  phase: "ready",
  arrived: 1,
  playing: false,
  speed: 1,
  focus: 0,
  step: 0,
  lifted: null,
  look: null,
  click: "look",
  live: null,
  arrows: null,
  others: null,
  model: null,
  sharpness: {},
  heights: null,
  data: null,
  found: {},
  filled: false,
  presenting: false,
  refusals: {},
  tour: null,
  wanted: null,
  assignment: null,
  marked: null,
  places: [],
  ...recorded,
  theme: recorded.theme ?? (dark.matches ? "dark" : "light"),
});
const store = createStore(/** @type {AppState} */ (start));

/** What of the page’s actions needs no service; the rest is not offered here. */
const actions = /** @type {Actions} */ (
  /** @type {Partial<Actions>} */ ({
    /** @param {(string|number)[]} path @param {any} value */
    change(path, value) {
      const { doc } = store.get();
      if (doc && isDrawnHere(path) && value !== "lab") store.set({ doc: withValue(doc, path, value) });
    },
    startAt() {},
    toggle() {
      const { playing, step, steps } = store.get();
      if (!playing && step >= steps) store.set({ step: 0 });
      store.set({ playing: !playing });
    },
    /** @param {number} count */
    stepBy: (count) => actions.seek(store.get().step + count),
    /** @param {number} step */
    seek: (step) => store.set({ step: clampStep(step, store.get().steps), playing: false }),
    /** @param {number} speed */
    setSpeed: (speed) => store.set({ speed }),
    /** @param {"light"|"dark"} theme */
    setTheme(theme) {
      document.documentElement.dataset.theme = theme;
      store.set({ theme });
    },
  })
);

/** The one entry that the captions look for. @param {string} title @param {string} why @returns {Catalog} */
function catalogOf(title, why) {
  const experiment = /** @type {Experiment} */ ({ runs: /** @type {any[]} */ ([]), problem: {} });
  const entry = { id: "", title, point: "", group: "", why, experiment: recorded.doc ?? experiment };
  const lists = { problems: [], datasets: [], optimizers: [], experiments: [entry], tour: [] };
  return /** @type {Catalog} */ (/** @type {unknown} */ ({ ...lists, defaults: {}, limits: {} }));
}

if (recorded.theme) document.documentElement.dataset.theme = recorded.theme;
document.title = `${title} – Descentscape`;
setText(region("title"), title);
createStage(region("stage"), store, store, actions, Promise.resolve(presentPlotly()));
createCaptions(region("captions"), store);
createTransport(region("transport"), store, actions);
bindKeys(store, actions, KEYS_ALONE);
// Here a crosshair reads costs and starts nothing.
document
  .querySelector(".contour-picker")
  ?.setAttribute("aria-label", "Read costs: the arrow keys move the crosshair, with shift in larger steps.");
playWithTheClock(store);
if (!quiet.matches && store.get().step === 0) actions.toggle();
