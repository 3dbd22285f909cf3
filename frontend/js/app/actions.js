/** What a learner may do, carried out on the document, the stream and the cursor. */

import { filledIn, fitting, withOneMoreRun } from "../document/changes.js";
import { isDrawnHere, isRecorded } from "../document/view.js";
import { clampStep } from "../model/player.js";
import { withValue } from "../wire/protocol.js";
import { followInAddress } from "./address.js";
import { tableOf, upload } from "./api.js";
import { createDrawing } from "./drawing.js";
import { copyText, fetchFile, playerFile } from "./exports.js";
import { keepHistory } from "./undo.js";

/** @typedef {import("../document/types.js").Experiment} Experiment */

const PICTURES = Object.freeze({
  screen: { scale: 2, name: "descent.png" },
  print: { scale: 4, name: "descent-print.png" },
});

/**
 * @param {import("../document/types.js").Store} store
 * @param {ReturnType<typeof import("./session.js").createSession>} session
 * @param {(scale: number) => Promise<Blob>} takePicture   Of the stage as it stands, so many times as large.
 */
export function createActions(store, session, takePicture) {
  const quiet = matchMedia("(prefers-reduced-motion: reduce)");
  const address = followInAddress(store);
  /**
   * @type {{id: string, start: {kind: "lift", plane: Experiment["view"]["plane"], steps: number}}|null} The plane that lifts mean, while it is on show.
   */
  let lifting = null;

  const drawing = createDrawing(store, (doc) => open(doc));

  const actions = {
    /** @param {import("../document/types.js").Experiment} doc @param {import("../document/types.js").Loading} [options] */
    load(doc, options = {}) {
      const { catalog, entry: now } = store.get();
      const { entry = "own", tour = store.get().tour } = options;
      // Who opens something else, or the tour, leaves what a teacher has set.
      const assignment = options.assignment ?? ("tour" in options ? null : store.get().assignment);
      const another = assignment !== store.get().assignment;
      const whole = catalog ? filledIn(doc, catalog.defaults) : doc;
      // What names a step is about that step: its numbers are to be read.
      const standing = quiet.matches || typeof whole.view.step === "number";
      const step = whole.view.step ?? (quiet.matches ? (whole.steps ?? 0) : 0);
      const cursor = { step, playing: !standing, lifted: null, inspection: null, tour, assignment };
      if (entry === "same") address.stay();
      (another ? session.open : open)(whole, {
        cursor: { ...cursor, entry: entry === "own" ? now + 1 : now },
      });
    },

    /** @param {(string|number)[]} path @param {any} value */
    change(path, value) {
      const { doc } = store.get();
      if (!doc) return;
      const changed = fitting(withValue(doc, path, value), doc);
      if (isDrawnHere(path)) {
        store.set({ doc: changed });
      } else {
        open(changed);
      }
    },

    /** @param {import("../document/types.js").Pair} at */
    async startAt(at) {
      const { doc, plane, problem, catalog } = store.get();
      if (!doc || !plane || !catalog) return;
      if (problem?.sloped === false) return actions.lookAt(at);
      const start = await startOn(plane, at, doc);
      if (!start) return;
      const moving = isRecorded(doc) ? withOneMoreRun(doc, catalog) : doc.runs;
      const runs = moving.map((/** @type {any} */ run) => ({ ...run, start: null, init_seed: null }));
      open(
        { ...doc, start, runs, edits: [] },
        { keepPlane: true, cursor: { step: 0, playing: !quiet.matches } },
      );
    },

    restartAtInit() {
      const { doc } = store.get();
      if (doc) open({ ...doc, start: { kind: "init" } }, { cursor: { step: 0, playing: !quiet.matches } });
    },

    toggle() {
      const { playing, step, steps } = store.get();
      if (!playing && step >= steps) store.set({ step: 0 });
      store.set({ playing: !playing });
    },
    /** @param {number} count */
    stepBy(count) {
      actions.seek(store.get().step + count);
    },
    /** @param {number} step */
    seek(step) {
      store.set({ step: clampStep(step, store.get().steps), playing: false });
    },
    /** @param {number} speed */
    setSpeed: (speed) => store.set({ speed }),

    /** @param {number} steps */
    extend(steps) {
      const { doc } = store.get();
      if (!doc || isRefused({ ...doc, steps: doc.steps + steps })) return;
      session.request({ type: "extend", steps: doc.steps + steps }, { playing: !quiet.matches });
    },
    refit: () => session.request({ type: "refit" }),

    /** @param {number} run */
    addOrCopyRun(run) {
      const { doc, catalog } = store.get();
      if (!doc) return;
      const copy = doc.runs[run] ?? { optimizer: { kind: "gd" } };
      if (doc.runs.length >= (catalog?.limits.max_runs ?? 1)) return;
      open({ ...doc, runs: [...doc.runs, { ...copy, label: null }] });
    },
    /** @param {number} run */
    removeRun(run) {
      const { doc } = store.get();
      if (!doc || doc.runs.length === 1) return;
      const edits = doc.edits
        .filter((/** @type {any} */ edit) => edit.run !== run)
        .map((/** @type {any} */ edit) => (edit.run > run ? { ...edit, run: edit.run - 1 } : edit));
      const shown = doc.view.run >= run ? Math.max(0, doc.view.run - 1) : doc.view.run;
      const runs = doc.runs.filter((/** @type {any} */ _, /** @type {number} */ k) => k !== run);
      open({ ...doc, view: { ...doc.view, run: shown }, runs, edits }, { cursor: { lifted: null } });
    },
    /** @param {number} run @param {Record<string, any>} optimizer */
    editRun(run, optimizer) {
      const { step } = store.get();
      if (isRefused(withEdit({ step, run, optimizer }))) return;
      session.request({ type: "edit", edit: { step, run, optimizer } });
    },
    /** @param {number} run @param {number} parameter @param {number} value */
    editWeight(run, parameter, value) {
      const { step } = store.get();
      const set = { [parameter]: value };
      if (isRefused(withEdit({ step, run, set }))) return;
      session.request({ type: "edit", edit: { step, run, set } }, { playing: false });
    },
    /** @param {number} run */
    focusRun(run) {
      actions.change(["view", "run"], run);
      store.set({ focus: run });
    },
    ...drawing,
    undo: () => done.undo(),
    redo: () => done.redo(),
    cancel: () => session.cancel(),
    study: session.study,
    inspect: session.ask,
    /** @param {import("../document/types.js").Pair|null} at */
    lookAt(at) {
      const { plane } = store.get();
      if (at) actions.change(["view", "moving_plane"], false);
      store.set({ look: at && plane ? { at, plane: plane.id } : null, ...(at ? { playing: false } : {}) });
    },
    /** Back to the training set's surface in the fitted plane. */
    standStill() {
      actions.change(["view", "moving_plane"], false);
      actions.change(["view", "surface"], "train");
    },

    /** Of the stage as it stands. @param {keyof typeof PICTURES} size */
    savePicture: (size) => saved(() => takePicture(PICTURES[size].scale), PICTURES[size].name),
    /** @param {import("../document/types.js").ExportFile} file   As the catalogue lists it. */
    download: (file) =>
      saved(
        () => (file.on_screen ? playerFile(store.get()) : fetchFile(file, store.get().doc)),
        `descent.${file.ending}`,
      ),
    /** Put a text file on the clipboard. @param {import("../document/types.js").ExportFile} file */
    async copyFile(file) {
      try {
        await copyText(fetchFile(file, store.get().doc));
        store.set({ notice: "Copied: it runs as it is." });
      } catch {
        // A file says the same where the clipboard is refused, and the page says what went wrong with that.
        await actions.download(file);
      }
    },

    upload,
    tableOf,

    /** Of a descent that stands still the link names the step. */
    async copyLink() {
      const { step, playing } = store.get();
      actions.change(["view", "step"], playing ? null : step);
      await navigator.clipboard.writeText(await address.write());
    },

    /** @param {number|null} stop @param {import("../document/types.js").Loading} [options] */
    visit(stop, options = {}) {
      const { catalog } = store.get();
      const next = stop === null ? null : catalog?.tour[stop];
      if (next)
        actions.load(
          { ...next.experiment, view: { ...fittingView(next.experiment.view), tab: next.tab } },
          { ...options, tour: stop },
        );
      else store.set({ tour: null });
      remember(stop);
    },

    /** @param {"light"|"dark"} theme */
    setTheme(theme) {
      document.documentElement.dataset.theme = theme;
      try {
        localStorage.setItem("descentscape.theme", theme);
      } catch {
        // Storage may be refused: the choice then lasts as long as the page.
      }
      store.set({ theme });
    },
  };

  const done = keepHistory(
    store,
    { open: session.open, load: actions.load, undoDrawing: drawing.undoDrawing },
    document,
    () => performance.now(),
  );
  /** What an assignment leaves of a change, which the page says; knobs go back to what is held. @param {Experiment} doc */
  function heldTo(doc) {
    const { assignment, doc: before } = store.get();
    const { doc: left, kept } = (before && assignment?.keep(doc, before)) ?? { doc, kept: [] };
    if (kept.length > 0)
      store.set({ notice: `Fixed in this assignment: ${kept.join(", ")}.`, doc: before && { ...before } });
    return kept.length > 0 && JSON.stringify(left) === JSON.stringify(before) ? null : left;
  }

  /** @type {typeof session.open} */
  function open(doc, options) {
    const left = heldTo(doc);
    if (left) session.open(left, options);
  }

  /** @param {Experiment|null} doc */
  const isRefused = (doc) => doc !== null && heldTo(doc) === null;

  /** @param {Record<string, any>} edit @returns {Experiment|null} */
  function withEdit(edit) {
    const { doc } = store.get();
    return doc && { ...doc, edits: [...doc.edits, /** @type {any} */ (edit)] };
  }

  /** @param {() => Promise<Blob>} make @param {string} name */
  async function saved(make, name) {
    try {
      save(await make(), name);
    } catch (fault) {
      store.set({ fault: asFault(fault) });
    }
  }

  /**
   * A point of the plane as a start that a link can carry.
   * @param {import("../document/types.js").Plane} plane
   * @param {import("../document/types.js").Pair} at
   * @param {Experiment} doc
   * @returns {Promise<Experiment["start"]|null>}
   */
  async function startOn(plane, at, doc) {
    if (plane.exact) return { kind: "point", at };
    // A lift is short in a link, and means the plane of the descent from the initial weights. On any other
    // plane (refitted, provisional, or changed by an edit) only θ itself will do.
    const fromInit = doc.start.kind === "init" && doc.edits.length === 0 && !plane.provisional;
    if (fromInit)
      lifting = { id: plane.id, start: { kind: "lift", plane: doc.view.plane, steps: doc.steps } };
    if (lifting?.id === plane.id) return { ...lifting.start, at };
    const frame = await session.ask({ at, want: ["theta"] });
    return frame && { kind: "theta", values: Array.from(frame.arrays.theta.data) };
  }

  return actions;
}

/** Two pictures beside the tour’s text are too much for a phone: it shows the map. @param {Experiment["view"]} view @returns {Experiment["view"]} */
const fittingView = (view) =>
  view.stage === "both" && matchMedia("(max-width: 599px)").matches ? { ...view, stage: "contour" } : view;

/** Where the tour was left, for the next time. @param {number|null} stop */
function remember(stop) {
  if (stop === null) return;
  try {
    localStorage.setItem("descentscape.tour", String(stop));
  } catch {
    // Storage may be refused: the tour then begins at its first stop.
  }
}

/** @param {unknown} fault @returns {import("../document/types.js").Fault} */
export function asFault(fault) {
  if (fault instanceof Error) return { title: "That did not work", detail: fault.message, errors: [] };
  return /** @type {import("../document/types.js").Fault} */ (fault);
}

/** Hands a file to the browser to keep. @param {Blob} blob @param {string} name */
export function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
