/** The hand on the data plane while points are drawn: by mouse, finger or keyboard. */

import { clamp } from "../document/controls.js";
import {
  classesOf,
  placesOf,
  withoutPoint,
  withPoint,
  withPointLabelled,
  withPointMoved,
} from "../document/own-points.js";
import { h } from "../ui/dom.js";

/** @import { Actions, Drawing, Pair, Store, Points } from "../document/types.js" */
/** @import { Place } from "../ui/data-plane.js" */

/** A pointer this near to a point means it, in pixels. */
const REACH = { mouse: 9, pen: 12, touch: 22, keys: 9 };
/** Of the window, that an arrow key goes; with Shift, so many times as far. */
const KEY_STEP = 0.02;
const LEAP = 5;

/** @type {Record<string, Pair>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] };

/**
 * @param {HTMLElement} picture   That the data plane is drawn in.
 * @param {Store} store
 * @param {Actions} actions
 * @param {() => Place|null} placeNow   Where the plane was drawn.
 * @param {(words: string) => void} say
 */
export function createPen(picture, store, actions, placeNow, say) {
  const caret = h("span", { class: "draw-caret", "aria-hidden": "true", hidden: true });
  picture.append(caret);
  /** What a pressed pointer does: carries a point, or rubs out. @type {{held: number, erases: boolean, changed: boolean, labels: boolean}|null} */
  let stroke = null;
  /** Where the keys are. @type {Pair|null} */
  let at = null;
  let held = -1;

  const drawing = () => store.get().drawing;

  /** The point that is nearest to a pixel, −1 where none is near. @param {Points} points @param {Pair} pixel @param {number} reach */
  function nearest(points, [px, py], reach) {
    const place = placeNow();
    if (!place) return -1;
    const { x, y } = placesOf(points);
    const far = x.map((value, k) => Math.hypot(place.x(value) - px, place.y(y[k]) - py));
    const least = Math.min(...far);
    return least <= reach ? far.lastIndexOf(least) : -1;
  }

  /** @param {MouseEvent} event @returns {Pair} */
  function pixelOf(event) {
    const rect = picture.getBoundingClientRect();
    return [event.clientX - rect.left, event.clientY - rect.top];
  }

  /** @param {PointerEvent} event */
  const reachOf = ({ pointerType }) => REACH[/** @type {keyof typeof REACH} */ (pointerType)] ?? REACH.mouse;

  /** @param {PointerEvent} event */
  function press(event) {
    const now = drawing();
    const place = placeNow();
    if (!now || !place || (event.button !== 0 && event.button !== 2)) return;
    event.preventDefault();
    picture.focus({ preventScroll: true });
    picture.setPointerCapture(event.pointerId);
    release();
    const pixel = pixelOf(event);
    const which = nearest(now.points, pixel, reachOf(event));
    const erases = now.tool === "erase" || event.button === 2;
    stroke = { held: which, erases, changed: false, labels: which >= 0 };
    if (erases) rub(now, which);
    else if (which < 0) {
      actions.draw(withPoint(now.points, place.at(...pixel), now.label));
      stroke = { held: now.points.x.length, erases, changed: true, labels: false };
    }
  }

  /** @param {Drawing} now @param {number} which */
  function rub({ points }, which) {
    if (which < 0 || !stroke) return;
    actions.draw(withoutPoint(points, which), stroke.changed);
    stroke.changed = true;
  }

  /** @param {PointerEvent} event */
  function move(event) {
    const now = drawing();
    const place = placeNow();
    if (!now || !place) return;
    const pixel = pixelOf(event);
    if (!stroke) {
      const over = nearest(now.points, pixel, reachOf(event)) >= 0;
      picture.dataset.over = now.tool === "erase" ? "erase" : over ? "point" : "";
      return;
    }
    if (stroke.erases) rub(now, nearest(now.points, pixel, reachOf(event)));
    else if (event.movementX || event.movementY) {
      actions.draw(withPointMoved(now.points, stroke.held, place.at(...pixel)), stroke.changed);
      stroke = { ...stroke, changed: true, labels: false };
    }
  }

  /** A point that is clicked and not carried becomes what the next one would be. */
  function lift() {
    const now = drawing();
    if (now && stroke?.labels && !stroke.erases && !stroke.changed && now.points.task === "classes")
      if (now.points.y[stroke.held] !== now.label)
        actions.draw(withPointLabelled(now.points, stroke.held, now.label));
    stroke = null;
  }

  /** @param {KeyboardEvent} event */
  function key(event) {
    const now = drawing();
    if (!now) return;
    const undoes = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z";
    if (event.altKey || ((event.ctrlKey || event.metaKey) && !undoes)) return;
    const act = undoes ? undo : actOf(event.key, now);
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act(now, event);
  }

  /** @param {string} name @param {Drawing} now @returns {((now: Drawing, event: KeyboardEvent) => void)|null} */
  function actOf(name, { points }) {
    if (name in ARROWS) return walk;
    if (name === "Enter" || name === " ") return put;
    if (name === "Delete" || name === "Backspace") return erase;
    if (name === "Escape") return () => actions.endDrawing();
    const label = /^[1-9]$/.test(name) && points.task === "classes" && classesOf(points)[Number(name) - 1];
    if (label === false || label === undefined) return null;
    return () => {
      actions.drawWith({ label, tool: "add" });
      say(`The next point is of class ${label}.`);
    };
  }

  function undo() {
    release();
    actions.undoDrawing();
    say("Undone.");
  }

  /** @param {Drawing} now @param {KeyboardEvent} event */
  function walk({ points, window }, { key: name, shiftKey }) {
    const from = at ?? middleOf(window);
    const far = KEY_STEP * (shiftKey ? LEAP : 1);
    at = /** @type {Pair} */ (
      window.map(([low, high], axis) =>
        clamp(from[axis] + far * ARROWS[name][axis] * (high - low), low, high),
      )
    );
    if (held >= 0) actions.draw(withPointMoved(points, held, at), true);
    redraw();
  }

  /** Puts a point down, takes one up to carry it, or lets it go. @param {Drawing} now */
  function put({ points, window, label, tool }) {
    at ??= middleOf(window);
    redraw();
    const near = under(points);
    if (held >= 0) {
      release();
      say("Let go.");
    } else if (tool === "erase") rubAt(points, near);
    else if (near >= 0) {
      held = near;
      // What it is carried over is one change.
      actions.draw(points);
      say("Taken up: the arrow keys carry it, Space lets it go.");
    } else {
      actions.draw(withPoint(points, at, label));
      say(`A point more, ${points.x.length + 1} in all.`);
    }
    redraw();
  }

  /** @param {Drawing} now */
  function erase({ points }) {
    rubAt(points, held >= 0 ? held : under(points));
  }

  /** @param {Points} points @param {number} which */
  function rubAt(points, which) {
    release();
    if (which < 0) return say("There is no point here.");
    actions.draw(withoutPoint(points, which));
    say(`Erased: ${points.x.length - 1} left.`);
  }

  /** The point under the caret. @param {Points} points */
  function under(points) {
    const place = placeNow();
    return at && place ? nearest(points, [place.x(at[0]), place.y(at[1])], REACH.keys) : -1;
  }

  function release() {
    held = -1;
  }

  function redraw() {
    const place = placeNow();
    const shown = Boolean(drawing() && at && place && document.activeElement === picture);
    caret.hidden = !shown;
    if (!shown || !at || !place) return;
    caret.classList.toggle("draw-caret--holds", held >= 0);
    caret.style.setProperty("left", `${place.x(at[0])}px`);
    caret.style.setProperty("top", `${place.y(at[1])}px`);
  }

  picture.addEventListener("pointerdown", press);
  picture.addEventListener("pointermove", move);
  picture.addEventListener("pointerup", lift);
  picture.addEventListener("pointercancel", () => {
    stroke = null;
  });
  picture.addEventListener("contextmenu", (event) => drawing() && event.preventDefault());
  picture.addEventListener("keydown", key);
  picture.addEventListener("blur", redraw);
  store.watch(["drawing"], ({ drawing: now }) => {
    if (now) return;
    at = null;
    stroke = null;
    release();
    redraw();
  });
  return { redraw };
}

/** @param {Drawing["window"]} window */
const middleOf = (window) => /** @type {Pair} */ (window.map(([low, high]) => (low + high) / 2));
