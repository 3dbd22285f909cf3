/**
 * What the page begins with, before the modules that draw it are read: its state, the connection, and the experiment
 * that its address names, which the service computes meanwhile.
 */

import { requireShape } from "../document/shape.js";
import { upgraded } from "../document/upgrade.js";
import { NOTHING_DONE } from "../model/history.js";
import { stopOfLink } from "../model/tour.js";
import { asFault, createActions } from "./actions.js";
import { getCatalog, isReachable } from "./api.js";
import { fromHash } from "./link.js";
import { createSession } from "./session.js";
import { createStore } from "./store.js";
import { createStream } from "./stream.js";

/** @import { Catalog, OpenAssignment } from "../document/types.js" */

export const store = createStore({
  catalog: null,
  glossary: null,
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
  queuePlace: null,
  step: 0,
  playing: false,
  speed: 1,
  focus: 0,
  lifted: null,
  inspection: null,
  data: null,
  look: null,
  drawing: null,
  click: "start",
  live: null,
  arrows: null,
  others: null,
  model: null,
  sharpness: {},
  found: {},
  refusals: {},
  history: NOTHING_DONE,
  fault: null,
  notice: null,
  theme: currentTheme(),
  filled: false,
  presenting: false,
  tour: null,
  wanted: null,
  assignment: null,
  marked: null,
  places: [],
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

/** The stage as a picture, once there is a stage. */
export const picture = {
  /** @type {(scale: number) => Promise<Blob>} */
  take: async () => {
    throw new Error("There is no picture yet.");
  },
};
export const actions = createActions(store, session, (scale) => picture.take(scale));

/** Who reads the classroom’s links: main.js brings it, which may be later than such a link is to be opened. */
export const classroom = expected();
const OF_CLASSROOM = /^#(?:assignment|answers)=/;

/** @typedef {(hash: string) => Promise<{assignment: OpenAssignment, doc: Record<string, any>}>} ReadClassroom */

function expected() {
  let bring = (/** @type {ReadClassroom} */ _) => {};
  const reader = new Promise((/** @type {(read: ReadClassroom) => void} */ resolve) => {
    bring = resolve;
  });
  return { reader, bring };
}

async function begin() {
  try {
    store.set({ catalog: await getCatalog() });
    await openFromLink(location.hash);
  } catch (fault) {
    store.set({ fault: asFault(fault) });
  }
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
  const { doc, assignment = null, fault } = await readLink(hash, catalog);
  // Unpacking takes a moment: by now the browser may be at another entry.
  if (link !== links) return;
  actions.load(doc ?? firstExperiment(catalog), { entry: "same", tour: null, assignment });
  if (fault) store.set({ fault });
}

/** @param {string} hash @param {Catalog} catalog */
async function readLink(hash, catalog) {
  try {
    if (OF_CLASSROOM.test(hash)) {
      const { assignment, doc } = await (await classroom.reader)(hash);
      return { doc: requireShape(upgraded(doc, catalog), catalog), assignment, fault: null };
    }
    const linked = await fromHash(hash);
    return { doc: linked && requireShape(upgraded(linked, catalog), catalog), fault: null };
  } catch (fault) {
    return { doc: null, fault: asFault(fault) };
  }
}

/** What a first visit shows. @param {Catalog} catalog */
const firstExperiment = ({ experiments, defaults }) => experiments[0]?.experiment ?? defaults;

function currentTheme() {
  const chosen = document.documentElement.dataset.theme;
  if (chosen === "light" || chosen === "dark") return chosen;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () =>
  store.set({ theme: currentTheme() }),
);
addEventListener("popstate", () => openFromLink(location.hash));
void begin();
