/** The colours of height: a small bar with its two ends, and in words what a bar cannot say. */

import { scaleSaid } from "../plot/colours-said.js";
import { h, setText } from "../ui/dom.js";

/** @import { Basins } from "../plot/basins.js" */
/** @import { Picture } from "../plot/picture.js" */

/** @param {HTMLElement} element */
export function createScale(element) {
  const low = h("span", { class: "scale-end" });
  const high = h("span", { class: "scale-end" });
  const kind = h("span", { class: "scale-kind" });
  const note = h("p", { class: "scale-note" });
  const bar = h("span", { class: "scale-bar" });
  element.append(h("p", { class: "scale-line" }, low, bar, high, kind), note);

  return {
    /** @param {Picture|null} picture @param {Basins|null} basins   Whose colours the surface has, in place of its heights'. */
    show(picture, basins) {
      element.hidden = picture === null;
      if (!picture) return;
      const { heights } = picture;
      const said = scaleSaid(heights, basins);
      setText(low, said.low);
      setText(high, said.high);
      setText(kind, said.words);
      const stops = said.stops.map(([share, color]) => `${color} ${(100 * share).toFixed(2)}%`);
      bar.style.background = `linear-gradient(to right, ${stops.join(", ")})`;
      setText(note, heights.notes.join("; "));
    },
  };
}
