/** Where a popover stands: under what opened it, above when there is no room, always on the screen. */

const GAP = 6;
const EDGE = 8;

/** Closes it when the keyboard goes on to what lies behind it. @param {HTMLElement} popover */
export function closeWhenLeft(popover) {
  popover.addEventListener("focusout", ({ relatedTarget: to }) => {
    const opener = to instanceof HTMLButtonElement && to.popoverTargetElement === popover;
    if (to instanceof Node && !popover.contains(to) && !opener && popover.matches(":popover-open"))
      popover.hidePopover();
  });
}

/** @param {HTMLElement} popover @param {HTMLElement} anchor @param {"start"|"end"} [align] */
export function placeNear(popover, anchor, align = "start") {
  const at = anchor.getBoundingClientRect();
  const { width, height } = popover.getBoundingClientRect();
  const left = align === "start" ? at.left : at.right - width;
  const below = at.bottom + GAP;
  const fitsBelow = below + height <= innerHeight - EDGE;
  const top = fitsBelow ? below : Math.max(EDGE, at.top - GAP - height);
  popover.style.left = `${Math.max(EDGE, Math.min(left, innerWidth - width - EDGE))}px`;
  popover.style.top = `${Math.min(top, Math.max(EDGE, innerHeight - height - EDGE))}px`;
}
