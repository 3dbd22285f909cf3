/** The page in a frame of another: picture, caption and transport alone, with the way to the whole page. */

import { h } from "../ui/dom.js";
import { mark } from "../ui/icons.js";

/** @param {HTMLElement} app */
export function showWayOut(app) {
  const link = h("a", {
    target: "_blank",
    rel: "noopener",
    href: whole(),
    on: { focus: follow, pointerdown: follow },
  });
  link.append(mark(), "Open in Descentscape");
  app.append(h("p", { class: "way-out" }, link));

  /** The address follows what is done in the frame. */
  function follow() {
    link.href = whole();
  }
}

/** The same experiment on the page itself. */
function whole() {
  const address = new URL(location.href);
  address.searchParams.delete("embed");
  return address.href;
}
