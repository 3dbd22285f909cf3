/** Wires the page together: the only module that knows them all. */

import { requireShape } from "../document/shape.js";
import { upgraded } from "../document/upgrade.js";
import { createKnobs } from "../knobs/knobs.js";
import { createNullWalk } from "../knobs/null-walk.js";
import { createLab } from "../lab/lab.js";
import { besideLive, createDerivedStore, throughLive } from "../model/derived-store.js";
import { createLive } from "../model/live-slice.js";
import { createOverlays } from "../model/overlay-answers.js";
import { advance } from "../model/player.js";
import { createArrows } from "../model/step-arrows.js";
import { stopOfLink } from "../model/tour.js";
import { createPanels, PANELS } from "../panels/panels.js";
import { captionsOf } from "../plot/captions.js";
import { createBar } from "../shell/bar.js";
import { bindKeys, createDialogs } from "../shell/dialogs.js";
import { createPhoneTabs } from "../shell/phone.js";
import { createTour } from "../shell/tour.js";
import { createTransport } from "../shell/transport.js";
import { createCaptions } from "../stage/caption.js";
import { createOverlaysMenu } from "../stage/overlays-menu.js";
import { createPointPopover } from "../stage/point-popover.js";
import { snapshot } from "../stage/snapshot.js";
import { createStage } from "../stage/stage.js";
import { loadPlotly } from "../ui/plotly.js";
import { createQuestions } from "../ui/study-query.js";
import { asFault, createActions } from "./actions.js";
import { getCatalog, isReachable } from "./api.js";
import { fromHash } from "./link.js";
import { createSession } from "./session.js";
import { askForStage } from "./stage-questions.js";
import { createStore } from "./store.js";
import { createStream } from "./stream.js";

/** @import { AppState, Catalog, Pair } from "../document/types.js" */

/** Where the first picture is late, Plotly is not kept waiting for it. */
const LONGEST_WAIT_MS = 1500;

const store = createStore({
  catalog: null,
  doc: null,
  minimal: null,
  connection: "connecting",
  phase: "empty",
  held: false,
  entry: 0,
  descentProgress: null,
  problem: null,
  steps: 0,
  runs: [],
  arrived: 0,
  plane: null,
  surface: null,
  heights: null,
  surfaceProgress: null,
  step: 0,
  playing: false,
  speed: 1,
  focus: 0,
  lifted: null,
  inspection: null,
  data: null,
  look: null,
  click: "start",
  live: null,
  arrows: null,
  others: null,
  model: null,
  found: {},
  refusals: {},
  fault: null,
  notice: null,
  theme: currentTheme(),
  tour: null,
});

const stream = createStream(
  {
    onState(connection) {
      store.set({ connection });
      if (connection === "open") session.resume();
      else session.lose();
    },
    onMessage: (message) => session.onMessage(message),
    onFrame: (frame) => session.onFrame(frame),
  },
  isReachable,
);
const session = createSession(store, stream.send);
/** Draws the stage's canvases again, once there is a stage. */
let repaintStage = () => {};
const actions = createActions(store, session, (scale) =>
  snapshot(region("stage"), seen.get(), captionsOf(seen.get()), repaintStage, scale),
);
/** The state as the stage and its captions show it. */
const seen = createDerivedStore(store, throughLive, {
  surface: ["live"],
  arrived: ["live", "found", "arrows", "others"],
  step: ["look"],
  model: ["live"],
});

const beside = createDerivedStore(store, besideLive, {});

/** @param {string} id */
const region = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

async function start() {
  void begin();
  createBar(region("bar"), store, actions);
  createKnobs(region("knobs"), store, actions);
  const captions = createCaptions(region("captions"), seen);
  createTour(region("tour"), store, actions);
  createTransport(region("transport"), store, actions);
  bindKeys(store, actions, createDialogs(region("dialogs"), store, actions));
  followSystemTheme();
  playWithTheClock();
  addEventListener("popstate", () => openFromLink(location.hash));
  // An entry of the history that holds no experiment would be opened as one.
  document.querySelector(".skip")?.addEventListener("click", (event) => {
    event.preventDefault();
    region("stage").focus();
  });
  const library = plotly();
  const onStage = { ...actions, startAt: pick };
  const { lab, repaint } = createStage(region("stage"), seen, beside, onStage, library);
  repaintStage = repaint;
  createLab(lab, seen, onStage);
  createOverlaysMenu(region("stage"), store, actions);
  createPointPopover(region("stage"), store, actions);
  createNullWalk(captions, region("stage"), store, actions);
  createPhoneTabs(region("phone-tabs"), store, actions, PANELS);
  createLive(store, actions);
  createOverlays(store, actions);
  createArrows(store, actions);
  const questions = createQuestions(store, actions);
  askForStage(store, questions);
  await library;
  createPanels(region("views"), store, actions, questions);
}

/** Plotly is fetched at once, but reading it blocks the page for a second: the first picture is painted before. */
async function plotly() {
  await Promise.race([firstPicture(), new Promise((resolve) => setTimeout(resolve, LONGEST_WAIT_MS))]);
  return loadPlotly(/** @type {HTMLLinkElement} */ (region("plotly")).href);
}

/** When the first surface is on screen, by the mark that the stage sets. */
function firstPicture() {
  return new Promise((resolve) => {
    const marks = new PerformanceObserver((list) => {
      if (list.getEntriesByName("first-surface").length > 0) resolve(marks.disconnect());
    });
    marks.observe({ type: "mark", buffered: true });
  });
}

/** A click on the map. @param {Pair} at */
const pick = (at) => (store.get().click === "look" ? actions.lookAt(at) : actions.startAt(at));

async function begin() {
  try {
    store.set({ catalog: await getCatalog() });
  } catch (fault) {
    store.set({ fault: asFault(fault) });
    return;
  }
  await openFromLink(location.hash);
}

/** How many links were opened. */
let links = 0;

/** The tour's stop or the experiment in a link, or the first of the menu. @param {string} hash */
async function openFromLink(hash) {
  const { catalog } = store.get();
  if (!catalog) return;
  const link = ++links;
  const stop = stopOfLink(hash, catalog.tour);
  if (stop !== null) return actions.visit(stop, { entry: "same" });
  const { doc, fault } = await readLink(hash, catalog);
  // Unpacking takes a moment: by now the browser may be at another entry.
  if (link !== links) return;
  actions.load(doc ?? firstExperiment(catalog), { entry: "same", tour: null });
  if (fault) store.set({ fault });
}

/** @param {string} hash @param {Catalog} catalog */
async function readLink(hash, catalog) {
  try {
    const linked = await fromHash(hash);
    return { doc: linked && requireShape(upgraded(linked, catalog), catalog), fault: null };
  } catch (fault) {
    return { doc: null, fault: asFault(fault) };
  }
}

/** What a first visit shows. @param {Catalog} catalog */
const firstExperiment = ({ experiments, defaults }) => experiments[0]?.experiment ?? defaults;

function playWithTheClock() {
  let before = performance.now();
  let position = 0;
  /** @param {number} now */
  function tick(now) {
    const seconds = Math.min(0.1, (now - before) / 1000);
    before = now;
    const state = store.get();
    if (state.playing && state.runs.length > 0) {
      // A seek or a step moves the cursor under us: go on from there.
      if (Math.floor(position) !== state.step) position = state.step;
      const moved = advance(
        { position, steps: state.steps, arrived: arrivedSteps(state), speed: state.speed },
        seconds,
      );
      position = moved.position;
      store.set({ step: Math.floor(position), playing: !moved.ended });
    }
    requestAnimationFrame(tick);
  }
  requestAnimationFrame(tick);
}

/** @param {AppState} state */
function arrivedSteps({ runs, steps }) {
  const open = runs.filter((run) => run.status === "running");
  return open.length === 0 ? steps : Math.min(...open.map((run) => run.count - 1));
}

function currentTheme() {
  const chosen = document.documentElement.dataset.theme;
  if (chosen === "light" || chosen === "dark") return chosen;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

function followSystemTheme() {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () =>
    store.set({ theme: currentTheme() }),
  );
}

start().catch((fault) => store.set({ fault: asFault(fault) }));
