/** Hands on the 3D picture: turning it, and pointing at it. The turning itself is plotly's. */

/** A turned wheel is done when it has rested this long, in milliseconds. */
const REST = 300;

/**
 * @param {HTMLElement} host
 * @param {{moved: () => void, point: (x: number, y: number) => void, leave: () => void}} on   Pixels of the host.
 */
export function createPointer3d(host, on) {
  let dragging = false;
  let resting = 0;
  /** @type {Set<() => unknown>} */
  const waiting = new Set();
  let pointed = 0;

  host.addEventListener("pointerdown", () => {
    dragging = true;
    on.leave();
  }, { capture: true });
  for (const type of ["pointerup", "pointercancel", "blur"]) window.addEventListener(type, release);
  host.addEventListener("wheel", () => {
    clearTimeout(resting);
    resting = window.setTimeout(on.moved, REST);
  }, { passive: true });
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
