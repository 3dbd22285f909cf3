/** Lines: what each unit divides, how layers combine that, how they map the data, and what is left without bends. */

import { h, refill, setText } from "../ui/dom.js";
import { createStudyQuery } from "../ui/study-query.js";
import { titled } from "../ui/term.js";
import { createBends } from "./bends.js";
import { drawMaps } from "./example-marks.js";
import { collapseSaid } from "./line-geometry.js";
import { createZeroLevels } from "./zero-levels.js";

/** @import { CreateSection } from "./section.js" */

/** @type {CreateSection} */
export function createLineSection(element, store, actions, open, at) {
  const divides = createZeroLevels(store);
  const maps = h("ul", { class: "maps", "aria-label": "The data as each layer passes it on" });
  const collapse = h("div", { class: "lab-collapse" });
  const bends = createBends(store, actions);
  const one = h("p", { class: "lab-numbers" });
  const verdict = h("p", { class: "caption lab-verdict" });
  collapse.append(
    h(
      "div",
      { class: "lab-line" },
      titled(store, "Without activations all layers are one", "non-linearity"),
      bends.el,
    ),
    one,
    verdict,
  );
  element.append(
    divides.el,
    titled(store, "The data, re-mapped by each layer", "representation"),
    maps,
    collapse,
  );

  createStudyQuery(store, actions, open, {
    ask: ({ playing }) => ({ study: { kind: "units", resolution: playing ? 25 : 49 } }),
    show(frame, place) {
      at(place);
      divides.show(frame);
    },
    refuse: (words) => divides.refuse(words),
  });
  createStudyQuery(store, actions, open, {
    ask: () => ({ study: { kind: "remapped" } }),
    show: (frame) => drawMaps(maps, frame, store.get()),
    refuse: () => refill(maps),
  });
  createStudyQuery(store, actions, open, {
    ask: () => ({ study: { kind: "collapse" } }),
    show(frame) {
      const said = collapseSaid(frame);
      setText(one, said.one);
      setText(verdict, said.verdict);
      divides.collapsed(frame.meta.collapse.linear ? frame : null);
      bends.draw();
    },
    refuse(words) {
      setText(one, "");
      setText(verdict, words);
    },
  });
}
