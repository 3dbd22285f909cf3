/** The small note beside the pointer: where it is, and the cost there. */

import { formatNumber } from "../document/number-format.js";
import { costAt } from "../plot/height-field.js";
import { h, setText } from "../ui/dom.js";

/** @import { AppState } from "../document/types.js" */

/** @typedef {{a: number, b: number, x: number, y: number}} Place   On the plane, and in pixels of the pane. */

const OFFSET = 14;

/** @param {HTMLElement} element   The stage. */
export function createReadout(element) {
  const note = h("p", { class: "readout", hidden: true });
  const spoken = h("p", { class: "visually-hidden", "aria-live": "polite" });
  element.append(note, spoken);

  /** @param {AppState} state @param {Place} place */
  function textOf({ surface, plane }, { a, b }) {
    if (!surface) return "";
    const [first, second] = plane?.labels ?? ["a", "b"];
    const cost = costAt(surface, a, b);
    return `${first} ${formatNumber(a)}, ${second} ${formatNumber(b)}: cost ≈ ${formatNumber(cost)}, interpolated`;
  }

  return {
    /**
     * @param {HTMLElement} pane
     * @param {AppState} state   As this pane shows it.
     * @param {Place|null} place
     * @param {boolean} aloud   For those who moved by keys.
     */
    show(pane, state, place, aloud) {
      note.hidden = place === null;
      if (!place) return;
      setText(note, textOf(state, place));
      if (aloud) setText(spoken, note.textContent ?? "");
      const [inner, outer] = [pane.getBoundingClientRect(), element.getBoundingClientRect()];
      const x = place.x + inner.left - outer.left;
      const y = place.y + inner.top - outer.top;
      const left =
        x + OFFSET + note.offsetWidth < outer.width - 8 ? x + OFFSET : x - OFFSET - note.offsetWidth;
      const top = y - OFFSET - note.offsetHeight > 8 ? y - OFFSET - note.offsetHeight : y + OFFSET;
      note.style.transform = `translate(${Math.round(Math.max(8, left))}px, ${Math.round(top)}px)`;
    },
  };
}
