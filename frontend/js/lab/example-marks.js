/** The examples as dots of their class: over the data plane, and as each layer passes them on. */

import { exampleOf } from "../document/view.js";
import { exampleColor, VALUE_COLOR } from "../plot/scalar-field.js";
import { disc, fillRimmed } from "../ui/canvas.js";
import { h, setText } from "../ui/dom.js";
import { mapsOf } from "./line-geometry.js";

/** @import { AppState, Frame } from "../document/types.js" */

/** @param {CanvasRenderingContext2D} context @param {AppState} state @param {(x: number, y: number) => [number, number]} place */
export function drawExamples(context, state, place) {
  const { data } = state;
  const example = exampleOf(state);
  const points = data?.arrays.data?.points?.data;
  if (!points) return;
  for (let k = 0; 2 * k < points.length; k += 1)
    dot(context, place(points[2 * k], points[2 * k + 1]), markOf(data, k), k === example);
}

/** Whose colour an example has. @param {Frame|null} data @param {number} k */
function markOf(data, k) {
  const names = data?.meta.data?.class_names;
  return names ? exampleColor(data?.arrays.data?.targets.data[k], names.length > 2) : VALUE_COLOR;
}

/** @param {CanvasRenderingContext2D} context @param {[number, number]} at @param {string} color @param {boolean} chosen */
function dot(context, [x, y], color, chosen) {
  disc(context, x, y, chosen ? 5 : 2.75);
  fillRimmed(context, color, undefined, chosen ? 2.5 : 1);
}

/** @param {HTMLElement} list @param {Frame} frame @param {AppState} state */
export function drawMaps(list, frame, state) {
  const { data } = state;
  const example = exampleOf(state);
  const maps = mapsOf(frame);
  while (list.childElementCount > maps.length) list.lastElementChild?.remove();
  maps.forEach(({ title, note, x, y }, k) => {
    if (!list.children[k])
      list.append(
        h(
          "li",
          {},
          h("span", { class: "map-title" }),
          h("canvas", { width: 240, height: 240, "aria-hidden": "true" }),
          h("span", { class: "map-note" }),
        ),
      );
    const [head, canvas, foot] = [...list.children[k].children];
    setText(head, title);
    setText(foot, note);
    const context = /** @type {HTMLCanvasElement} */ (canvas).getContext("2d", { willReadFrequently: true });
    if (!context) return;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, 240, 240);
    context.setTransform(2, 0, 0, 2, 0, 0);
    for (let row = 0; row < x.length; row += 1)
      if (row !== example) dot(context, [120 * x[row], 120 * (1 - y[row])], markOf(data, row), false);
    if (example < x.length)
      dot(context, [120 * x[example], 120 * (1 - y[example])], markOf(data, example), true);
  });
}
