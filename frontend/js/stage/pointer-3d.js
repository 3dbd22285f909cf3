/** Hands on the 3D picture: turning it, pointing at it, and a click on it. The turning itself is plotly's. */

/** A turned wheel is done when it has rested this long, in milliseconds. */
const REST = 300;
/** A press that moves farther than this turns the picture and is no click, in pixels. */
const STEADY = 6;

/**
 * @param {HTMLElement} host
 * @param {{moved: () => void, point: (x: number, y: number) => void, leave: () => void, click: (x: number, y: number) => void}} on   Pixels of the host.
 */
export function createPointer3d(host, on) {
  let dragging = false;
  let resting = 0;
  /** @type {Set<() => unknown>} */
  const waiting = new Set();
  let pointed = 0;
  let pressed = /** @type {{id: number, x: number, y: number}|null} */ (null);

  host.addEventListener(
    "pointerdown",
    (event) => {
      dragging = true;
      // A second finger, which is never the primary one, makes it a pinch.
      pressed =
        event.isPrimary && event.button === 0
          ? { id: event.pointerId, x: event.clientX, y: event.clientY }
          : null;
      on.leave();
    },
    { capture: true },
  );
  window.addEventListener("pointermove", loosen, { capture: true });
  window.addEventListener(
    "pointerup",
    (event) => {
      loosen(event);
      const press = pressed;
      pressed = null;
      if (press?.id !== event.pointerId) return;
      const rect = host.getBoundingClientRect();
      on.click(press.x - rect.left, press.y - rect.top);
    },
    { capture: true },
  );
  window.addEventListener("pointercancel", () => {
    pressed = null;
  });
  for (const type of ["pointerup", "pointercancel", "blur"]) window.addEventListener(type, release);
  host.addEventListener(
    "wheel",
    () => {
      clearTimeout(resting);
      resting = window.setTimeout(on.moved, REST);
    },
    { passive: true },
  );
  host.addEventListener("pointermove", (event) => {
    if (event.buttons !== 0 || event.pointerType !== "mouse") return;
    cancelAnimationFrame(pointed);
    const rect = host.getBoundingClientRect();
    pointed = requestAnimationFrame(() => on.point(event.clientX - rect.left, event.clientY - rect.top));
  });
  host.addEventListener("pointerleave", () => {
    cancelAnimationFrame(pointed);
    on.leave();
  });

  /** There and back again is a turn too. @param {PointerEvent} event */
  function loosen({ pointerId, clientX, clientY }) {
    if (pressed?.id === pointerId && Math.hypot(clientX - pressed.x, clientY - pressed.y) > STEADY)
      pressed = null;
  }

  function release() {
    if (!dragging) return;
    dragging = false;
    on.moved();
    const works = [...waiting];
    waiting.clear();
    for (const work of works) work();
  }

  return {
    /**
     * Does the work now, or once when the hand lets go: a redraw while it turns the picture would snap the camera back.
     * @template T
     * @param {() => T} work
     */
    whenFree(work) {
      if (!dragging) return work();
      waiting.add(work);
      return undefined;
    },
  };
}
