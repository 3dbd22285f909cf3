/** What comes up over the page when it is asked for: help and the glossary. */

import { ask } from "../ui/ask.js";
import { h } from "../ui/dom.js";
import { createDialog } from "../ui/overlays.js";
import { createGlossary } from "./glossary.js";
import { KEYS } from "./keys.js";

/** @import { Store } from "../document/types.js" */

/** What each part of the screen is for. */
const PARTS = [
  [
    "The picture",
    "The cost of every choice of weights, as a landscape. Each ball is a run on its way down; drag to turn, scroll to come closer, click or tap the surface to start there. Overlays draws slopes, critical points, basins and more over it.",
  ],
  [
    "The lab",
    "In the picture’s place: the network taken apart, from one example’s way through its layers to the derivative of every operation.",
  ],
  [
    "The captions below it",
    "How far the picture can be trusted: exact or a slice, how its directions were chosen, and how far each path lies off it.",
  ],
  [
    "The knobs at the left",
    "What is learned, by which network, with which optimizers. Each change is computed at once.",
  ],
  [
    "The views at the right",
    "Cost along the way; at the step on show the network’s answers, the optimizer’s rule in numbers, and the curvature. Point at a curve to lift its path.",
  ],
  [
    "Your own data",
    "Drop a table (CSV, TSV, XLSX, Parquet) anywhere on the page, paste cells of a spreadsheet, or choose Open a file: you see what its columns hold, and choose what is learned from which.",
  ],
  [
    "A class",
    "Share makes an assignment of what is on show: a task, questions, knobs that are fixed or hidden, all in one link. Students hand in a link too, and Collect answers shows many of them as a table.",
  ],
  [
    "The link",
    "Copy link holds the whole experiment: whoever opens it sees the same descent, at the same step where it stands still.",
  ],
];

/** @param {HTMLElement} el @param {Store} store */
export function createDialogs(el, store) {
  const openMoves = () => {
    help.close();
    ask("moves");
  };
  const help = createDialog("Help", ...helpContent(() => show(glossary.el), openMoves));
  const glossary = createGlossary(store, createDialog);
  el.append(help, glossary.el);

  /** @param {HTMLDialogElement} dialog */
  function show(dialog) {
    for (const other of [help, glossary.el]) if (other !== dialog) other.close();
    if (dialog === glossary.el) glossary.refresh();
    if (!dialog.open) dialog.showModal();
  }
  return { help: () => show(help), glossary: () => show(glossary.el) };
}

/** @param {() => void} openGlossary @param {() => void} openMoves */
function helpContent(openGlossary, openMoves) {
  const parts = PARTS.flatMap(([name, text]) => [h("dt", {}, name), h("dd", {}, text)]);
  const keys = KEYS.flatMap(({ shown, label }) => [
    h("dt", {}, ...shown.map((key) => h("kbd", {}, key))),
    h("dd", {}, label),
  ]);
  return [
    h("dl", { class: "parts" }, ...parts),
    h("h3", { class: "dialog__subtitle" }, "Keys"),
    h("dl", { class: "keys" }, ...keys),
    h(
      "p",
      { class: "button-row" },
      h("button", { class: "button", on: { click: openGlossary } }, "Glossary of the terms"),
      h("button", { class: "button", on: { click: openMoves } }, "The first moves again"),
    ),
  ];
}
