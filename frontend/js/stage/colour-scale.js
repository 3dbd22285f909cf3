/** The colours of height: a small bar with its two ends, and in words what a bar cannot say. */

import { formatNumber } from "../document/number-format.js";
import { basinScale } from "../plot/basins.js";
import { colorscaleOf } from "../plot/figure.js";
import { h, setText } from "../ui/dom.js";

/** @import { Heights } from "../document/types.js" */
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

/**
 * What the colours stand for: the basins’ where they are shown, else the heights’.
 * @param {Heights} heights
 * @param {Basins|null} basins
 * @returns {{low: string, high: string, words: string, stops: [number, string][]}}
 */
export const scaleSaid = (heights, basins) => (basins ? basinScale(basins) : heightScale(heights));

/** @param {Heights} heights */
function heightScale(heights) {
  return {
    low: formatNumber(heights.lowCost, 2),
    high: formatNumber(heights.highCost, 2),
    words: `${heights.log ? "cost, log" : "cost"}${heights.stops ? ", coloured by rank" : ""}`,
    stops: colorscaleOf(heights),
  };
}
