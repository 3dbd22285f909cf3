/**
 * What the stream's messages do to the page's state. A change of the document is shown only when its paths and
 * its first surface are here, so that a knob never tears path and ground apart.
 */

import { withDrawn } from "../document/view.js";
import { openMessage } from "../model/protocol.js";
import { appendSteps, emptyRun, firstEntries } from "../model/runs.js";
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
 * @property {boolean} shown
 * @property {ReturnType<typeof setTimeout>|undefined} timer
 */

/**
 * @param {import("../document/types.js").Store} store
 * @param {(message: Record<string, any>) => boolean} send
 */
export function createSession(store, send) {
  /** @type {Incoming|null} */
  let incoming = null;
  /** @type {Record<string, any>[]} What opens or changes an experiment and is not yet sent, oldest first. */
  let waiting = [];
  let answered = true;
  let requests = 0;
  let opening = 0;
  let drawing = 0;
  const nextId = () => ++requests;
  const asking = createAsking(store, send, nextId, () => (incoming?.shown ? opening : null));

  const settled = () => answered && (incoming === null || incoming.shown);

  /** @param {Record<string, any>} message */
  function request(message) {
    store.set({ fault: null });
    waiting = [...waiting.filter((earlier) => !outdates(message, earlier)), message];
    sendWaiting();
  }

  function sendWaiting() {
    if (waiting.length === 0 || !settled() || !send(waiting[0])) return;
    waiting = waiting.slice(1);
    answered = false;
  }

  /** Whether the page's document is already another than the one that was answered. */
  const isOutdated = () => waiting.some(({ type }) => type === "open");

  /** @param {Record<string, any>} message */
  function onOpened(message) {
    answered = true;
    const { runs: before, plane } = store.get();
    const kept = message.kept ?? null;
    const runs = message.runs.map((/** @type {any} */ described, /** @type {number} */ index) => {
      const fresh = emptyRun({ label: described.label, kind: described.optimizer, color: described.color });
      return kept && before[index]
        ? {
            ...firstEntries(before[index], kept[index]),
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
      shown: false,
      timer: undefined,
    };
    const { dim, exact, layers, parameters = [], formula = null } = message;
    const doc = isOutdated() ? store.get().doc : withDrawn(message.experiment, store.get().doc);
    store.set({
      ...(isOutdated() ? {} : { doc, minimal: message.minimal }),
      problem: { dim, exact, layers, parameters, formula },
      steps: message.steps,
      phase: "computing",
      focus: Math.min(doc?.view.run ?? 0, runs.length - 1),
    });
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
      incoming = { ...incoming, runs, surface: null, shown: false, timer: undefined };
    }
    incoming.plane = plane;
    // What an edit, more steps or a lost connection leave alone is the ground under them, once it is whole.
    const { surface, plane: shown } = store.get();
    if (same && isWhole(surface) && sameGround(plane, shown)) incoming.surface = surface;
    else requestSurface(incoming);
    if (!incoming.shown) holdOrShow(incoming);
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
      if (answered && incoming) (frame.kind === "steps" ? onSteps : onSurface)(incoming, frame);
    } else if (answered) asking.onFrame(frame);
    else asking.refuse(frame.meta.id, LEFT);
  }

  /** @param {Incoming} target @param {import("../document/types.js").Frame} frame */
  function onSteps(target, frame) {
    if (frame.meta.plane_id !== target.plane?.id) return;
    appendSteps(target.runs[frame.meta.run], frame);
    if (target.shown) scheduleDraw();
    else holdOrShow(target);
  }

  /** @param {Incoming} target @param {import("../document/types.js").Frame} frame */
  function onSurface(target, frame) {
    if (frame.meta.id !== target.surfaceId) return;
    target.surface = surfaceOf(frame);
    store.set({ surfaceProgress: frame.meta.progress < 1 ? { done: frame.meta.progress, total: 1 } : null });
    if (target.shown) store.set({ surface: target.surface });
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
    if (target !== incoming || target.shown) return;
    target.shown = true;
    const { arrived, step, steps } = store.get();
    store.set({
      runs: target.runs,
      plane: target.plane,
      ...(target.surface ? { surface: target.surface } : {}),
      arrived: arrived + 1,
      step: Math.min(step, steps),
      phase: target.complete ? "ready" : "computing",
    });
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
    if (target.shown)
      store.set({ arrived: store.get().arrived + 1, phase: target.complete ? "ready" : "computing" });
  }

  /** @param {Record<string, any>} message */
  function onProgress({ of, done, total }) {
    if (of === "surface") store.set({ surfaceProgress: done < total ? { done, total } : null });
    else store.set({ descentProgress: done < total ? { done, total } : null });
  }

  /** @param {Record<string, any>} problem */
  function onError(problem) {
    if (problem.id !== undefined && problem.id !== null) {
      asking.refuse(problem.id, problem);
      return;
    }
    answered = true;
    store.set({
      fault: { title: problem.title, detail: problem.detail ?? "", errors: problem.errors ?? [] },
      phase: phaseOf(incoming),
    });
    sendWaiting();
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
    /** @param {import("../document/types.js").Experiment} doc @param {{keepPlane?: boolean}} [options] */
    open(doc, { keepPlane = false } = {}) {
      request(openMessage(doc, keepPlane ? { keep_plane: true } : {}));
    },
    request,
    ask: asking.ask,
    study: asking.study,
    /** Gives up the surface under way; what is drawn of it stays. */
    cancel() {
      send({ type: "cancel" });
      store.set({ surfaceProgress: null });
    },
    /** After a lost connection: the same experiment, from the entries that are already here. */
    resume() {
      const { doc, plane, runs } = store.get();
      asking.lose();
      answered = true;
      if (waiting.length > 0) sendWaiting();
      else if (doc && plane)
        request(
          openMessage(doc, {
            keep_plane: true,
            resume: { plane_id: plane.id, steps: runs.map((run) => run.count) },
          }),
        );
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

/** Where a refusal leaves the page: at what it shows. @param {Incoming|null} incoming */
function phaseOf(incoming) {
  if (!incoming) return "empty";
  return incoming.complete ? "ready" : "computing";
}

/** @param {import("../document/types.js").Surface|null} surface */
const isWhole = (surface) => surface !== null && surface.level + 1 === surface.levels;

/** @param {import("../document/types.js").Plane} plane @param {import("../document/types.js").Plane|null} shown */
function sameGround(plane, shown) {
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

/** @param {import("../document/types.js").Frame} frame @returns {import("../document/types.js").Surface} */
function surfaceOf({ meta, arrays }) {
  return {
    a: arrays.a.data,
    b: arrays.b.data,
    cost: arrays.cost.data,
    height: meta.height,
    level: meta.level,
    levels: meta.levels,
    minima: meta.minima ?? [],
  };
}
