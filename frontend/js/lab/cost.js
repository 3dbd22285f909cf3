/** Where the cost comes from: examples by falling loss, residuals, and one example's terms. */

import { formatCount } from "../document/number-format.js";
import { exampleOf } from "../document/view.js";
import { answersOf } from "../plot/answers.js";
import { createCanvas, inkOf } from "../ui/canvas.js";
import { createDataPlane } from "../ui/data-plane.js";
import { forFinger, h, refill, setText } from "../ui/dom.js";
import { createStudyQuery } from "../ui/study-query.js";
import { titled } from "../ui/term.js";
import { costliest, gapsOf, residualsOf, sharesSaid, termsOf } from "./cost-shares.js";

/** @import { Frame, Store } from "../document/types.js" */
/** @import { CreateSection } from "./section.js" */

/** @type {CreateSection} */
export function createCostShares(element, store, actions, open, at) {
  const said = h("p", { class: "caption lab-verdict" });
  const formula = h("p", { class: "lab-numbers" });
  const list = h("ol", { class: "cost-shares", "aria-label": "Examples by falling loss" });
  const residuals = createResiduals(choose);
  const fit = createFit(store);
  const title = h("h3", { class: "lab-title" }, "Term by term");
  const terms = h("tbody", {});
  const table = h(
    "table",
    { class: "bill" },
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        ...[
          h("span", { class: "visually-hidden" }, "unit"),
          "output a",
          "target y",
          "residual a − y",
          "its part of C",
        ].map((head) => h("th", { scope: "col" }, head)),
      ),
    ),
    terms,
  );
  element.append(
    said,
    formula,
    h(
      "div",
      { class: "lab-split lab-nudge-split" },
      h("div", { class: "lab-half" }, titled(store, "The examples that cost most", "loss"), list),
      h(
        "div",
        { class: "lab-half" },
        titled(store, "Residuals of all examples, by falling loss", "residual"),
        residuals.el,
        h(
          "p",
          { class: "caption" },
          forFinger("Each stroke is one example’s a − y. A click, here or in the list, chooses the example."),
        ),
        fit.el,
      ),
    ),
    title,
    table,
  );
  let frame = /** @type {Frame|null} */ (null);

  /** @param {number} example */
  function choose(example) {
    actions.change(["view", "example"], example);
  }

  createStudyQuery(store, actions, open, {
    ask: () => ({ study: { kind: "shares" } }),
    show(found, place) {
      at(place);
      frame = found;
      element.classList.remove("refused");
      draw();
    },
    refuse(words) {
      frame = null;
      element.classList.add("refused");
      setText(said, words);
    },
  });

  function draw() {
    if (!frame || !open()) return;
    const example = exampleOf(store.get());
    setText(said, sharesSaid(frame));
    setText(formula, frame.meta.formula);
    const rows = costliest(frame);
    while (list.childElementCount > rows.length) list.lastElementChild?.remove();
    rows.forEach((row, k) => drawRow(k, row, row.example === example));
    residuals.draw(frame, example);
    fit.draw(frame);
    setText(title, `Example ${formatCount(example + 1)}, term by term`);
    refill(
      terms,
      ...termsOf(frame, example).map(({ name, a, y, residual, term }) =>
        h(
          "tr",
          {},
          h("th", { scope: "row" }, name),
          ...[a, y, residual, term].map((cell) => h("td", {}, cell)),
        ),
      ),
    );
  }

  /** @param {number} k @param {ReturnType<typeof costliest>[number]} row @param {boolean} chosen */
  function drawRow(k, { example, loss, share, bar }, chosen) {
    if (!list.children[k]) {
      const button = h(
        "button",
        { class: "cost-share", on: { click: () => choose(Number(button.dataset.example)) } },
        h("span", {}),
        h("span", { class: "cost-share-bar" }),
        h("span", {}),
        h("span", {}),
      );
      list.append(h("li", {}, button));
    }
    const button = /** @type {HTMLElement} */ (list.children[k].firstElementChild);
    button.dataset.example = String(example);
    button.setAttribute("aria-pressed", String(chosen));
    button.style.setProperty("--share", String(bar));
    const [name, , value, part] = [...button.children];
    setText(name, `example ${formatCount(example + 1)}`);
    setText(value, loss);
    setText(part, share);
  }

  store.watch(["doc", "data", "theme", "presenting", "inspection"], () => requestAnimationFrame(draw));
  new ResizeObserver(draw).observe(residuals.el);
}

/** The residuals where they lie, for data of one input: between the curve and each example. @param {Store} store */
function createFit(store) {
  const picture = h("div", {
    class: "data-picture lab-fit",
    role: "img",
    "aria-label": "The curve, the examples, and each residual between them",
  });
  const plane = createDataPlane(picture);
  return {
    el: picture,
    /** @param {Frame} frame */
    draw(frame) {
      const { inspection, data, theme } = store.get();
      const answers = answersOf(inspection, data);
      picture.hidden = !answers?.curve;
      if (!answers?.curve || picture.clientWidth === 0) return;
      const example = exampleOf(store.get());
      const style = getComputedStyle(picture);
      const colorOf = (/** @type {boolean} */ above) =>
        style.getPropertyValue(above ? "--plus" : "--minus").trim();
      plane.draw(
        answers,
        theme,
        gapsOf(frame, answers.points.x).map((gap, k) => ({
          ...gap,
          color: colorOf(gap.to > gap.from),
          width: k === example ? 5 : 2,
        })),
      );
    },
  };
}

/** @param {(example: number) => void} choose */
function createResiduals(choose) {
  const el = h("div", { class: "residuals", role: "img", "aria-label": "Residuals of all examples" });
  const { begin } = createCanvas(el, "plot-canvas");
  let order = /** @type {ArrayLike<number>} */ ([]);
  el.addEventListener("click", (event) => {
    const rect = el.getBoundingClientRect();
    const k = Math.floor(((event.clientX - rect.left) / rect.width) * order.length);
    if (k >= 0 && k < order.length) choose(Number(order[k]));
  });

  return {
    el,
    /** @param {Frame} frame @param {number} example */
    draw(frame, example) {
      if (el.clientWidth === 0) return;
      order = frame.arrays.shares.order.data;
      const outputs = frame.arrays.outputs.shape[1];
      const all = Array.from({ length: outputs }, (_, k) => residualsOf(frame, k));
      const most =
        Math.max(
          ...all.map((values) => values.reduce((high, value) => Math.max(high, Math.abs(value)), 0)),
        ) || 1;
      const context = begin();
      const ink = inkOf(el);
      const style = getComputedStyle(el);
      const [width, height] = [el.clientWidth, el.clientHeight];
      const each = width / order.length;
      const chosen = Array.from(order).indexOf(example);
      context.fillStyle = ink.line;
      if (chosen >= 0) context.fillRect(chosen * each - 2, 0, Math.max(each, 1) + 4, height);
      all.forEach((values, output) => {
        const part = each / outputs;
        values.forEach((value, k) => {
          context.fillStyle = style.getPropertyValue(value < 0 ? "--minus" : "--plus");
          const length = (value / most) * (height / 2 - 6);
          context.fillRect(
            k * each + output * part,
            height / 2 - Math.max(length, 0),
            Math.max(0.75, part * 0.8),
            Math.abs(length),
          );
        });
      });
      context.fillStyle = ink.quiet;
      context.fillRect(0, height / 2 - 0.5, width, 1);
    },
  };
}
