/** Draws what stands beside the first picture, as soon as that is on screen. */

import { createCaptionTerms } from "../guide/caption-terms.js";
import { createMomentLine } from "../guide/moment-line.js";
import { createKnobs } from "../knobs/knobs.js";
import { createNullWalk } from "../knobs/null-walk.js";
import { createFill } from "../layout/fill.js";
import { createPresenting } from "../layout/presenting.js";
import { createChartSize, createColumnSizes } from "../layout/sizes.js";
import { createSharpness } from "../model/edge.js";
import { createLive } from "../model/live-slice.js";
import { createOverlays } from "../model/overlay-answers.js";
import { createArrows } from "../model/step-arrows.js";
import { createPanels, PANELS } from "../panels/panels.js";
import { showWayOut } from "../shell/embedded.js";
import { createOverlaysMenu } from "../stage/overlays-menu.js";
import { createPointPopover } from "../stage/point-popover.js";
import { createQuestions } from "../ui/study-query.js";
import { getGlossary } from "./api.js";
import { createPart } from "./part.js";
import { askForStage } from "./stage-questions.js";
import { actions, store } from "./start.js";

/**
 * @param {object} parts
 * @param {(id: string) => HTMLElement} parts.region
 * @param {HTMLElement} parts.captions
 * @param {(views: {name: string, label: string}[]) => void} parts.addViews   To a phone's tabs.
 * @param {() => Promise<import("../guide/moment-line.js").CreateReason|null>} parts.readReason
 * @param {Promise<any>} parts.library   Plotly, which the views draw with.
 * @param {boolean} parts.alone   Without what stands beside the picture.
 */
export function createRest({ region, captions, addViews, readReason, library, alone }) {
  createOverlaysMenu(region("stage"), store, actions);
  createPointPopover(region("stage"), store, actions);
  createNullWalk(captions, region("stage"), store, actions);
  createCaptionTerms(captions, store);
  createLive(store, actions);
  createOverlays(store, actions);
  createArrows(store, actions);
  createSharpness(store, actions);
  const questions = createQuestions(store, actions);
  askForStage(store, questions);
  const readGlossary = createPart(store, async () => store.set({ glossary: await getGlossary() }));
  store.watch(["connection"], ({ connection }) => connection === "open" && readGlossary());
  if (alone) return showWayOut(region("app"));
  createKnobs(region("knobs"), store, actions);
  createMomentLine(region("moment"), store, actions, readReason);
  addViews(PANELS);
  createFill(region("app"), region("stage"), store);
  createPresenting(store);
  createColumnSizes(region("stage"));
  void library.then(() => {
    createPanels(region("views"), store, actions, questions);
    createChartSize();
  });
}
