/** The presenter's pointer: a ring around the mouse or the finger that can be seen from the back row. */

import { h } from "../ui/dom.js";

/** It fades when it has stood still for so long, to leave what it lies on in sight. */
const STILL_MS = 3000;

/** @returns {{el: HTMLElement, show: (on: boolean) => void}} */
export function createPointer() {
  const el = h("div", { class: "presenter-pointer", popover: "manual", "aria-hidden": "true" });
  let on = false;
  let timer = 0;
  document.body.append(el);

  /** @param {PointerEvent} event */
  function follow({ type, clientX, clientY, pointerType }) {
    if (!on) return;
    el.style.translate = `${clientX}px ${clientY}px`;
    el.classList.toggle("presenter-pointer--pressed", type === "pointerdown");
    const lifted = type === "pointerup" && pointerType === "touch";
    clearTimeout(timer);
    timer = window.setTimeout(fade, lifted ? 0 : STILL_MS);
    el.classList.add("presenter-pointer--seen");
  }
  const fade = () => el.classList.remove("presenter-pointer--seen");

  /** Above whatever has come up since: the newest of the top layer is on top. @param {Event} event */
  function raise({ target }) {
    if (!on || target === el) return;
    el.hidePopover();
    el.showPopover();
  }

  for (const type of ["pointermove", "pointerdown", "pointerup"])
    document.addEventListener(type, (event) => follow(/** @type {PointerEvent} */ (event)), {
      capture: true,
      passive: true,
    });
  document.addEventListener("toggle", raise, { capture: true });

  return {
    el,
    show(asked) {
      on = asked;
      fade();
      el.togglePopover(on);
    },
  };
}
