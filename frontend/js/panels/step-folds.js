/** Under the step: other rules, stability, Newton, noise, and sweeps, each asked for when it is opened. */

import { formatCount, formatNumber, formatRunning, plural } from "../document/number-format.js";
import {
  barsOf,
  batchRows,
  billRows,
  closeUp,
  gaugeOf,
  pairOf,
  scattered,
  squared,
} from "../model/step-breakdown.js";
import { logTicks } from "../plot/ticks.js";
import { h, refill, setText } from "../ui/dom.js";
import { createSelect } from "../ui/inputs.js";
import { createPlot, rangeOf } from "../ui/small-plot.js";
import { createStudyQuery } from "../ui/study-query.js";
import { helpTip, listFacts } from "../ui/term.js";
import { ASPECT, createVectors, rangeOfSurface } from "../ui/vectors.js";
import { createShowButton } from "./show-button.js";
import { createSweep } from "./sweep-fold.js";

/** @typedef {import("../document/types.js").Frame} Frame */
/** @typedef {import("../document/types.js").Store} Store */
/** @typedef {import("../document/types.js").Actions} Actions */
/** @typedef {import("../document/types.js").Pair} Pair */

/** @typedef {import("../ui/study-query.js").Questions} Questions */
/** @typedef {import("./fold.js").CreateFold} CreateFold */

// In each fold, what has its size from the first stands above what the answer fills: a button that moved while it is
// pressed would not hear of it.
/** @type {CreateFold[]} */
const FOLDS = [createStability, createOthers, createNewton, createNoise, createSweep];

/**
 * @param {HTMLElement} element @param {Store} store @param {Actions} actions
 * @param {() => boolean} open @param {Questions} questions
 */
export function createFolds(element, store, actions, open, questions) {
  const queries = FOLDS.flatMap((create, k) => {
    const details = h("details", { class: "fold step-fold", open: k === 0 });
    const fold = create(store, actions, () => open() && details.open, questions);
    details.dataset.term = fold.term ?? "";
    details.append(
      h("summary", { class: "fold__summary" }, fold.title),
      ...(fold.term ? [helpTip(store, fold.term)] : []),
      ...fold.parts,
    );
    element.append(details);
    return fold.queries;
  });
  new ResizeObserver(() => queries.forEach(({ refresh }) => refresh())).observe(element);
}

/** @param {string} [text] */
const caption = (text = "") => h("p", { class: "caption" }, text);

/** The rate in use beside the largest that the curvature admits. @type {CreateFold} */
function createStability(store, actions, open) {
  const gauge = h(
    "div",
    { class: "gauge", role: "img", hidden: true },
    h("span", { class: "gauge-bound" }),
    h("span", { class: "gauge-rate" }),
  );
  const facts = h("dl", { class: "facts stability-facts" });
  const said = caption();
  const query = createStudyQuery(store, actions, open, {
    ask: () => ({ study: { kind: "stability" }, onRun: true }),
    show({ meta }) {
      const shown = gaugeOf(meta);
      gauge.hidden = shown === null;
      if (shown) {
        gauge.style.setProperty("--bound", String(shown.bound));
        gauge.style.setProperty("--rate", String(Math.min(shown.rate, 1)));
        gauge.classList.toggle("over", shown.over);
        gauge.setAttribute(
          "aria-label",
          `Learning rate ${formatNumber(meta.learning_rate)}, bound ${formatNumber(meta.bound)}`,
        );
      }
      listFacts(
        facts,
        [
          ["learning rate η", formatNumber(meta.learning_rate, 4)],
          ...(shown
            ? [/** @type {[string, string]} */ ([`bound ${meta.text}`, formatNumber(meta.bound, 4)])]
            : []),
          [
            meta.preconditioned ? "sharpness λ, preconditioned" : "sharpness λ",
            formatRunning(meta.sharpness),
          ],
        ],
        store,
      );
      setText(said, `${meta.note}${meta.source ? ` (${meta.source}.)` : ""}`);
    },
    refuse: (words) => setText(said, words),
  });
  return {
    title: "Learning rate and stability",
    term: "stability",
    parts: [gauge, facts, said],
    queries: [query],
  };
}

/** What every rule would have done. @type {CreateFold} */
function createOthers(store, actions, open, questions) {
  const list = h("ul", { class: "bars", "aria-label": "Change of the cost by each rule’s step" });
  const map = createVectors("Every rule’s step as an arrow on the surface");
  const said = caption();
  const query = questions.others.join({
    open,
    show({ meta, arrays }) {
      refill(
        list,
        ...barsOf(meta).map(({ label, share, value, own }) =>
          h(
            "li",
            {
              class: `${own ? "own" : ""} ${share > 0 ? "up" : "down"}`,
              style: { "--share": String(Math.abs(share)) },
            },
            h("span", {}, label),
            h("span", { class: "bar-track" }),
            h("span", { class: "bar-value" }, value),
          ),
        ),
      );
      const left = Object.values(meta.left_out)
        .map((why) => ` Left out: ${why}.`)
        .join("");
      setText(
        said,
        `The change of the cost by one step from here, each rule with its defaults and after the same ${plural(meta.replayed, "gradient")}${meta.complete ? "" : " (the latest)"}; a bar to the right goes up.${left}`,
      );
      const { surface, plane, inspection } = store.get();
      if (!surface || !plane || !inspection?.arrays.at) return;
      const at = pairOf(inspection.arrays.at.data);
      const steps = meta.steps.map((/** @type {any} */ { kind }, /** @type {number} */ k) => ({
        along: pairOf(arrays.steps[k].along.data),
        own: kind === meta.own,
      }));
      const sizes = steps
        .map((/** @type {any} */ { along }) => Math.hypot(...along))
        .sort((/** @type {number} */ one, /** @type {number} */ other) => one - other);
      const usual = sizes[Math.floor(0.8 * (sizes.length - 1))];
      map.show({
        surface,
        at,
        extent: closeUp(at, [[usual, 0]], plane.extent, ASPECT),
        vectors: steps.map((/** @type {any} */ { along, own }) => ({
          along,
          color: own ? (store.get().runs[store.get().focus]?.color ?? "--accent") : "#ffffff",
          width: own ? 3 : 1.5,
        })),
      });
    },
    refuse: (words) => setText(said, words),
  });
  return {
    title: "What the others would do from here",
    parts: [
      map.el,
      createShowButton(store, actions, {
        overlay: "arrows",
        on: "all",
        off: "step",
        what: "every rule’s step",
      }),
      list,
      said,
    ],
    queries: [query],
  };
}

/** Newton's step, the model it believes in, and the bill. @type {CreateFold} */
function createNewton(store, actions, open, questions) {
  const facts = h("dl", { class: "facts" });
  const said = caption();
  const [contours, model] = [
    createVectors("The surface with the gradient’s, Newton’s and the saddle-free step"),
    createVectors("The quadratic model of the surface around the point"),
  ];
  const key = h(
    "p",
    { class: "vector-key" },
    h("span", { class: "key-downhill" }, "−∇C"),
    h("span", { class: "key-newton" }, "Newton"),
    h("span", { class: "key-free" }, "saddle-free"),
  );
  const bill = table(["weights", "bytes", "operations", "time"], "What a Hessian costs");
  const pair = h(
    "div",
    { class: "vectors-pair" },
    h("figure", {}, contours.el, h("figcaption", {}, "the surface")),
    h("figure", {}, model.el, h("figcaption", {}, "the quadratic model")),
  );
  const foot = h(
    "div",
    { class: "vector-foot" },
    key,
    createShowButton(store, actions, {
      overlay: "quadratic_model",
      on: true,
      off: false,
      what: "the quadratic model",
    }),
  );
  let step = /** @type {Frame|null} */ (null);
  let quadratic = /** @type {Frame|null} */ (null);

  function draw() {
    const { surface, plane } = store.get();
    if (!step || !surface || !plane) return;
    const at = pairOf(step.arrays.at.data);
    const { downhill, newton, saddle_free: free } = step.arrays.along;
    const vectors = [
      { along: pairOf(downhill.data), color: "#ffffff" },
      { along: pairOf(newton.data), color: "--newton" },
      { along: pairOf(free.data), color: "--saddle-free" },
    ];
    const range = rangeOfSurface(surface.cost);
    contours.show({ surface, range, at, extent: squared(plane.extent), vectors });
    if (quadratic)
      model.show({
        surface: { a: quadratic.arrays.a.data, b: quadratic.arrays.b.data, cost: quadratic.arrays.cost.data },
        range,
        at,
        extent: squared(plane.extent),
        vectors,
      });
  }

  const queries = [
    questions.newton.join({
      open,
      show(frame) {
        step = frame;
        pair.hidden = foot.hidden = false;
        const { meta } = frame;
        listFacts(
          facts,
          [
            ["length of Newton’s step", formatRunning(Math.hypot(...Array.from(frame.arrays.newton.data)))],
            ["length of the gradient", formatRunning(Math.hypot(...Array.from(frame.arrays.gradient.data)))],
            ["change it predicts", formatRunning(meta.predicted)],
            ["change that comes", formatRunning(meta.real)],
            ["negative curvatures", formatCount(meta.negative_count)],
            ["climbs by", formatRunning(meta.climb)],
          ],
          store,
        );
        setText(said, newtonSaid(meta));
        draw();
      },
      refuse(words) {
        step = null;
        setText(said, words);
        listFacts(facts, [], store);
        pair.hidden = foot.hidden = true;
      },
    }),
    questions.quadratic.join({
      open,
      show(frame) {
        quadratic = frame;
        draw();
      },
      refuse: () => {},
    }),
    createStudyQuery(store, actions, open, {
      ask: () => ({ study: { kind: "hessian_bill" }, once: true }),
      show: (frame) => bill.fill(billRows(frame)),
      refuse: () => bill.fill([]),
    }),
  ];
  return {
    title: "Newton’s step and its bill",
    term: "Newton’s method",
    parts: [pair, foot, facts, said, bill.el],
    queries,
  };
}

/** @param {Record<string, any>} meta */
function newtonSaid({ target, negative_count: down, slope }) {
  if (down === 0) return "Every curvature is positive: the model is a bowl, and the step goes to its bottom.";
  const uphill = slope > 0 ? " It even sets out uphill." : "";
  return `${plural(down, "curvature is", "curvatures are")} negative: the model’s level point is a ${target}, and Newton’s step is drawn to it; along those directions it climbs.${uphill} The saddle-free step turns their sign.`;
}

/** The cloud of mini-batch gradients, and what batches cost. @type {CreateFold} */
function createNoise(store, actions, open) {
  const cloud = createPlot("plot-cloud", { label: "Mini-batch gradients on the plane, around the full one" });
  const fall = createPlot("plot-noise", { label: "Distance from the full gradient against the batch size" });
  const facts = h("dl", { class: "facts" });
  const said = caption();
  const bill = table(["batch", "memory", "a step", "steps", "an epoch"], "What a step and an epoch cost");
  let chosen = 1;
  let found = /** @type {Frame|null} */ (null);
  const select = createSelect([], (value) => {
    chosen = value;
    draw();
  });
  select.main.setAttribute("aria-label", "Batch size of the cloud");
  const drawn = h("div", { class: "step-noise" }, select.main, cloud.el, fall.el, facts);

  function draw() {
    if (!found) return;
    const { meta, arrays } = found;
    const sizes = Array.from(arrays.batch_sizes.data);
    select.setChoices(sizes.map((size, k) => ({ value: k, label: `batches of ${formatCount(size)}` })));
    chosen = Math.min(chosen, sizes.length - 1);
    select.set(chosen);
    const each = arrays.coordinates.shape[1] * 2;
    const all = scattered(arrays.coordinates.data);
    const full = arrays.full.data;
    cloud.show({
      curves: [
        {
          ...scattered(arrays.coordinates.data.subarray(chosen * each, (chosen + 1) * each)),
          color: "--series-1",
          dots: true,
        },
        { x: [0, full[0]], y: [0, full[1]], color: "--text", width: 2 },
        { ...scattered(full), color: "--accent", dots: true },
      ],
      x: rangeOf([all.x, [0]], 0.05),
      y: rangeOf([all.y, [0]], 0.05),
      title: "along the plane’s first direction",
      rules: [0],
      level: true,
    });
    const log = (/** @type {ArrayLike<number>} */ values) =>
      Float64Array.from(values, (value) => (value > 1e-12 * meta.grad_norm ? Math.log10(value) : NaN));
    const x = log(arrays.batch_sizes.data);
    const [measured, expected, norm] = [
      log(arrays.measured.data),
      log(arrays.expected.data),
      Math.log10(meta.grad_norm),
    ];
    const y = rangeOf([measured, expected, [norm]], 0.1);
    fall.show({
      curves: [
        { x, y: expected, color: "--text-quiet", dash: [4, 4] },
        { x, y: measured, color: "--series-1", dots: true },
        { x: [x[0], x[x.length - 1]], y: [norm, norm], color: "--accent" },
      ],
      x: [x[0] - 0.05, x[x.length - 1] + 0.05],
      y,
      xTicks: sizes.map((size, k) => ({ at: x[k], text: formatCount(size) })),
      yTicks: logTicks(y[0], y[1], 4),
      title: "batch size",
    });
    listFacts(
      facts,
      [
        ["‖∇C‖, the full gradient", formatRunning(meta.grad_norm)],
        ["noise scale tr Σ / ‖∇C‖²", meta.scale === null ? "∞" : formatNumber(meta.scale)],
      ],
      store,
    );
    setText(
      said,
      `Dots: gradients of ${plural(sizes[chosen], "example")} each, on the plane; the line goes to the full gradient. Below: how far they lie from it, measured (blue) and expected (dashed), beside ‖∇C‖ (level line). Where noise and gradient are equal, a batch holds about ${meta.scale === null ? "infinitely many" : formatNumber(meta.scale, 2)} examples.`,
    );
  }

  const queries = [
    createStudyQuery(store, actions, open, {
      ask: () => ({ study: { kind: "noise" } }),
      show(frame) {
        found = frame;
        drawn.hidden = false;
        draw();
      },
      refuse(words) {
        drawn.hidden = true;
        setText(said, words);
      },
    }),
    createStudyQuery(store, actions, open, {
      ask: () => ({ study: { kind: "batch_bill" }, once: true }),
      show: (frame) => bill.fill(batchRows(frame)),
      refuse: () => bill.fill([]),
    }),
  ];
  return {
    title: "Batch size and gradient noise",
    term: "gradient noise",
    parts: [drawn, said, bill.el],
    queries,
  };
}

/** @param {string[]} heads @param {string} title */
function table(heads, title) {
  const body = h("tbody", {});
  const el = h(
    "table",
    { class: "bill" },
    h("caption", {}, title),
    h("thead", {}, h("tr", {}, ...heads.map((head) => h("th", { scope: "col" }, head)))),
    body,
  );
  return {
    el,
    /** @param {string[][]} rows */
    fill(rows) {
      el.hidden = rows.length === 0;
      refill(
        body,
        ...rows.map(([first, ...rest]) =>
          h("tr", {}, h("th", { scope: "row" }, first), ...rest.map((cell) => h("td", {}, cell))),
        ),
      );
    },
  };
}
