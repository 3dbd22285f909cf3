/** Draws the first picture, and has the rest read when it is needed; with later.js the only module that knows all that draws. */

import { besideLive, createDerivedStore, throughLive } from "../model/derived-store.js";
import { captionsOf } from "../plot/captions.js";
import { createBar } from "../shell/bar.js";
import { bindKeys } from "../shell/keys.js";
import { createMessages } from "../shell/messages.js";
import { createPhoneTabs } from "../shell/phone.js";
import { createTransport } from "../shell/transport.js";
import { showWaiting } from "../shell/waiting.js";
import { createCaptions } from "../stage/caption.js";
import { createStage } from "../stage/stage.js";
import { onAsked } from "../ui/ask.js";
import { recall } from "../ui/memory.js";
import { loadPlotly } from "../ui/plotly.js";
import { asFault, save } from "./actions.js";
import { getPolicy, getTour } from "./api.js";
import { playWithTheClock } from "./clock.js";
import { chooseFiles, createHover, hearFiles, openFiles } from "./files.js";
import { fromHash, linkOf, toHash } from "./link.js";
import { createPart } from "./part.js";
import { actions, classroom, picture, store } from "./start.js";

/** @import { AppState, Pair } from "../document/types.js" */

/** Where the first picture is late, the rest is not kept waiting for it. */
const LONGEST_WAIT_MS = 1500;
/** What nobody has asked for by then is read ahead, so that it is there without a connection too. */
const AHEAD_MS = 3000;

const readRest = () => import("./later.js");
const readLab = () => import("../lab/lab.js");
const readTour = () => import("../guide/tour.js");
const readReason = () => import("../guide/moment-reason.js");
const readDialogs = () => import("../shell/dialogs.js");
const readModel = () => import("../shell/model-dialog.js");
const readPictures = () => import("../pictures/pictures.js");
const importClassroom = () => import("../classroom/classroom.js");
const readTable = () => import("../shell/table-dialog.js");
const readExperiments = () => import("../guide/experiments.js");
const readMoves = () => import("../guide/first-moves.js");
const readSnapshot = () => import("../pictures/snapshot.js");

/** In a frame of another page, which early.js has seen. */
const isEmbedded = "embed" in document.documentElement.dataset;

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

/** What a click on the surface does. */
const clicks = {
  start: actions.startAt,
  look: actions.lookAt,
  mark: (/** @type {Pair} */ at) => store.set({ marked: at }),
};
/** @param {Pair} at */
const pick = (at) => clicks[store.get().click](at);
const onStage = { ...actions, startAt: pick };

const first = firstPicture();
const library = first.then(() => drawRest()).then(plotly);
const stage = createStage(region("stage"), seen, beside, onStage, library);
const captions = createCaptions(region("captions"), seen);
showWaiting(region("knobs"));
createBar(region("bar"), store, actions);
createTransport(region("transport"), store, actions);
region("dialogs").append(createMessages(store, actions));
const addViews = createPhoneTabs(region("phone-tabs"), store, actions);
bindKeys(store, actions);
playWithTheClock(store);

const drawRest = createPart(store, async () => {
  const { createRest } = await readRest();
  createRest({ region, captions, addViews, readReason: reason, library, alone: isEmbedded });
  performance.mark("rest");
});
const drawLab = createPart(
  store,
  async () => (await readLab()).createLab(stage.lab, seen, onStage),
  stage.lab,
);
const drawTour = createPart(store, async () => {
  const [{ createTour }, stops] = await Promise.all([readTour(), getTour()]);
  return createTour(region("tour"), store, actions, stops);
});
const reason = createPart(store, async () => (await readReason()).createReason);
const dialogs = createPart(store, async () => (await readDialogs()).createDialogs(region("dialogs"), store));
const drawClassroom = createPart(store, async () => {
  const { createClassroom } = await readClassroom();
  const places = { panel: region("assignment"), dialogs: region("dialogs") };
  return createClassroom(places, store, actions, {
    pack: toHash,
    unpack: fromHash,
    experiment: () => linkOf(store.get()),
    addressOf,
    policy: getPolicy,
    compute: (experiment) => actions.upload("runs", JSON.stringify(experiment), "application/json"),
    save,
  });
});
classroom.bring(async (hash) => (await readClassroom()).openedBy(hash, fromHash));
const experiments = createPart(store, async () => {
  const { createExperiments } = await readExperiments();
  const chooser = /** @type {HTMLButtonElement} */ (region("bar").querySelector(".chooser"));
  return createExperiments(chooser, store, actions);
});
const firstMoves = createPart(store, async () =>
  (await readMoves()).createFirstMoves(region("stage"), store, actions),
);
const openModel = createPart(store, async () => (await readModel()).openModelDialog);
const openTable = createPart(store, async () => (await readTable()).openTableDialog);
const openColumns = createPart(store, async () => (await readTable()).openColumnsDialog);

/** Who opens which files. @type {import("./files.js").Openers} */
const openers = {
  table: async (files) => (await openTable())?.(files, store, actions),
  model: async (files) => (await openModel())?.(files, store, actions),
};
/** @param {File[]} files */
async function open(files) {
  const notice = await openFiles(files, openers);
  if (notice) store.set({ notice });
}
hearFiles(window, open, createHover(document.documentElement));
const pictures = createPart(store, async () => {
  const { createPictures } = await readPictures();
  return createPictures(
    region("dialogs"),
    { stage: region("stage"), store, seen, repaint: stage.repaint },
    save,
  );
});

picture.take = async (scale) => {
  const { snapshot } = await readSnapshot();
  // The run that the pointer lies on, where the menu has been, is not meant.
  store.set({ lifted: null });
  return snapshot(region("stage"), seen.get(), captionsOf(seen.get()), stage.repaint, scale);
};
onAsked(async (name) => {
  if (name === "file") chooseFiles(open);
  else if (name === "moves") (await firstMoves())?.begin(0);
  else if (name === "experiments") (await experiments())?.show();
  else if (name === "columns") (await openColumns())?.(store, actions);
  else if (name === "picture" || name === "animation" || name === "print") (await pictures())?.[name]();
  else if (name === "help" || name === "glossary") (await dialogs())?.[name]();
  else (await drawClassroom())?.[name]();
});
// What did not arrive while the connection was lost comes when it is back.
store.watch(["doc", "connection"], ({ doc }) => doc?.view.stage === "lab" && drawLab());
store.watch(["tour", "connection"], ({ tour }) => tour !== null && drawTour());
store.watch(["assignment", "connection"], ({ assignment }) => assignment && drawClassroom());
store.watch(["connection"], ({ connection }) => connection === "open" && first.then(drawRest));
// Who comes by a link comes for what it holds; others are led, once.
const moves = recall("moves") ?? "0";
if (location.hash + location.search === "" && moves !== "done") {
  // Their line has its room from the start: the picture does not move when it comes.
  region("stage").classList.add("stage--move");
  first.then(drawRest).then(async () => (await firstMoves())?.resume(Number(moves) || 0));
}
library.then(() => setTimeout(readAhead, AHEAD_MS)).catch((fault) => store.set({ fault: asFault(fault) }));
// An entry of the history that holds no experiment would be opened as one.
document.querySelector(".skip")?.addEventListener("click", (event) => {
  event.preventDefault();
  region("stage").focus();
});

/** With its styles, which nobody else needs. */
async function readClassroom() {
  const [module] = await Promise.all([importClassroom(), withStyles("styles/classroom.css")]);
  return module;
}

/** @param {string} href @returns {Promise<void>} */
function withStyles(href) {
  if (document.querySelector(`link[href="${href}"]`)) return Promise.resolve();
  const link = document.createElement("link");
  Object.assign(link, { rel: "stylesheet", href });
  document.head.append(link);
  return new Promise((resolve, reject) => {
    link.addEventListener("load", () => resolve());
    link.addEventListener("error", () => {
      link.remove();
      reject(new Error(`${href} did not arrive`));
    });
  });
}

/** The page’s own address with another hash. @param {string} hash @param {string} [query] */
function addressOf(hash, query = "") {
  const address = new URL(location.href);
  Object.assign(address, { search: query, hash });
  return address.href;
}

/** Plotly is fetched at once, but reading it blocks the page for a second: the first picture is painted before. */
function plotly() {
  return loadPlotly(/** @type {HTMLLinkElement} */ (region("plotly")).href);
}

/**
 * When the first surface is on screen, by the mark that the stage sets, or has been waited for long enough; at once
 * where it is a map, which Plotly draws.
 */
function firstPicture() {
  return new Promise((resolve) => {
    setTimeout(resolve, LONGEST_WAIT_MS);
    store.watch(["doc", "surface"], (state) => waitsForLibrary(state) && resolve(undefined));
    const marks = new PerformanceObserver((list) => {
      if (list.getEntriesByName("first-surface").length > 0) resolve(marks.disconnect());
    });
    marks.observe({ type: "mark", buffered: true });
  });
}

/** Whether nothing more is on screen before Plotly is there. @param {AppState} state */
function waitsForLibrary({ doc, surface }) {
  const stage = doc?.view.stage;
  return stage === "contour" || (stage === "both" && surface !== null);
}

async function readAhead() {
  if (isEmbedded) return;
  for (const read of [
    readExperiments,
    readReason,
    readDialogs,
    readTour,
    readMoves,
    readSnapshot,
    readPictures,
    readTable,
    readModel,
    readClassroom,
    readLab,
  ])
    await read().catch(() => undefined);
}
