/** The first moves: one thing to do, said where it is to be done, answered by the picture; then the next. */

import { forFinger, h, refill, setText } from "../ui/dom.js";
import { icon } from "../ui/icons.js";
import { remember } from "../ui/memory.js";
import { MOVES } from "./moves.js";

/** @import { Actions, AppState, Experiment, Pair, Store } from "../document/types.js" */
/** @import { Stability } from "./moves.js" */

const KEY = "moves";
const DONE = "done";

/** @returns {HTMLElement} Where on the page the first run's learning rate is turned. */
const rate = () => /** @type {HTMLElement} */ (document.querySelector(".run__rate"));

/**
 * @param {HTMLElement} stage
 * @param {Store} store
 * @param {Actions} actions
 * @returns {{begin: (at: number) => void, resume: (at: number) => void}}   resume: as they were left, on another visit.
 */
export function createFirstMoves(stage, store, actions) {
  const line = h("p", { class: "move__line", role: "status", tabindex: "-1" });
  const place = h("span", { class: "move__place" });
  const watch = h("button", { class: "quiet", on: { click: showIt } }, "Show me");
  const onward = h("button", { class: "button", on: { click: () => begin(at + 1) } });
  const skip = h("button", { class: "quiet", on: { click: end } }, "Skip");
  const el = h(
    "section",
    { class: "move", "aria-label": "First moves" },
    place,
    line,
    h("span", { class: "move__buttons" }, watch, onward, skip),
  );
  const ring = h("span", { class: "move-ring", role: "img", "aria-label": "The ring", hidden: true });
  let at = -1;
  let answered = false;
  let resumed = false;
  /** The document that the move began with, and which of the page's experiments that was. */
  let before = /** @type {Experiment|null} */ (null);
  let entry = 0;
  let bound = /** @type {Stability|null} */ (null);
  let asked = /** @type {Experiment|null} */ (null);
  let forget = /** @type {(() => void)[]} */ ([]);

  /** @param {number} wanted */
  function begin(wanted) {
    const { catalog } = store.get();
    if (wanted >= MOVES.length) return end();
    if (!catalog) return;
    const pressed = document.activeElement === onward;
    at = wanted;
    answered = resumed = false;
    bound = asked = null;
    remember(KEY, String(at));
    const experiment = MOVES[at].experiment(catalog);
    if (experiment) actions.load(experiment, { tour: null });
    else if (store.get().tour !== null) actions.visit(null);
    before = store.get().doc;
    entry = store.get().entry;
    if (forget.length === 0) listen();
    draw();
    if (pressed) line.focus({ preventScroll: true });
  }

  /** Once there is a picture, which may be late. @param {number} left */
  function resume(left) {
    const stop = store.watch(["surface"], ({ surface }) => {
      if (!surface || at >= 0) return;
      queueMicrotask(() => stop());
      if (left === 0) begin(0);
      else goOn(left);
    });
  }

  /** What is on show stays until a press asks for the next. @param {number} left */
  function goOn(left) {
    at = left - 1;
    answered = resumed = true;
    before = store.get().doc;
    entry = store.get().entry;
    listen();
    draw();
  }

  function end() {
    remember(KEY, DONE);
    for (const stop of forget) stop();
    forget = [];
    at = -1;
    for (const part of [el, ring]) part.remove();
    point(null);
    stage.classList.remove("stage--move");
  }

  function listen() {
    const watched = new ResizeObserver(draw);
    for (const pane of stage.querySelectorAll(".pane")) watched.observe(pane);
    forget = [
      store.watch(["doc", "runs", "arrived", "phase", "plane", "surface", "tour"], follow),
      () => watched.disconnect(),
    ];
  }

  /** @param {AppState} state */
  function follow(state) {
    if (at < 0) return;
    const move = MOVES[at];
    // The first visit's document arrives by and by, and a move without one of its own goes along to another.
    if (!before || (!answered && state.entry !== entry && !hasOwn(state, move))) {
      before = state.doc;
      entry = state.entry;
    }
    if (!answered && before && state.doc !== before && move.done(state, before)) {
      answered = true;
      remember(KEY, at + 1 < MOVES.length ? String(at + 1) : DONE);
    }
    if (answered && !resumed && move.place === "rate") askBound(state);
    draw();
  }

  /** @param {import("./moves.js").Move} move */
  const sayOf = (move) => (el.parentElement === stage ? (move.away ?? move.say) : move.say);

  /** @param {import("./moves.js").Move} move @param {AppState} state */
  const answerOf = (move, state) =>
    resumed ? "Here you left off the last time." : move.answer(state, bound);

  /** Once for each document that diverges. @param {AppState} state */
  function askBound({ doc, phase }) {
    if (phase !== "ready" || asked === doc) return;
    asked = doc;
    actions.study({ run: 0, step: 0 }, { kind: "stability" }, (frame) => {
      if (frame && asked === store.get().doc) bound = /** @type {Stability} */ (frame.meta);
      draw();
      // Said at length it may be longer than a phone's knobs are high.
      if (answered && el.parentElement !== stage) el.scrollIntoView({ block: "nearest" });
    });
  }

  function showIt() {
    const shown = MOVES[at].shown(store.get());
    if (typeof shown === "number") actions.change(["runs", 0, "optimizer", "learning_rate"], shown);
    else actions.startAt(shown);
  }

  function draw() {
    if (at < 0) return;
    const state = store.get();
    const move = MOVES[at];
    const here = isHere(state);
    if (!here) {
      point(null);
      for (const part of [el, ring]) part.remove();
      stage.classList.remove("stage--move");
      return;
    }
    stand(move.place);
    setText(place, `${at + 1} of ${MOVES.length}`);
    refill(line, answered && icon("check"), answered ? answerOf(move, state) : forFinger(sayOf(move)));
    el.classList.toggle("move--answered", answered);
    watch.hidden = answered;
    onward.hidden = !answered;
    const next = MOVES[at + 1];
    const what = next ? `: ${next.name.toLowerCase()}` : "";
    refill(onward, next ? "Next" : "That’s it", h("span", { class: "move__next" }, what));
    onward.setAttribute("aria-label", next ? `Next${what}` : "That’s it");
    skip.hidden = answered && !next;
    encircle(answered ? null : move);
  }

  /** @param {AppState} state @param {import("./moves.js").Move} move */
  const hasOwn = ({ catalog }, move) => catalog !== null && move.experiment(catalog) !== null;

  /** Whether what the move is about is on show. @param {AppState} state */
  const isHere = ({ tour, doc, entry: now, surface }) =>
    tour === null && surface !== null && doc?.view.stage !== "lab" && now === entry;

  /** @param {"stage"|"rate"} where */
  function stand(where) {
    const knob = where === "rate" && !resumed ? rate() : null;
    // A panel that is folded away on a phone has no place to stand in.
    const inKnobs = knob?.checkVisibility() ? knob : null;
    if (inKnobs) inKnobs.after(el);
    else if (el.parentElement !== stage) stage.append(el);
    stage.classList.toggle("stage--move", inKnobs === null);
    point(answered ? null : inKnobs);
  }

  let pointed = /** @type {Element|null} */ (null);
  /** @param {Element|null} now */
  function point(now) {
    if (now === pointed) return;
    pointed?.classList.remove("move-here");
    pointed = now;
    now?.classList.add("move-here");
    // Where the panel is low, what is turned stands above what is said of it.
    now?.scrollIntoView({ block: matchMedia("(max-width: 900px)").matches ? "start" : "nearest" });
  }

  /** @param {import("./moves.js").Move|null} move */
  function encircle(move) {
    const { plane } = store.get();
    const wanted = move?.place === "stage" && plane ? placeIn(stage, move.ring(plane), plane.extent) : null;
    ring.hidden = wanted === null;
    if (!wanted) return;
    if (ring.parentElement !== stage) stage.append(ring);
    ring.style.setProperty("left", `${wanted[0]}px`);
    ring.style.setProperty("top", `${wanted[1]}px`);
  }

  return { begin, resume };
}

/**
 * Where on the stage a place of the plane is seen from above; without one, the middle of the picture.
 * @param {HTMLElement} stage
 * @param {Pair|null} at
 * @param {import("../document/types.js").Extent} extent
 * @returns {Pair|null}
 */
function placeIn(stage, at, [[a0, a1], [b0, b1]]) {
  const pane = stage.querySelector(at ? ".contour-picker" : ".pane-3d");
  const seen = pane?.checkVisibility() ? pane : stage.querySelector(".contour-picker");
  if (!seen?.checkVisibility()) return null;
  const [{ left, top, width, height }, outer] = [seen, stage].map((one) => one.getBoundingClientRect());
  const [x, y] = at ? [(at[0] - a0) / (a1 - a0), (b1 - at[1]) / (b1 - b0)] : [0.5, 0.4];
  return [left - outer.left + x * width, top - outer.top + y * height];
}
