/** Lines: what each unit divides, how layers combine that, how they map the data, and what is left without bends. */

import { activationsOf, withActivation } from "../document/activations.js";
import { entryOf } from "../document/changes.js";
import { exampleOf } from "../document/view.js";
import { scattered } from "../model/step-breakdown.js";
import { CLASS_COLORS, levelSegments } from "../plot/scalar-field.js";
import { createCanvas, disc, inkOf, strokeLine } from "../ui/canvas.js";
import { h, refill, setText } from "../ui/dom.js";
import { createSelect } from "../ui/inputs.js";
import { createPlot, rangeOf } from "../ui/small-plot.js";
import { createStudyQuery } from "../ui/study-query.js";
import { titled } from "../ui/term.js";
import { largestOf, lowered, raised } from "./chain-layout.js";
import { collapseSaid, crossingsOf, mapsOf, zerosSaid } from "./line-geometry.js";

/** @import { Actions, AppState, Experiment, Frame, Store } from "../document/types.js" */
/** @import { CreateSection } from "./section.js" */

/** @type {CreateSection} */
export function createLineSection(element, store, actions, open, at) {
  const divides = createDivides(store);
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

  const queries = [
    createStudyQuery(store, actions, open, {
      ask: ({ playing }) => ({ study: { kind: "units", resolution: playing ? 25 : 49 } }),
      show(frame, place) {
        at(place);
        divides.show(frame);
      },
      refuse: (words) => divides.refuse(words),
    }),
    createStudyQuery(store, actions, open, {
      ask: () => ({ study: { kind: "remapped" } }),
      show: (frame) => drawMaps(maps, frame, store.get()),
      refuse: () => refill(maps),
    }),
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
    }),
  ];
  return { wake: () => queries.forEach(({ wake }) => wake()) };
}

/** Each hidden layer bent or not, one press apart. @param {Store} store @param {Actions} actions */
function createBends(store, actions) {
  let bent = "tanh";
  let key = "";
  const el = h("div", { class: "chips lab-bends", role: "group", "aria-label": "Layers that bend" });
  /** @returns {Partial<Experiment["problem"]>} */
  const problem = () => store.get().doc?.problem ?? {};
  const labelOf = (/** @type {string} */ kind) =>
    entryOf(store.get().catalog?.activations, kind)?.label ?? kind;
  const set = (/** @type {string} */ kind) => actions.change(["problem"], { ...problem(), activation: kind });

  /** @param {number} layer */
  const turn = (layer) =>
    actions.change(
      ["problem"],
      withActivation(problem(), layer, activationsOf(problem())[layer] === "linear" ? bent : "linear"),
    );

  return {
    el,
    draw() {
      const kinds = activationsOf(problem());
      // Rebuilt only when it says something else: a chip torn away under a finger would not answer.
      const now = JSON.stringify([kinds, problem().kind]);
      if (now === key) return;
      key = now;
      bent = kinds.find((kind) => kind !== "linear") ?? bent;
      const linear = kinds.every((kind) => kind === "linear");
      const held = [...el.children].indexOf(/** @type {Element} */ (document.activeElement));
      const chips = kinds.map((kind, layer) =>
        h(
          "button",
          {
            class: "chip",
            "aria-pressed": String(kind !== "linear"),
            "aria-label": `Layer ${layer + 1} bends`,
            on: { click: () => turn(layer) },
          },
          `${problem().kind === "chain" ? "both layers" : `layer ${layer + 1}`}: ${labelOf(kind)}`,
        ),
      );
      const all =
        kinds.length > 0 &&
        !(linear && kinds.length === 1) &&
        h(
          "button",
          { class: "lab-button", on: { click: () => set(linear ? bent : "linear") } },
          linear ? `${labelOf(bent)} everywhere` : "Make every unit linear",
        );
      refill(el, ...chips, all);
      if (held >= 0) /** @type {HTMLElement|undefined} */ (el.children[held])?.focus();
    },
  };
}

/** One layer's zero levels over the data plane. @param {Store} store */
function createDivides(store) {
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
    const depth = Object.keys(frame.arrays).filter((name) => name.startsWith("z.")).length;
    layer = Math.min(layer, depth - 1);
    select.setChoices(
      Array.from({ length: depth }, (_, k) => ({
        value: k,
        label:
          k === 0
            ? "layer 1: hyperplanes"
            : k === depth - 1
              ? `layer ${k + 1}: the output`
              : `layer ${k + 1}`,
      })),
    );
    select.set(layer);
    const { data, shape } = frame.arrays[`z.${layer}`];
    unit = Math.min(unit, shape[0] - 1);
    drawChips(shape[0]);
    const cells = data.length / shape[0];
    const z = Array.from({ length: shape[0] }, (_, k) => data.subarray(k * cells, (k + 1) * cells));
    const x = picture.hidden ? frame.arrays.x1.data : undefined;
    if (x) plot(x, z);
    else paint(frame, data, shape);
    const words = wordsOn(layer, depth, shape[0], x !== undefined);
    const dashed = single && !x ? " The dashed line is that of the one layer that all layers make." : "";
    setText(said, `${words}${dashed} ${zerosSaid({ names: z.map((_, k) => nameOf(layer, k)), z, x }, unit)}`);
    picture.setAttribute("aria-label", words);
  }

  /** @param {number} at @param {number} depth @param {number} count @param {boolean} alone   Whether there is one input alone. */
  function wordsOn(at, depth, count, alone) {
    const first = alone
      ? "Each unit of the first layer divides the inputs at a point, where w x + b = 0 (a dot): its z is positive on one side of it."
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

  /** Each unit's z over the one input, with the examples on the axis. @param {ArrayLike<number>} x @param {ArrayLike<number>[]} z */
  function plot(x, z) {
    const points = store.get().data?.arrays["data.points"]?.data ?? [];
    curves.show({
      curves: z.flatMap((y, k) => {
        const color = colorOf(k);
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
              style: { "--run": colorOf(k) },
              on: {
                click: () => {
                  unit = unit === k ? -1 : k;
                  draw();
                },
              },
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
    if (unit >= 0)
      shade(
        context,
        data.subarray(unit * cells, (unit + 1) * cells),
        rows,
        columns,
        width,
        height,
        colorOf(unit),
      );
    drawExamples(context, store.get(), place);
    for (let k = 0; k < count; k += 1) {
      const dim = unit >= 0 && unit !== k;
      const style = { color: colorOf(k), width: unit === k ? 3.5 : 2, alpha: dim ? 0.25 : 1 };
      if (layer === 0) {
        const ends = found.arrays["lines.segments"].data.subarray(4 * k, 4 * k + 4);
        if (Number.isFinite(ends[0]))
          strokeLine(context, [place(ends[0], ends[1]), place(ends[2], ends[3])], style);
      } else
        strokeLevels(context, data.subarray(k * cells, (k + 1) * cells), rows, columns, width, height, style);
    }
    const line = single?.arrays["lines.segments"]?.data;
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

  store.watch(["theme", "data", "doc"], () => requestAnimationFrame(draw));
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
      const inputs = store.get().data?.arrays["data.points"]
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

/** @param {number} layer From 0. @param {number} unit */
const nameOf = (layer, unit) => `z${raised(layer + 1)}${lowered(unit + 1)}`;

/** @param {number} k */
const colorOf = (k) => `rgb(${CLASS_COLORS[k % CLASS_COLORS.length].join(" ")})`;

/** @param {CanvasRenderingContext2D} context @param {ArrayLike<number>} z @param {number} rows @param {number} columns @param {number} width @param {number} height @param {string} color */
function shade(context, z, rows, columns, width, height, color) {
  const most = largestOf(z) || 1;
  const [cellX, cellY] = [width / (columns - 1), height / (rows - 1)];
  context.fillStyle = color;
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const value = z[row * columns + column];
      if (!(value > 0)) continue;
      context.globalAlpha = 0.1 + 0.3 * (value / most);
      context.fillRect((column - 0.5) * cellX, height - (row + 0.5) * cellY, cellX + 0.5, cellY + 0.5);
    }
  }
  context.globalAlpha = 1;
}

/** @param {CanvasRenderingContext2D} context @param {ArrayLike<number>} values @param {number} rows @param {number} columns @param {number} width @param {number} height @param {{color: string, width: number, alpha: number}} style */
function strokeLevels(context, values, rows, columns, width, height, { color, width: wide, alpha }) {
  const [scaleX, scaleY] = [width / (columns - 1), height / (rows - 1)];
  context.globalAlpha = alpha;
  context.strokeStyle = color;
  context.lineWidth = wide;
  context.beginPath();
  for (const [x0, y0, x1, y1] of levelSegments({ values, width: columns, height: rows }, 0)) {
    context.moveTo(x0 * scaleX, height - y0 * scaleY);
    context.lineTo(x1 * scaleX, height - y1 * scaleY);
  }
  context.stroke();
  context.globalAlpha = 1;
}

/** @param {CanvasRenderingContext2D} context @param {AppState} state @param {(x: number, y: number) => [number, number]} place */
function drawExamples(context, state, place) {
  const { data } = state;
  const example = exampleOf(state);
  const points = data?.arrays["data.points"]?.data;
  if (!points) return;
  for (let k = 0; 2 * k < points.length; k += 1)
    dot(context, place(points[2 * k], points[2 * k + 1]), markOf(data, k), k === example);
}

/** Whose colour an example has. @param {Frame|null} data @param {number} k */
function markOf(data, k) {
  const names = data?.meta.data?.class_names;
  const target = data?.arrays["data.targets"].data[k];
  if (!names) return "#e69f00";
  return names.length > 2 ? colorOf(target) : target > 0.5 ? "#f0e442" : "#b9c8ff";
}

/** @param {CanvasRenderingContext2D} context @param {[number, number]} at @param {string} color @param {boolean} chosen */
function dot(context, [x, y], color, chosen) {
  context.fillStyle = color;
  context.strokeStyle = "rgba(10,12,16,0.8)";
  context.lineWidth = chosen ? 2.5 : 1;
  disc(context, x, y, chosen ? 5 : 2.75);
  context.fill();
  context.stroke();
}

/** @param {HTMLElement} list @param {Frame} frame @param {AppState} state */
function drawMaps(list, frame, state) {
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
