/**
 * What the stream's messages do to the page's state. A change of the document is shown only when its paths and
 * its first surface are here, so that a knob never tears path and surface apart; and where the connection is lost on
 * the way, the page is as it was before, and what was asked for is asked again.
 */

import { withDrawn } from "../document/view.js";
import { appendSteps, emptyRun, firstEntries } from "../model/runs.js";
import { createState, SESSION } from "../model/state.js";
import { surfaceOf } from "../model/surface.js";
import { openMessage } from "../wire/protocol.js";
import { faultIn } from "../wire/refusal.js";
import { createAsking } from "./requests.js";

const LONGEST_HOLD_MS = 250;

/** What is answered of an experiment that is being left: like what the service gives up, it may be asked again. */
const LEFT = { status: 409 };

/**
 * @typedef {object} Incoming                  What is arriving but not yet shown.
 * @property {import("../document/types.js").Run[]} runs
 * @property {import("../document/types.js").Plane|null} plane
 * @property {import("../document/types.js").Surface|null} surface
 * @property {number} surfaceId
 * @property {boolean} complete
 * @property {ReturnType<typeof setTimeout>|undefined} timer
 */

/**
 * @typedef {object} Asked                     What opens or changes an experiment.
 * @property {Record<string, any>} message
 * @property {Partial<import("../document/types.js").AppState>} patch   What of the page changes with it at once.
 */

/** What belongs to the picture on show and changes before the next one is there. */
const BEFORE = /** @type {const} */ ([
  "doc",
  "minimal",
  "problem",
  "steps",
  "step",
  "playing",
  "focus",
  "inspection",
  "tour",
  "assignment",
]);
/** What of it says where the picture stands, and not what is asked for. */
const CURSOR = /** @type {const} */ (["problem", "steps", "step", "playing", "focus", "inspection"]);

/**
 * @param {import("../document/types.js").Store} store
 * @param {(message: Record<string, any>) => boolean} send
 */
export function createSession(store, send) {
  /** @type {Incoming|null} */
  let incoming = null;
  /** @type {Asked[]} Not yet sent, oldest first. */
  let waiting = [];
  /** @type {Asked|null} Sent and not yet on show. */
  let asked = null;
  /**
   * @type {Partial<import("../document/types.js").AppState>|null} The page with the picture on show, while it asks for another.
   */
  let before = null;
  let requests = 0;
  let opening = 0;
  let drawing = 0;
  const nextId = () => ++requests;
  const state = createState(SESSION, "empty", (phase) => store.set({ phase }));
  const isShown = () => state.get() === "computing" || state.get() === "ready";
  const isAnswered = () => state.get() !== "opening";
  const asking = createAsking(store, send, nextId, () => (isShown() ? opening : null));

  /** Without a connection nothing of a picture on show changes: what is asked for waits, and what changes with it. */
  const mustWait = () => store.get().connection !== "open" && store.get().runs.length > 0;

  /** @param {Record<string, any>} message @param {Asked["patch"]} [patch] */
  function request(message, patch = {}) {
    waiting = [...waiting.filter((earlier) => !outdates(message, earlier.message)), { message, patch }];
    store.set({ fault: null });
    const { doc } = store.get();
    // Another copy of the document puts every knob back to what it says.
    if (mustWait()) store.set({ held: true, doc: doc && { ...doc } });
    else {
      apply(patch);
      sendWaiting();
    }
  }

  /** @param {Asked["patch"]} patch */
  function apply(patch) {
    const page = store.get();
    if (isShown()) before ??= Object.fromEntries(BEFORE.map((name) => [name, page[name]]));
    store.set(patch);
  }

  function sendWaiting() {
    const [first, ...rest] = waiting;
    if (!first || (state.get() !== "empty" && !isShown()) || !send(first.message)) return;
    waiting = rest;
    asked = first;
    state.move("opening");
  }

  /** Whether the page's document is already another than the one that was answered. */
  const isOutdated = () => waiting.some(({ message }) => message.type === "open");

  /** @param {Record<string, any>} message */
  function onOpened(message) {
    const { runs: held, plane } = store.get();
    const kept = message.kept ?? null;
    const runs = message.runs.map((/** @type {any} */ described, /** @type {number} */ index) => {
      const fresh = emptyRun({ label: described.label, kind: described.optimizer, color: described.color });
      return kept && held[index]
        ? {
            ...firstEntries(held[index], kept[index]),
            label: fresh.label,
            kind: fresh.kind,
            color: fresh.color,
          }
        : fresh;
    });
    incoming = {
      runs,
      plane: kept ? plane : null,
      surface: null,
      surfaceId: 0,
      complete: false,
      timer: undefined,
    };
    const { dim, exact, layers, parameters = [], formula = null, sloped = true } = message;
    const ownInputs = message.own_inputs ?? null;
    const doc = isOutdated() ? store.get().doc : withDrawn(message.experiment, store.get().doc);
    store.set({
      ...(isOutdated() ? {} : { doc, minimal: message.minimal }),
      problem: { dim, exact, layers, parameters, formula, sloped, ownInputs },
      steps: message.steps,
      focus: Math.min(doc?.view.run ?? 0, runs.length - 1),
    });
    state.move("arriving");
    play();
    void askForData();
  }

  /** The examples as they are drawn stay as they are until another experiment is opened. */
  async function askForData() {
    opening += 1;
    const asked = opening;
    const data = await asking.ask({ run: 0, step: 0, want: ["data"] });
    if (data && asked === opening) store.set({ data: data.meta.data ? data : null });
  }

  function play() {
    send({ type: "play", speed: null });
  }

  /** @param {Record<string, any>} message */
  function onPlane(message) {
    if (!incoming) return;
    const plane = planeOf(message);
    const same = plane.id === incoming.plane?.id;
    if (!same) {
      const runs = incoming.runs.map((run) => firstEntries(run, 0));
      clearTimeout(incoming.timer);
      incoming = { ...incoming, runs, surface: null, timer: undefined };
      if (isAnswered()) state.move("arriving");
    }
    incoming.plane = plane;
    // What an edit, more steps or a lost connection leave alone is the surface under them, once it is whole.
    const { surface, plane: shown } = store.get();
    if (same && isWhole(surface) && sameSurface(plane, shown)) incoming.surface = surface;
    else requestSurface(incoming);
    if (!isShown()) holdOrShow(incoming);
  }

  /** @param {Incoming} target */
  function requestSurface(target) {
    const { doc } = store.get();
    target.surfaceId = nextId();
    send({ type: "surface", id: target.surfaceId, resolution: doc?.view.grid.resolution });
  }

  /** @param {import("../document/types.js").Frame} frame */
  function onFrame(frame) {
    if (frame.kind === "steps" || frame.kind === "surface") {
      // Until another experiment is answered these are of the one on show, which stays where that is refused.
      if (incoming) (frame.kind === "steps" ? onSteps : onSurface)(incoming, frame);
    } else if (isAnswered()) asking.onFrame(frame);
    else asking.refuse(frame.meta.id, LEFT);
  }

  /** @param {Incoming} target @param {import("../document/types.js").Frame} frame */
  function onSteps(target, frame) {
    if (frame.meta.plane_id !== target.plane?.id) return;
    appendSteps(target.runs[frame.meta.run], frame);
    if (isShown()) scheduleDraw();
    else holdOrShow(target);
  }

  /** @param {Incoming} target @param {import("../document/types.js").Frame} frame */
  function onSurface(target, frame) {
    if (frame.meta.id !== target.surfaceId) return;
    target.surface = surfaceOf(frame);
    store.set({ surfaceProgress: frame.meta.progress < 1 ? { done: frame.meta.progress, total: 1 } : null });
    if (isShown()) store.set({ surface: target.surface });
    else holdOrShow(target);
  }

  /** @param {Incoming} target */
  function holdOrShow(target) {
    const started = target.plane && target.runs.every((run) => run.count > 0);
    if (!started) return;
    if (target.surface) show(target);
    else target.timer ??= setTimeout(() => show(target), LONGEST_HOLD_MS);
  }

  /** @param {Incoming} target */
  function show(target) {
    clearTimeout(target.timer);
    if (target !== incoming || state.get() !== "arriving") return;
    const { arrived, step, steps } = store.get();
    asked = before = null;
    store.set({
      runs: target.runs,
      plane: target.plane,
      ...(target.surface ? { surface: target.surface } : {}),
      arrived: arrived + 1,
      step: Math.min(step, steps),
    });
    state.move(target.complete ? "ready" : "computing");
    sendWaiting();
    asking.inspect();
  }

  function scheduleDraw() {
    drawing ||= requestAnimationFrame(() => {
      drawing = 0;
      store.set({ arrived: store.get().arrived + 1 });
      asking.inspect();
    });
  }

  /** @param {Record<string, any>} message */
  function onStatus(message) {
    if (!incoming) return;
    const target = incoming;
    message.runs.forEach((/** @type {any} */ run, /** @type {number} */ index) => {
      Object.assign(target.runs[index], { status: run.status, stationaryAt: run.stationary_at });
    });
    target.complete = message.complete;
    if (!isShown()) return;
    store.set({ arrived: store.get().arrived + 1 });
    state.move(target.complete ? "ready" : "computing");
  }

  /** @param {Record<string, any>} message */
  function onProgress({ of, done, total, place }) {
    if (of === "queue") store.set({ queuePlace: place || null });
    else if (of === "surface") store.set({ surfaceProgress: done < total ? { done, total } : null });
    else store.set({ descentProgress: done < total ? { done, total } : null });
  }

  /** @param {Record<string, any>} problem */
  function onError(problem) {
    if (problem.id !== undefined && problem.id !== null) {
      asking.refuse(problem.id, problem);
      return;
    }
    asked = null;
    store.set({
      fault: faultIn(problem),
    });
    // What was answered already and fails on its way is given up by the service.
    if (state.get() === "arriving") incoming = null;
    if (!isShown()) goBack();
    if (waiting.length === 0) putCursorBack();
    sendWaiting();
  }

  /** What was refused stays in the knobs, to be mended; the cursor stands in the picture, which is the one before. */
  function putCursorBack() {
    const page = before;
    if (page) store.set(Object.fromEntries(CURSOR.map((name) => [name, page[name]])));
  }

  /** Where a refusal and a lost connection leave the session: at what it shows. */
  function goBack() {
    const { plane, runs } = store.get();
    if (runs.length === 0) state.move("empty");
    else if (incoming && incoming.plane?.id !== plane?.id) state.move("arriving");
    else {
      state.move(runs.some(({ status }) => status === "running") ? "computing" : "ready");
      if (incoming) showMeanwhile(incoming);
    }
  }

  /** What arrived while another experiment was asked for. @param {Incoming} target */
  function showMeanwhile(target) {
    if (target.surface) store.set({ surface: target.surface });
    store.set({ arrived: store.get().arrived + 1 });
  }

  /** A picture that was whole or on its way stays; what was asked for and is not on show is asked for again. */
  function lose() {
    asking.lose();
    clearTimeout(incoming?.timer);
    incoming = null;
    const lost = asked?.message.resume ? null : asked;
    asked = null;
    if (lost && !waiting.some(({ message }) => outdates(message, lost.message))) waiting = [lost, ...waiting];
    store.set({
      descentProgress: null,
      surfaceProgress: null,
      queuePlace: null,
      held: waiting.length > 0,
      ...before,
    });
    before = null;
    if (state.get() !== "empty") goBack();
  }

  /** @type {Record<string, (message: any) => void>} */
  const handlers = {
    opened: onOpened,
    plane: onPlane,
    status: onStatus,
    progress: onProgress,
    error: onError,
  };

  return {
    /**
     * @param {import("../document/types.js").Experiment} doc
     * @param {{keepPlane?: boolean, cursor?: Asked["patch"]}} [options]   cursor: where the page stands in it.
     */
    open(doc, { keepPlane = false, cursor = {} } = {}) {
      request(openMessage(doc, keepPlane ? { keep_plane: true } : {}), { ...cursor, doc });
    },
    request,
    ask: asking.ask,
    study: asking.study,
    /** Gives up the surface under way; what is drawn of it stays. */
    cancel() {
      send({ type: "cancel" });
      store.set({ surfaceProgress: null });
    },
    lose,
    /** On a new connection: the same experiment from the entries that are already here, and what waited. */
    resume() {
      const { doc, plane, runs } = store.get();
      store.set({ held: false });
      for (const { patch } of waiting) apply(patch);
      if (waiting[0]?.message.type !== "open" && doc && plane) {
        const resume = { plane_id: plane.id, steps: runs.map((run) => run.count) };
        waiting = [{ message: openMessage(doc, { keep_plane: true, resume }), patch: {} }, ...waiting];
      }
      sendWaiting();
    },
    /** @param {Record<string, any>} message */
    onMessage(message) {
      handlers[message.type]?.(message);
    },
    onFrame,
  };
}

/**
 * Whether nothing of an earlier message is left to do once this one is carried out: an experiment takes the
 * place of everything, another change that of its own kind on the same weight or the same run.
 * @param {Record<string, any>} message @param {Record<string, any>} earlier
 */
function outdates(message, earlier) {
  return message.type === "open" || subjectOf(message) === subjectOf(earlier);
}

/** What a message changes. @param {Record<string, any>} message */
function subjectOf({ type, edit }) {
  return JSON.stringify(
    edit ? [type, edit.step, edit.run, "optimizer" in edit, Object.keys(edit.set ?? {})] : type,
  );
}

/** @param {import("../document/types.js").Surface|null} surface */
const isWhole = (surface) => surface !== null && surface.level + 1 === surface.levels;

/** @param {import("../document/types.js").Plane} plane @param {import("../document/types.js").Plane|null} shown */
function sameSurface(plane, shown) {
  return (
    shown !== null && plane.id === shown.id && JSON.stringify(plane.extent) === JSON.stringify(shown.extent)
  );
}

/** @param {Record<string, any>} message @returns {import("../document/types.js").Plane} */
function planeOf({ plane_id, generation, provisional, plane, captions, run_caption, extent }) {
  return {
    id: plane_id,
    generation,
    provisional,
    kind: plane.kind,
    orthonormal: plane.orthonormal,
    varianceShare: plane.variance_share,
    nullShare:
      plane.null_share?.reduce((/** @type {number} */ sum, /** @type {number} */ share) => sum + share, 0) ??
      null,
    exact: plane.exact,
    components: plane.components ?? [],
    note: plane.note,
    labels: plane.labels,
    captions,
    runCaption: run_caption,
    extent,
  };
}
