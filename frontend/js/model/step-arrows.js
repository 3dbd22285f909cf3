/** The step under the cursor as arrows on the plane: what it sees, what it remembers, where it goes. */

import { formatNumber, formatPercent, formatRunning } from "../document/number-format.js";
import { looksOf } from "../document/view.js";
import { noteRefusal } from "../wire/refusal.js";
import { createQuery } from "./query.js";
import { entryAt } from "./runs.js";

/** @typedef {import("../document/types.js").AppState} AppState */
/** @typedef {import("../document/types.js").Pair} Pair */
/** @typedef {import("../document/types.js").Frame} Frame */
/** @typedef {import("../document/types.js").Steps} Steps */

/** Steps are asked for so many at a time: one factor holds for them, so that their lengths compare while it plays. */
const BLOCK = 32;
/** Answers that are kept, for scrubbing back. */
const MOST_KEPT = 64;
/** Three steps in four of a block are drawn at least this long, in shares of the picture. */
const LEAST = 0.07;
/** Beyond this factor a step is not drawn: it stands still. */
const MOST_ENLARGED = 10_000;
/** How long directions are drawn that are no steps, in shares of the picture. */
const DOWNHILL = 0.22;
const MEMORY = 0.28;

/**
 * @typedef {object} StepArrow
 * @property {"step"|"downhill"|"memory"|"other"} kind
 * @property {Pair} along            In the plane's coordinates, as long as it is drawn.
 * @property {string} text
 */

/** @typedef {{at: Pair, color: string, arrows: StepArrow[], said: string}} StepArrows */

/** @param {Frame} frame @param {number} entry */
const holds = ({ meta }, entry) => meta.first <= entry && entry < meta.first + meta.count;

/**
 * The arrows at the cursor, null where they are not wanted or not known yet.
 * @param {AppState} state
 * @param {import("../document/types.js").Extent} extent
 * @returns {StepArrows|null}
 */
export function stepArrows(state, extent) {
  const wanted = looksOf(state).arrows;
  const { arrows: known, others, focus, step, plane } = state;
  const run = state.runs[focus];
  if (wanted === "none" || !known || !run || known.focus !== focus || known.plane !== plane?.id) return null;
  const entry = entryAt(run, Math.floor(step));
  const frame = known.frames.find((one) => holds(one, entry));
  if (!frame) return null;
  const k = entry - frame.meta.first;
  const factor = factorOf(frame, extent);
  const rest =
    wanted === "all" &&
    !state.playing &&
    others?.run === focus &&
    others.step === entry &&
    others.plane === plane?.id
      ? otherSteps(others.frame, factor ?? 1)
      : [];
  return {
    at: pairAt(frame.arrays.at.data, k),
    color: run.color,
    arrows: [...rest, ...ownArrows(frame, k, factor, extent)],
    said: arrowsSaid(frame, k, factor, plane?.exact ?? true),
  };
}

/**
 * @param {Frame} frame
 * @param {number} k
 * @param {number|null} factor
 * @param {import("../document/types.js").Extent} extent
 * @returns {StepArrow[]}
 */
function ownArrows({ meta, arrays }, k, factor, extent) {
  const direction = (/** @type {Frame["arrays"]} */ vector, /** @type {number} */ long) => {
    const along = pairAt(vector.along.data, k);
    const size = sizeOf(along, extent);
    return size > 0 ? scaled(along, long / size) : null;
  };
  const parts = meta.memory.map((/** @type {any} */ { symbol, name }, /** @type {number} */ part) => ({
    kind: "memory",
    along: direction(arrays.memory[part], MEMORY),
    text: `−${symbol} ${name.replaceAll("_", " ")}`,
  }));
  const step = factor === null ? null : scaled(pairAt(arrays.step.along.data, k), factor);
  return [
    { kind: "downhill", along: direction(arrays.downhill, DOWNHILL), text: gradientName(meta) },
    ...parts,
    { kind: "step", along: step, text: stepName(factor) },
  ].filter(({ along }) => along !== null);
}

/** @param {Record<string, any>} meta */
const gradientName = ({ sees }) => (sees.length === 0 ? "−∇C" : "−g");

const SEEN = /** @type {Record<string, string>} */ ({
  batch: "of its mini-batch",
  noise: "with its noise",
  clip: "clipped",
});

/** @param {number|null} factor */
const stepName = (factor) => (factor === null || factor === 1 ? "step" : `step × ${formatNumber(factor)}`);

/** @param {Frame} frame @param {number} factor @returns {StepArrow[]} */
function otherSteps({ meta, arrays }, factor) {
  return meta.steps.flatMap((/** @type {any} */ { kind, label }, /** @type {number} */ k) =>
    kind === meta.own
      ? []
      : [{ kind: "other", along: scaled(pairAt(arrays.steps[k].along.data, 0), factor), text: label }],
  );
}

/** @param {ArrayLike<number>} data @param {number} k @returns {Pair} */
const pairAt = (data, k) => [data[2 * k], data[2 * k + 1]];
/** @param {Pair} pair @param {number} by @returns {Pair} */
const scaled = ([a, b], by) => [a * by, b * by];
/** In shares of the picture. @param {Pair} along @param {import("../document/types.js").Extent} extent */
const sizeOf = ([a, b], [[a0, a1], [b0, b1]]) => Math.hypot(a / (a1 - a0), b / (b1 - b0));

/**
 * How many times its length a step is drawn, by the shorter steps of its block; null where nothing would show it.
 * @param {Frame} frame
 * @param {import("../document/types.js").Extent} extent
 * @returns {number|null}
 */
export function factorOf({ meta, arrays }, extent) {
  const sizes = Array.from({ length: meta.count }, (_, k) =>
    sizeOf(pairAt(arrays.step.along.data, k), extent),
  ).sort((one, other) => one - other);
  const usual = sizes[Math.floor(sizes.length / 4)];
  for (let power = 1; power <= MOST_ENLARGED; power *= 10) {
    for (const factor of [power, 2 * power, 5 * power])
      if (factor <= MOST_ENLARGED && factor * usual >= LEAST) return factor;
  }
  return null;
}

/**
 * What the arrows stand for, and how far they are to be believed.
 * @param {Frame} frame
 * @param {number} k
 * @param {number|null} factor
 * @param {boolean} exact
 */
function arrowsSaid({ meta, arrays }, k, factor, exact) {
  const [length, norm] = [arrays.step.length.data[k], arrays.step.norm.data[k]];
  const drawn =
    factor === null
      ? ", too short to draw"
      : factor === 1
        ? ", drawn as long as it is"
        : `, drawn ${formatNumber(factor)} times as long`;
  const within = exact || norm === 0 ? "" : `, ${formatPercent(length / norm)} of it in the plane`;
  const names = [gradientName(meta), ...meta.memory.map((/** @type {any} */ { symbol }) => `−${symbol}`)];
  const directions =
    names.length > 1 ? `${names.join(" and ")} show directions` : `${names[0]} shows a direction`;
  const seen =
    meta.sees.length === 0
      ? ""
      : `; g is the gradient as the step sees it: ${meta.sees.map((/** @type {string} */ what) => SEEN[what]).join(", ")}`;
  return `the step is ${formatRunning(norm)} long${drawn}${within}; ${directions}${seen}`;
}

/**
 * Asks for the arrows of the steps around the cursor, one block at a time and always the newest.
 * @param {import("../document/types.js").Store} store
 * @param {Pick<import("../document/types.js").Actions, "study">} actions
 */
export function createArrows(store, actions) {
  const query = createQuery(actions.study, {
    show: keep,
    refuse: (words) => noteRefusal(store, "arrows", words),
    entered: (state) => (state === "answered" || state === "outdated") && refresh(),
  });

  let runs = store.get().runs;

  function refresh() {
    const state = store.get();
    const wanted = looksOf(state).arrows !== "none";
    if (!wanted || state.runs !== runs) query.forget();
    runs = state.runs;
    if (!wanted && state.arrows) store.set({ arrows: null });
    const block = wanted ? missing(state) : null;
    if (!block) return;
    const place = { run: state.focus, step: block.first };
    query.ask({ place, study: { kind: "arrows", count: block.count }, of: [state.plane?.id] });
  }

  /** @param {Frame} frame @param {import("./query.js").Question} question */
  function keep(frame, { place }) {
    const { plane, arrows } = store.get();
    if (!plane || plane.id !== frame.meta.plane_id) return;
    const of = { runs, focus: place.run, plane: plane.id };
    const kept = isOf(arrows, of) ? arrows.frames : [];
    const others = kept.filter(({ meta }) => meta.first !== frame.meta.first);
    noteRefusal(store, "arrows", null);
    store.set({ arrows: { ...of, frames: [frame, ...others].slice(0, MOST_KEPT) } });
  }

  store.watch(["step", "focus", "doc", "runs", "plane", "arrived", "phase"], refresh);
}

/** @param {Steps|null} known @param {Omit<Steps, "frames">} of @returns {known is Steps} */
const isOf = (known, { runs, focus, plane }) =>
  known?.runs === runs && known.focus === focus && known.plane === plane;

/**
 * The next steps to ask for: those of the cursor's block that are not known; while it plays, then the next block's.
 * @param {AppState} state
 * @returns {{first: number, count: number}|null}
 */
export function missing({ arrows, runs, focus, step, plane, playing }) {
  const run = runs[focus];
  if (!run || run.count === 0 || !plane) return null;
  const frames = isOf(arrows, { runs, focus, plane: plane.id }) ? arrows.frames : [];
  const entry = entryAt(run, Math.floor(step));
  const begin = BLOCK * Math.floor(entry / BLOCK);
  return (
    missingIn(frames, begin, entry) ??
    (playing && begin + BLOCK < run.count ? missingIn(frames, begin + BLOCK, begin + BLOCK) : null)
  );
}

/** @param {Frame[]} frames @param {number} begin @param {number} entry */
function missingIn(frames, begin, entry) {
  if (frames.some((frame) => holds(frame, entry))) return null;
  // An answer may end early, where another optimizer takes over or the run had got no further.
  const ends = frames.map(({ meta }) => meta.first + meta.count).filter((end) => begin < end && end <= entry);
  const first = Math.max(begin, ...ends);
  return { first, count: begin + BLOCK - first };
}
