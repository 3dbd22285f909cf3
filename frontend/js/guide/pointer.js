/** The ring around what a stop of the tour speaks of. */

/** @import { Point } from "./points.js" */

/** Rings what is pointed at as soon as it is there, and keeps it in sight while answers come in, until the first touch. */
export function createPointer() {
  let wanted = /** @type {Point|null} */ (null);
  let ringed = /** @type {Element|null} */ (null);
  /** Until it is there, or the page is touched. */
  let waiting = false;
  const appearance = new MutationObserver(look);
  const growth = new ResizeObserver(show);
  function touched() {
    waiting = false;
    appearance.disconnect();
    growth.disconnect();
  }
  for (const touch of ["pointerdown", "wheel", "keydown"])
    addEventListener(touch, touched, { capture: true, passive: true });

  function show() {
    ringed?.scrollIntoView({ block: wanted?.under ? "start" : "center", inline: "nearest" });
  }

  function look() {
    const found = wanted ? document.querySelector(wanted.selector) : null;
    if (waiting) unfold(found);
    const now = found?.checkVisibility() ? found : null;
    if (now || !wanted) {
      waiting = false;
      appearance.disconnect();
    }
    if (now === ringed) return;
    ringed?.classList.remove("pointed");
    ringed = now;
    now?.classList.add("pointed");
    growth.disconnect();
    for (const each of beside(now)) growth.observe(each);
    show();
  }

  return {
    look,
    /** @param {Point|null} point */
    at(point) {
      wanted = point;
      waiting = true;
      // A view may come to the page later than the stop does.
      appearance.observe(document.body, {
        subtree: true,
        childList: true,
        attributeFilter: ["hidden", "open"],
      });
      look();
      show();
    },
  };
}

/** What it stands in is opened, as far as a press would. @param {Element|null} element */
function unfold(element) {
  // One that is open is left: to open it again would be seen as another appearance, without an end.
  for (let fold = element?.closest("details"); fold; fold = fold.parentElement?.closest("details"))
    if (!fold.open) fold.open = true;
}

/** What may push an element about: itself and all that stands beside it in what scrolls. @param {Element|null} element */
function beside(element) {
  const parent = element?.parentElement;
  if (!parent) return [];
  /** @type {Element[]} */
  const further = getComputedStyle(parent).overflowY === "visible" ? beside(parent) : [];
  return [...parent.children, ...further];
}
