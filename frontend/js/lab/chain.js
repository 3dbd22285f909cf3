/** The chain of functions: layers, units and weights as a picture that can be touched. */

import { formatCount, formatNumber, formatRunning } from "../document/number-format.js";
import { exampleOf } from "../document/view.js";
import { answersOf } from "../plot/answers.js";
import { between, pixels, TWO_CLASSES } from "../plot/scalar-field.js";
import { createDataPlane, placement } from "../ui/data-plane.js";
import { forFinger, h, refill, setText, svg } from "../ui/dom.js";
import { createStudyQuery } from "../ui/study-query.js";
import {
  chainOf,
  inputName,
  largestOf,
  layoutOf,
  leastWidth,
  nearestExample,
  shadeOf,
  strokeOf,
  unitName,
  weightName,
  widthsOf,
} from "./chain-layout.js";
import { headsOf } from "./column-heads.js";
import { nameTiles } from "./data-names.js";
import { createEditor } from "./unit.js";

/** @import { Actions, Frame, Store } from "../document/types.js" */
/** @import { Chain, Place } from "./chain-layout.js" */
/** @import { CreateSection } from "./section.js" */

/** Units whose responses are asked for, in all. */
const MOST_RESPONSES = 160;
/** A click this near to an example means it, in pixels. */
const REACH = 24;

/** @type {CreateSection} */
export function createChain(element, store, actions, open, at) {
  const editor = createEditor(store, actions);
  const picture = createPicture(
    (layer, unit, from) => {
      editor.select(layer, unit, from);
      draw();
    },
    store,
    actions,
  );
  const output = createOutput(store, actions);
  const detail = h("div", { class: "lab-detail" });
  const refusal = h("p", { class: "caption lab-verdict", role: "status" });
  element.append(refusal, h("div", { class: "lab-split" }, picture.el, output.el), signKey(), detail);
  let chain = /** @type {Chain|null} */ (null);
  let units = /** @type {Frame|null} */ (null);

  createStudyQuery(store, actions, open, {
    ask: (state) => ({ study: { kind: "forward", example: exampleOf(state) } }),
    show(frame, place) {
      at(place);
      chain = chainOf(frame, place);
      setText(refusal, "");
      element.classList.remove("refused");
      draw();
    },
    refuse(words) {
      chain = null;
      setText(refusal, `There is no chain of layers here. ${words}`);
      element.classList.add("refused");
    },
  });
  const responses = createStudyQuery(store, actions, () => open() && fits(chain), {
    ask: ({ playing }) => ({ study: { kind: "units", resolution: playing ? 17 : 33 } }),
    show(frame) {
      units = frame;
      if (chain) picture.paint(frame, chain, store.get().theme);
    },
    refuse() {
      units = null;
    },
  });

  function draw() {
    if (!chain || !open()) return;
    picture.draw(chain, editor.selected());
    if (units && fits(chain)) picture.paint(units, chain, store.get().theme);
    else responses.refresh();
    output.draw();
    editor.draw(detail, chain);
  }

  store.watch(["playing"], () => responses.refresh());
  store.watch(["theme", "presenting", "inspection", "data"], () => requestAnimationFrame(draw));
  new ResizeObserver(draw).observe(picture.field);
}

/** What a line between units says. */
const signKey = () =>
  h(
    "p",
    { class: "plot-key" },
    h("span", { class: "key-plus" }, "weight above 0"),
    h("span", { class: "key-minus" }, "weight below 0"),
    "The thicker, the larger within its layer.",
  );

/** @param {Chain|null} chain */
const fits = (chain) =>
  chain !== null &&
  chain.ownInputs === 2 &&
  chain.layers.reduce((sum, { units }) => sum + units, 0) <= MOST_RESPONSES;

/**
 * Layers as columns: heads with a layer's width, units as buttons with their response, weights as lines between.
 * @param {(layer: number, unit: number, from: number|null) => void} choose
 * @param {Store} store
 * @param {Actions} actions
 */
function createPicture(choose, store, actions) {
  const heads = h("div", { class: "chain-heads" });
  const lines = svg("svg", { class: "chain-lines", "aria-hidden": "true" });
  const buttons = h("div", { class: "chain-units" });
  const field = h("div", { class: "chain-field" }, lines, buttons);
  const inner = h("div", { class: "chain-inner" }, heads, field);
  const el = h(
    "div",
    { class: "chain", role: "group", "aria-label": "The network as a chain of layers" },
    inner,
  );
  let key = "";
  let tiles =
    /** @type {{layer: number, unit: number, button: HTMLElement, canvas: HTMLCanvasElement, text: Element}[]} */ ([]);
  let strokes = /** @type {{layer: number, index: number, line: SVGElement}[]} */ ([]);

  /** @param {Chain} chain */
  function build(chain) {
    const widths = widthsOf(chain);
    inner.style.setProperty("min-width", `${leastWidth(widths)}px`);
    const box = { width: field.clientWidth, height: field.clientHeight };
    const structure = JSON.stringify([
      widths,
      box,
      chain.layers.map(({ activation }) => activation),
      store.get().doc?.problem.kind,
    ]);
    if (structure === key) return;
    key = structure;
    const layout = layoutOf(widths, box);
    lines.setAttribute("viewBox", `0 0 ${box.width} ${box.height}`);
    strokes = layout.weights.map((weight) => {
      const index = weight.to * chain.layers[weight.layer].inputs + weight.from;
      const place = { x1: weight.x0, y1: weight.y0, x2: weight.x1, y2: weight.y1 };
      const line = svg("line", { ...place, class: "chain-weight" });
      const hit = svg(
        "line",
        { ...place, class: "chain-hit", on: { click: () => choose(weight.layer, weight.to, weight.from) } },
        svg("title", {}, weightName(weight.layer, weight.to, weight.from)),
      );
      lines.append(line, hit);
      return { layer: weight.layer, index, line };
    });
    refill(lines, ...strokes.map(({ line }) => line), ...[...lines.querySelectorAll(".chain-hit")]);
    tiles = layout.units.map((place) => tileOf(place, layout.tile, choose));
    const rest = layout.rest.map(({ x, y, more }) =>
      h("span", { class: "chain-rest", style: { left: `${x}px`, top: `${y}px` } }, `+ ${formatCount(more)}`),
    );
    const cost = h("span", {
      class: "chain-cost",
      style: { left: `${layout.columns[layout.columns.length - 1]}px`, top: `${layout.middle}px` },
    });
    refill(buttons, ...tiles.map(({ button }) => button), ...rest, cost);
    headsOf(heads, chain, layout, store, actions);
  }

  return {
    el,
    field,
    /** @param {Chain} chain @param {{layer: number, unit: number, from: number|null}} selected */
    draw(chain, selected) {
      if (field.clientWidth === 0) return;
      build(chain);
      const largest = chain.layers.map(({ weights }) => largestOf(weights));
      for (const { layer, index, line } of strokes) {
        const weight = chain.layers[layer].weights[index];
        line.setAttribute("stroke-width", strokeOf(weight, largest[layer]).toFixed(2));
        line.classList.toggle("negative", weight < 0);
      }
      for (const { layer, unit, button, text } of tiles) {
        const value = layer < 0 ? chain.x[unit] : chain.layers[layer].a[unit];
        setText(text, formatNumber(value));
        const name = layer < 0 ? inputName(chain, unit) : unitName(layer, unit);
        button.setAttribute("aria-label", `${name} is ${text.textContent}`);
        if (layer < 0 && chain.ownInputs < chain.x.length) button.dataset.symbol = name;
        else delete button.dataset.symbol;
        button.setAttribute("aria-pressed", String(layer === selected.layer && unit === selected.unit));
        button.style.setProperty("--level", String(levelOf(chain, layer, unit)));
      }
      nameTiles(tiles, chain.layers, store.get().data);
      const cost = buttons.querySelector(".chain-cost");
      if (cost)
        refill(
          cost,
          h("span", {}, "loss ℓ"),
          h("strong", {}, formatRunning(chain.loss)),
          h("span", {}, "cost C"),
          h("strong", {}, formatRunning(chain.cost)),
        );
    },
    /** @param {Frame} frame @param {Chain} chain @param {"light"|"dark"} theme */
    paint(frame, chain, theme) {
      for (const { layer, unit, canvas } of tiles) {
        const grid =
          layer < 0
            ? inputGrid(frame, unit)
            : frame.arrays.a?.[layer] && responseGrid(frame, layer, unit, chain.layers[layer].activation);
        if (grid) paintTile(canvas, grid, theme);
      }
    },
  };
}

/** How bright a unit without a picture is. @param {Chain} chain @param {number} layer @param {number} unit */
function levelOf(chain, layer, unit) {
  const values = layer < 0 ? chain.x : chain.layers[layer].a;
  const most = largestOf(values);
  return most > 0 ? Math.abs(values[unit]) / most : 0;
}

/** @param {Place} place @param {number} tile @param {(layer: number, unit: number, from: number|null) => void} choose */
function tileOf({ column, unit, x, y }, tile, choose) {
  const canvas = h("canvas", { "aria-hidden": "true" });
  const text = h("span", { class: "chain-value" });
  const layer = column - 1;
  const style = { left: `${x}px`, top: `${y}px`, "--tile": `${tile}px` };
  const button = h(
    "button",
    {
      class: `chain-unit${layer < 0 ? " input" : ""}${tile < 24 ? " small" : ""}`,
      style,
      on: { click: () => choose(Math.max(0, layer), layer < 0 ? 0 : unit, layer < 0 ? unit : null) },
    },
    canvas,
    text,
  );
  return { layer, unit, button, canvas, text };
}

/** @param {Frame} frame @param {number} unit */
function inputGrid({ arrays }, unit) {
  if (arrays.inputs) {
    const [, size] = arrays.inputs.shape;
    return {
      values: shadeOf(arrays.inputs.data.subarray(unit * size * size, (unit + 1) * size * size), "linear"),
      size,
    };
  }
  const size = arrays.x1.data.length;
  const along = unit === 0 ? arrays.x1.data : arrays.x2.data;
  const values = Float64Array.from(
    { length: size * size },
    (_, k) => along[unit === 0 ? k % size : Math.floor(k / size)],
  );
  return { values: shadeOf(values, "linear"), size };
}

/** @param {Frame} frame @param {number} layer @param {number} unit @param {string} activation */
function responseGrid({ arrays }, layer, unit, activation) {
  const { data, shape } = arrays.a[layer];
  if (unit >= shape[0]) return null;
  const cells = shape[1] * shape[2];
  return { values: shadeOf(data.subarray(unit * cells, (unit + 1) * cells), activation), size: shape[1] };
}

/** @param {HTMLCanvasElement} canvas @param {{values: Float64Array, size: number}} grid @param {"light"|"dark"} theme */
function paintTile(canvas, { values, size }, theme) {
  if (canvas.width !== size) Object.assign(canvas, { width: size, height: size });
  const rgba = pixels({ values, width: size, height: size }, (k) => between(TWO_CLASSES[theme], values[k]));
  canvas.getContext("2d")?.putImageData(new ImageData(rgba, size, size), 0, 0);
  canvas.parentElement?.classList.add("painted");
}

/** The output over the data plane; a click chooses an example. @param {Store} store @param {Actions} actions */
function createOutput(store, actions) {
  const picture = h("div", {
    class: "data-picture lab-output",
    role: "img",
    "aria-label": "The network’s output over the data; a click chooses the nearest example",
  });
  const plane = createDataPlane(picture);
  const ring = h("span", { class: "lab-ring", "aria-hidden": "true" });
  picture.append(ring);
  const said = h("p", { class: "caption" });
  const el = h("div", { class: "lab-side" }, picture, said);
  const points = () => store.get().data?.arrays.data?.points?.data;

  picture.addEventListener("click", (event) => {
    const { inspection, data } = store.get();
    const answers = answersOf(inspection, data);
    if (!answers) return;
    const place = placement(picture, answers.window);
    const rect = picture.getBoundingClientRect();
    const near = nearestExample(points(), (x, y) => [place.x(x), place.y(y)], [
      event.clientX - rect.left,
      event.clientY - rect.top,
    ]);
    if (near.distance < REACH) actions.change(["view", "example"], near.example);
  });

  return {
    el,
    draw() {
      const state = store.get();
      const { inspection, data, theme } = state;
      const example = exampleOf(state);
      const answers = answersOf(inspection, data);
      el.hidden = answers === null;
      if (!answers || picture.clientWidth === 0) return;
      plane.draw(answers, theme);
      const place = placement(picture, answers.window);
      const [x, y] = [points()[2 * example], points()[2 * example + 1]];
      ring.style.setProperty("left", `${place.x(x)}px`);
      ring.style.setProperty("top", `${place.y(y)}px`);
      setText(
        said,
        forFinger(
          "The output over the data. A click chooses an example, whose values flow through the chain.",
        ),
      );
    },
  };
}
