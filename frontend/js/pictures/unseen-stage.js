/** The stage set up out of sight at another size and in another look, by what draws the one on screen. */

import { besideLive, throughLive } from "../model/derived-store.js";
import { boxOf } from "../plot/camera.js";
import { contourSize } from "../plot/figure.js";
import { pictureOf } from "../plot/picture.js";
import { createContour } from "../stage/contour.js";
import { createStage3d } from "../stage/stage-3d.js";
import { h } from "../ui/dom.js";
import { loadedPlotly, purgePlot } from "../ui/plotly.js";

/** @import { AppState, Heights, Store } from "../document/types.js" */
/** @import { Picture } from "../plot/picture.js" */
/** @import { Ink } from "../ui/canvas.js" */
/** @import { Subject } from "./looks.js" */
/** @import { Page } from "./sheet.js" */

/** Wide enough for two surfaces side by side. */
const ROOM_FOR_TWO = 640;
/** Heights of panes, in shares of their width; a contour takes as much of it as it needs. */
const TALLEST_MAP = 0.9;
const SPACE_TALL = 0.7;

/** @typedef {{panes: HTMLElement, names: string[], repaint: () => void, remove: () => void}} UnseenStage */

/**
 * @param {AppState} state
 * @param {Picture} picture
 * @param {Subject} subject
 * @param {Page} sheet
 * @param {HTMLElement} page
 * @returns {Promise<UnseenStage>}
 */
export async function setUpStage(state, picture, subject, { width, ink }, page) {
  const seen = standing(throughLive(state));
  const beside = standing(besideLive(state));
  const mapped = onScreensAxis(pictureOf(beside.get(), null, seen.get()), state.heights) ?? picture;
  const two = subject === "both";
  const aside = two && width >= ROOM_FOR_TWO;
  const wide = aside ? width / 2 : width;
  const panes = h("div", { class: "unseen-stage", "aria-hidden": "true", style: tokens(ink, width, aside) });
  page.append(panes);
  /** @type {(() => void)[]} */
  const sides = [];
  if (subject !== "contour") {
    const space = pane(panes, "pane pane-3d", wide, SPACE_TALL * wide);
    const library = Promise.resolve(loadedPlotly());
    const drawn = createStage3d(space, seen, NO_ACTIONS, sideOf(state), library);
    // It makes its scene when the library is there, which is at once, but not yet.
    await library;
    await drawn.show(picture, true);
    sides.push(drawn.repaint);
  }
  if (subject !== "3d") {
    const most = TALLEST_MAP * wide;
    const map = pane(panes, "pane pane-contour", wide, contourSize(mapped.extent, wide, most).height);
    const drawn = createContour(map, beside, NO_ACTIONS, sideOf(state), Promise.resolve());
    await drawn.show(mapped);
    sides.push(drawn.overlay);
  }
  return {
    panes,
    names: subject === "3d" ? [] : cutNames(panes, mapped.titles),
    repaint: () => {
      for (const draw of sides) draw();
    },
    remove() {
      for (const graph of panes.querySelectorAll(".js-plotly-plot"))
        purgePlot(/** @type {HTMLElement} */ (graph));
      panes.remove();
    },
  };
}

/**
 * The picture with the heights and colours that the screen has, which a live slice keeps steady from step to step.
 * @param {Picture|null} picture
 * @param {Heights|null} heights
 */
export const onScreensAxis = (picture, heights) =>
  picture && heights ? { ...picture, heights, box: boxOf(picture.extent, heights) } : picture;

/** @param {HTMLElement} panes @param {string} className @param {number} width @param {number} height */
function pane(panes, className, width, height) {
  const made = h("div", {
    class: className,
    style: { width: `${width}px`, height: `${Math.round(height)}px` },
  });
  panes.append(made);
  return made;
}

/** @param {Ink} ink @param {number} width @param {boolean} aside @returns {Record<string, string>} */
const tokens = ({ background, panel, line, text, quiet, font, scale }, width, aside) => ({
  "--background": background,
  "--panel": panel,
  "--line": line,
  "--text": text,
  "--text-quiet": quiet,
  "--font": font,
  "--letters": String(scale),
  width: `${width}px`,
  "flex-direction": aside ? "row" : "column",
});

/** What draws watches nothing and asks for nothing: it draws one state, once. @param {AppState} state @returns {Store} */
const standing = (state) => ({
  get: () => ({ ...state, lifted: null }),
  set: () => {},
  watch: () => () => {},
});

const NO_ACTIONS = /** @type {any} */ ({});

/** No controls lie over it, above or below. @param {AppState} state */
const sideOf = (state) => ({
  taken: () => [nowhere(0), nowhere(0), nowhere(Number.MAX_SAFE_INTEGER)],
  read: () => {},
  cameraMoved: () => {},
  turned: () => Boolean(state.doc?.view?.camera),
});

/** @param {number} y */
const nowhere = (y) => ({ x: 0, y, width: 0, height: 0 });

/** Names of the map’s axes that were cut for want of room. @param {HTMLElement} panes @param {[string, string]} titles */
function cutNames(panes, titles) {
  const graph = /** @type {any} */ (panes.querySelector(".pane-contour .js-plotly-plot"));
  const shown = [graph?.layout.xaxis.title.text, graph?.layout.yaxis.title.text];
  return titles.flatMap((title, k) =>
    shown[k] === title.replaceAll("&", "&amp;").replaceAll("<", "&lt;") ? [] : [`${"→↑"[k]} ${title}`],
  );
}
