/** The run once more for each value of a knob: how each ends, and how it gets there. */

import { formatCount, formatNumber, plural } from "../document/number-format.js";
import { knobsOf, placesOf, saidOfValue, valuesOf } from "../document/sweeping.js";
import { exampleCount } from "../document/view.js";
import { scattered } from "../model/step-breakdown.js";
import { logTicks } from "../plot/ticks.js";
import { h, setText, svg } from "../ui/dom.js";
import { createSelect } from "../ui/inputs.js";
import { createPlot, rangeOf } from "../ui/small-plot.js";
import { createStudyQuery } from "../ui/study-query.js";

/** @typedef {import("../document/types.js").Frame} Frame */
/** @typedef {import("../document/sweeping.js").Knob} Knob */
/** @typedef {import("../document/types.js").AppState} AppState */
/** @typedef {import("../document/types.js").Pair} Pair */

const USUAL = "run.optimizer.learning_rate";
/** A multiple's picture, in its own units. */
const BOX = { width: 100, height: 40 };

/** @type {import("./fold.js").CreateFold} */
export function createSweep(store, actions, open) {
  let path = USUAL;
  let knob = /** @type {Knob|undefined} */ (undefined);
  const select = createSelect([], (value) => {
    path = value;
    query.refresh();
  });
  select.main.setAttribute("aria-label", "Knob that is swept");
  const curve = createPlot("plot-sweep", { label: "Final cost against the knob’s value" });
  const multiples = h("ul", { class: "multiples" });
  const said = h("p", { class: "caption", role: "status" });

  const query = createStudyQuery(store, actions, open, {
    ask(state) {
      knob = chosen(state);
      const values = knob ? valuesOf(knob, exampleCount(state)) : [];
      return values.length > 1 ? { study: { kind: "sweep", field: path, values }, once: true } : null;
    },
    replaces: true,
    show,
    refuse(words) {
      multiples.replaceChildren();
      setText(said, words);
    },
  });

  /** The knob whose path is chosen, or the learning rate where this experiment has none such. @param {AppState} state */
  function chosen({ catalog, doc, focus }) {
    if (!catalog || !doc?.runs[focus]) return undefined;
    const knobs = knobsOf(catalog, doc, focus);
    select.setChoices(knobs.map(({ path: value, label }) => ({ value, label })));
    if (!knobs.some((one) => one.path === path)) path = USUAL;
    select.set(path);
    return knobs.find((one) => one.path === path);
  }

  /** @param {Frame} frame */
  function show({ meta, arrays }) {
    if (!knob || meta.field !== knob.path) return;
    const { field } = knob;
    const place = placesOf(meta.values);
    const diverged = meta.runs.map((/** @type {any} */ { status }) => status === "diverged");
    const x = Float64Array.from(meta.values, place);
    const y = Float64Array.from(meta.runs, (/** @type {any} */ { final_cost: cost }, k) =>
      diverged[k] ? NaN : log(cost),
    );
    const range = rangeOf([y], 0.1);
    const room = 0.03 * (Math.max(...x) - Math.min(...x) || 1);
    curve.show({
      // Between two kinds lies nothing: no line leads from one to the other.
      curves: [
        {
          ...(field.type === "choice" ? scattered(Array.from(x, (at, k) => [at, y[k]]).flat()) : { x, y }),
          color: "--accent",
          dots: true,
        },
      ],
      x: [Math.min(...x) - room, Math.max(...x) + room],
      y: range,
      xTicks: meta.values.map((/** @type {any} */ value, /** @type {number} */ k) => ({
        at: x[k],
        text: saidOfValue(field, value),
      })),
      yTicks: logTicks(range[0], range[1], 4),
      rules: meta.values.includes(meta.used) ? [place(meta.used)] : [],
      title: `final cost by ${knob.label}; upright: in use`,
    });
    const costs = meta.runs.map((/** @type {any} */ _, /** @type {number} */ k) =>
      Float64Array.from(arrays.runs[k].costs.data, log),
    );
    const settled = costs.filter((/** @type {any} */ _, /** @type {number} */ k) => !diverged[k]);
    const shared = rangeOf(settled.length > 0 ? settled : costs, 0.05);
    while (multiples.childElementCount > costs.length) multiples.lastElementChild?.remove();
    costs.forEach((/** @type {Float64Array} */ cost, /** @type {number} */ k) =>
      drawMultiple(
        itemAt(multiples, k),
        { cost, entries: arrays.runs[k].entries.data, steps: meta.steps, range: shared },
        meta.runs[k],
        saidOfValue(field, meta.values[k]),
        meta.values[k] === meta.used,
      ),
    );
    setText(said, saidOf(meta, diverged.filter(Boolean).length));
  }

  return { title: "Sweep a knob", parts: [select.main, curve.el, multiples, said], queries: [query] };
}

/** @param {number} value */
const log = (value) => (value > 0 ? Math.log10(value) : NaN);

/** @param {Record<string, any>} meta @param {number} lost */
function saidOf({ steps, values }, lost) {
  const ends =
    lost > 0 ? ` ${plural(lost, "run")} diverged and ${lost === 1 ? "has" : "have"} no final cost.` : "";
  return `The run once more for ${formatCount(values.length)} values, each of ${plural(steps, "step")} and without what was changed by hand: its final cost, and below its cost along the way, all on one scale.${ends}`;
}

/** @param {HTMLElement} list @param {number} k @returns {Element} */
function itemAt(list, k) {
  if (!list.children[k]) {
    const picture = svg(
      "svg",
      { viewBox: `0 0 ${BOX.width} ${BOX.height}`, preserveAspectRatio: "none", "aria-hidden": "true" },
      svg("polyline", {}),
    );
    list.append(h("li", {}, h("span", {}), picture, h("span", { class: "multiple-end" })));
  }
  return list.children[k];
}

/**
 * @param {Element} item
 * @param {{cost: Float64Array, entries: ArrayLike<number>, steps: number, range: Pair}} curve
 * @param {{status: string, final_cost: number}} run @param {string} value @param {boolean} own
 */
function drawMultiple(
  item,
  { cost, entries, steps, range: [low, high] },
  { status, final_cost: final },
  value,
  own,
) {
  const across = (/** @type {number} */ k) => ((BOX.width * entries[k]) / steps).toFixed(1);
  const down = (/** @type {number} */ at) =>
    (BOX.height * (1 - (Math.max(low, Math.min(high, at)) - low) / (high - low || 1))).toFixed(1);
  const points = Array.from(cost, (at, k) => (Number.isFinite(at) ? `${across(k)},${down(at)}` : ""))
    .filter(Boolean)
    .join(" ");
  item.classList.toggle("diverged", status === "diverged");
  item.classList.toggle("own", own);
  item.querySelector("polyline")?.setAttribute("points", points);
  setText(/** @type {Element} */ (item.firstElementChild), value);
  setText(
    /** @type {Element} */ (item.lastElementChild),
    status === "diverged" ? "diverged" : formatNumber(final),
  );
}
