/** Where each unit of a layer is zero: lines and curves over the data plane, points over a single input. */

import { scattered } from "../model/step-breakdown.js";
import { classCss } from "../plot/scalar-field.js";
import { createCanvas, inkOf, strokeLevels, strokeLine } from "../ui/canvas.js";
import { h, refill, setText } from "../ui/dom.js";
import { createSelect } from "../ui/inputs.js";
import { createPlot, rangeOf } from "../ui/small-plot.js";
import { titled } from "../ui/term.js";
import { largestOf, lowered, raised } from "./chain-layout.js";
import { drawExamples } from "./example-marks.js";
import { crossingsOf, zerosSaid } from "./line-geometry.js";

/** @import { Frame, Store } from "../document/types.js" */
/** @import { Grid } from "../plot/scalar-field.js" */
/** @import { Context } from "../ui/canvas.js" */

/** One layer's zero levels over the data plane. @param {Store} store */
export function createZeroLevels(store) {
  const picture = h("div", {
    class: "lines-picture",
    role: "img",
    "aria-label": "Where each unit is zero, over the data",
  });
  const { begin } = createCanvas(picture, "plot-canvas");
  const curves = createPlot("plot-zeros", {
    label: "Each unit’s z over the one input, and where it is zero",
  });
  const select = createSelect([], (value) => {
    layer = value;
    unit = -1;
    draw();
  });
  select.main.setAttribute("aria-label", "Layer whose lines are drawn");
  const chips = h("div", { class: "chips", role: "group", "aria-label": "Units" });
  const said = h("p", { class: "caption" });
  const el = h(
    "div",
    { class: "lab-split lines-split" },
    picture,
    curves.el,
    h(
      "div",
      { class: "lab-half" },
      titled(store, "Where each unit is zero", "hyperplane"),
      select.main,
      chips,
      said,
    ),
  );
  let layer = 0;
  let unit = -1;
  let frame = /** @type {Frame|null} */ (null);
  let single = /** @type {Frame|null} */ (null);

  function draw() {
    if (!frame || el.clientWidth === 0) return;
    const lines = straight(frame);
    const depth = Object.keys(frame.arrays.z ?? []).length;
    layer = Math.min(layer, depth - 1);
    select.setChoices(
      Array.from({ length: depth }, (_, k) => ({
        value: k,
        label:
          k === 0 && lines
            ? "layer 1: hyperplanes"
            : k === depth - 1
              ? `layer ${k + 1}: the output`
              : `layer ${k + 1}`,
      })),
    );
    select.set(layer);
    const { data, shape } = frame.arrays.z[layer];
    unit = Math.min(unit, shape[0] - 1);
    drawChips(shape[0]);
    const cells = data.length / shape[0];
    const z = Array.from({ length: shape[0] }, (_, k) => data.subarray(k * cells, (k + 1) * cells));
    const x = picture.hidden ? frame.arrays.x1.data : undefined;
    if (x) plot(x, z);
    else paint(frame, data, shape);
    const words = wordsOn(layer, depth, shape[0], x !== undefined, lines);
    const dashed = single && !x ? " The dashed line is that of the one layer that all layers make." : "";
    setText(said, `${words}${dashed} ${zerosSaid({ names: z.map((_, k) => nameOf(layer, k)), z, x }, unit)}`);
    picture.setAttribute("aria-label", words);
  }

  /** @param {number} at @param {number} depth @param {number} count @param {boolean} alone   Whether there is one input alone. @param {boolean} lines   Whether the first layer's are straight. */
  function wordsOn(at, depth, count, alone, lines) {
    const first = alone
      ? "Each unit of the first layer divides the inputs at a point, where w x + b = 0 (a dot): its z is positive on one side of it."
      : !lines
        ? "Each unit of the first layer divides its inputs by a hyperplane w·x + b = 0; as features are among them, it is a curve on the plane of x₁ and x₂."
        : "Each unit of the first layer divides the plane by a straight line w·x + b = 0; its z is positive on the shaded side of the chosen one.";
    if (at === 0 && depth > 1) return first;
    const deeper =
      at === 0
        ? first
        : alone
          ? "Deeper units add up what the layer before passes on: their z is a curve made of all its lines, and may be zero at several points (dots)."
          : "Deeper units add up what the layer before passes on: where their z is zero, a curve made of all its lines.";
    if (at < depth - 1 || !store.get().data?.meta.data?.class_names) return deeper;
    return `${deeper} ${count === 1 ? "The output’s is the decision boundary." : "The class is that of the largest z: where two of them are equal lies the decision boundary, not where one is zero."}`;
  }

  /**
   * Each unit's z over the one input, with the examples on the axis.
   * @param {ArrayLike<number>} x
   * @param {ArrayLike<number>[]} z
   */
  function plot(x, z) {
    const points = store.get().data?.arrays.data?.points?.data ?? [];
    curves.show({
      curves: z.flatMap((y, k) => {
        const color = classCss(k);
        return [
          { x, y, color, width: unit < 0 ? 2 : unit === k ? 3.5 : 0.75 },
          { ...scattered(crossingsOf(x, y).flatMap((at) => [at, 0])), color, width: 3.5, dots: true },
        ];
      }),
      y: rangeOf([...z, [0]], 0.06),
      title: "the input x; up: z",
      level: true,
      rug: Float64Array.from({ length: points.length / 2 }, (_, k) => points[2 * k]),
    });
  }

  /** @param {number} at   The unit, or the one that was chosen: then none. */
  function choose(at) {
    unit = unit === at ? -1 : at;
    draw();
  }

  /** @param {number} count */
  function drawChips(count) {
    const shown = Math.min(count, 24);
    if (chips.dataset.key !== `${layer} ${shown}`) {
      chips.dataset.key = `${layer} ${shown}`;
      refill(
        chips,
        ...Array.from({ length: shown }, (_, k) =>
          h(
            "button",
            {
              class: "chip",
              style: { "--mark": classCss(k) },
              on: { click: () => choose(k) },
            },
            nameOf(layer, k),
          ),
        ),
      );
    }
    [...chips.children].forEach((chip, k) => chip.setAttribute("aria-pressed", String(k === unit)));
  }

  /** @param {Frame} found @param {any} data @param {number[]} shape */
  function paint(found, data, [count, rows, columns]) {
    const context = begin();
    const ink = inkOf(picture);
    const [width, height] = [picture.clientWidth, picture.clientHeight];
    const [[x0, x1], [y0, y1]] = found.meta.window;
    const place = (/** @type {number} */ x, /** @type {number} */ y) =>
      /** @type {[number, number]} */ ([((x - x0) / (x1 - x0)) * width, (1 - (y - y0) / (y1 - y0)) * height]);
    const cells = rows * columns;
    const gridOf = (/** @type {number} */ k) => ({
      values: data.subarray(k * cells, (k + 1) * cells),
      width: columns,
      height: rows,
    });
    if (unit >= 0) shade(context, gridOf(unit), { width, height }, classCss(unit));
    drawExamples(context, store.get(), place);
    for (let k = 0; k < count; k += 1) {
      const dim = unit >= 0 && unit !== k;
      const style = { color: classCss(k), width: unit === k ? 3.5 : 2, alpha: dim ? 0.25 : 1 };
      if (layer === 0 && straight(found)) {
        const ends = found.arrays.lines.segments.data.subarray(4 * k, 4 * k + 4);
        if (Number.isFinite(ends[0]))
          strokeLine(context, [place(ends[0], ends[1]), place(ends[2], ends[3])], style);
      } else strokeLevels(context, gridOf(k), [0], { width, height }, style);
    }
    const line = single?.arrays.lines?.segments.data;
    if (line && Number.isFinite(line[0]))
      strokeLine(context, [place(line[0], line[1]), place(line[2], line[3])], {
        color: ink.text,
        width: 2.5,
        dash: [7, 5],
      });
    context.strokeStyle = ink.line;
    context.lineWidth = 1;
    context.strokeRect(0.5, 0.5, width - 1, height - 1);
  }

  store.watch(["theme", "presenting", "data", "doc"], () => requestAnimationFrame(draw));
  new ResizeObserver(draw).observe(el);
  return {
    el,
    /** @param {Frame} found */
    show(found) {
      frame = found;
      picture.hidden = found.meta.window.length === 1;
      curves.el.hidden = !picture.hidden;
      select.main.hidden = chips.hidden = false;
      draw();
    },
    /** @param {string} words */
    refuse(words) {
      frame = null;
      picture.hidden = curves.el.hidden = select.main.hidden = chips.hidden = true;
      const inputs = store.get().data?.arrays.data?.points
        ? "Zero levels are drawn where the data have one input or two; these have more."
        : words;
      setText(said, inputs);
    },
    /** @param {Frame|null} found */
    collapsed(found) {
      single = found;
      draw();
    },
  };
}

/** Whether the first layer's lines are straight: features bend them. @param {Frame} frame */
const straight = ({ arrays }) => !arrays.inputs;

/** @param {number} layer From 0. @param {number} unit */
const nameOf = (layer, unit) => `z${raised(layer + 1)}${lowered(unit + 1)}`;

/** @param {Context} context @param {Grid} grid @param {{width: number, height: number}} size @param {string} color */
function shade(context, { values, width: columns, height: rows }, { width, height }, color) {
  const most = largestOf(values) || 1;
  const [cellX, cellY] = [width / (columns - 1), height / (rows - 1)];
  context.fillStyle = color;
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const value = values[row * columns + column];
      if (!(value > 0)) continue;
      context.globalAlpha = 0.1 + 0.3 * (value / most);
      context.fillRect((column - 0.5) * cellX, height - (row + 0.5) * cellY, cellX + 0.5, cellY + 0.5);
    }
  }
  context.globalAlpha = 1;
}
