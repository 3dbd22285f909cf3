/** The hidden layers as they stand in the chain: 2 → 8 → 8 → 1, each width and the depth with their own − and +. */

import { withHidden } from "../document/activations.js";
import { entryOf } from "../document/changes.js";
import { clamp, faultAt, parseNumber, withItem } from "../document/controls.js";
import { featureLabel, featuresOf, inputsOnShow } from "../document/features.js";
import { h, refill } from "../ui/dom.js";
import { icon } from "../ui/icons.js";
import { createRow, explanationOf } from "./knob.js";

/** @import { AppState, Catalog, Field } from "../document/types.js" */
/** @import { Context, Part } from "./knob.js" */

const FIRST_WIDTH = 8;
const PATH = ["problem", "hidden"];

/** @param {Context} context @returns {Part} */
export function createLayers({ store, actions }) {
  const field = hiddenField(store.get().catalog);
  const row = createRow(field.label, () => explanationOf(store.get().glossary, field));
  const depth = h("output", { class: "stepper__value" });
  const chain = h("div", { class: "layers", role: "group", "aria-label": "Widths of the layers" });
  const chips = /** @type {ReturnType<typeof createChip>[]} */ ([]);
  const ends = [h("span", { class: "layers__end" }), h("span", { class: "layers__end" })];
  const limits = store.get().catalog?.limits ?? {};
  const deepest = limits.max_layers ?? 12;
  const widest = limits.max_width ?? 256;

  const widths = () => /** @type {number[]} */ (store.get().doc?.problem.hidden ?? []);
  /** @param {number[]} next */
  const send = (next) => actions.change(["problem"], withHidden(store.get().doc?.problem ?? {}, next));
  const fewer = stepButton("minus", "One hidden layer fewer", () => send(widths().slice(0, -1)));
  const more = stepButton("plus", "One hidden layer more", () =>
    send([...widths(), widths().at(-1) ?? FIRST_WIDTH]),
  );
  row.hold({
    main: h(
      "span",
      { class: "stepper", id: "hidden-layers", role: "group", "aria-label": "Number of hidden layers" },
      fewer,
      depth,
      more,
    ),
  });

  /** @param {number[]} shown */
  function arrange(shown) {
    while (chips.length > shown.length) chips.pop();
    while (chips.length < shown.length) {
      const at = chips.length;
      chips.push(createChip(at, widest, (width) => send(withItem(widths(), at, width))));
    }
    const middle = chips.flatMap((chip) => [chip.el, arrow()]);
    if (chain.childElementCount !== middle.length + 3) refill(chain, ends[0], arrow(), ...middle, ends[1]);
  }

  return {
    el: h("div", { class: "knob-stack" }, row.el, chain),
    update(state) {
      const shown = widths();
      arrange(shown);
      chips.forEach((chip, at) => chip.set(shown[at]));
      depth.textContent = String(shown.length);
      fewer.disabled = shown.length === 0;
      more.disabled = shown.length >= deepest;
      const [inputs, outputs] = endsOf(state);
      refill(ends[0], inputs);
      refill(ends[1], outputs);
      ends[0].title = "inputs";
      ends[1].title = "outputs";
      row.complain(faultAt(state.fault, PATH));
    },
  };
}

/** @param {Catalog|null} catalog @returns {Field} */
function hiddenField(catalog) {
  const found = entryOf(catalog?.problems, "network")?.fields.find(({ name }) => name === "hidden");
  return { name: "hidden", help: "", type: "integers", default: [], ...found, label: "Hidden layers" };
}

const arrow = () => h("span", { class: "layers__arrow", "aria-hidden": "true" }, "→");

/** @param {"minus"|"plus"} name @param {string} label @param {() => void} act */
const stepButton = (name, label, act) =>
  h("button", { class: "stepper__button", "aria-label": label, on: { click: act } }, icon(name));

/** One layer's width. @param {number} at @param {number} widest @param {(width: number) => void} send */
function createChip(at, widest, send) {
  const field = {
    name: "width",
    label: "width",
    help: "",
    type: /** @type {const} */ ("integer"),
    default: FIRST_WIDTH,
    low: 1,
    high: widest,
  };
  const input = h("input", {
    type: "text",
    inputmode: "numeric",
    class: "layers__width",
    "aria-label": `Width of hidden layer ${at + 1}`,
    autocomplete: "off",
  });
  let width = FIRST_WIDTH;
  /** @param {number} by */
  function step(by) {
    set(clamp(width + by, 1, widest), true);
    send(width);
  }
  /** @param {number} next @param {boolean} [always] */
  function set(next, always = false) {
    width = next;
    if (always || document.activeElement !== input) input.value = String(next);
    narrower.disabled = width <= 1;
    wider.disabled = width >= widest;
  }
  const narrower = stepButton("minus", `Hidden layer ${at + 1} narrower`, () => step(-1));
  const wider = stepButton("plus", `Hidden layer ${at + 1} wider`, () => step(1));
  input.addEventListener("keydown", (event) => {
    const by = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    step(by);
  });
  input.addEventListener("change", () => {
    const said = parseNumber(input.value, field);
    if ("value" in said && said.value !== null) send(said.value);
    else set(width, true);
  });
  return { el: h("span", { class: "layers__chip" }, narrower, input, wider), set };
}

/**
 * How wide the chain is at its two ends; a question mark where only the service knows.
 * @param {AppState} state
 * @returns {[string, string]}
 */
function endsOfGiven(state) {
  const { catalog, doc } = state;
  const dataset = doc?.problem.dataset;
  const data = entryOf(catalog?.datasets, dataset?.kind);
  const own = inputsOnShow(state);
  const inputs = own === null ? "?" : own + featuresOf(doc?.problem).length;
  const classes = data?.classes ?? classesOf(dataset);
  const softmax = doc?.problem.output === "softmax" || doc?.problem.cost === "cross_entropy";
  const outputs = data?.outputs ?? dataset?.y?.[0]?.length ?? "?";
  return [String(inputs), String(softmax || (classes ?? 0) > 2 ? (classes ?? outputs) : outputs)];
}

/**
 * How many classes inline data have: words, or where nothing is said, K where the targets are one column of all of
 * 0 … K − 1.
 * @param {{y?: (string|number)[][], task?: string|null}} [dataset]
 */
function classesOf({ y = [], task = null } = {}) {
  const labels = new Set(y.map(([label]) => label));
  if (y.some(([label]) => typeof label === "string")) return task === "regression" ? null : labels.size;
  const numbered =
    labels.size > 1 &&
    y.every((row) => row.length === 1) &&
    Array.from(labels.keys(), (_, k) => k).every((k) => labels.has(k));
  return task === "classes" || (task === null && numbered)
    ? Math.max(1, ...Array.from(labels, Number)) + 1
    : null;
}

/**
 * How wide the chain is at its two ends; a question mark where only the service knows.
 * @param {AppState} state
 * @returns {[string, string]}
 */
export const endsOf = (state) => endsOfTable(state) ?? endsOfGiven(state);

/**
 * What a table’s columns became is known once its examples are here: of one with words there are many. Features are
 * counted in the document, since the examples that are here may still have those of the one before it.
 * @param {AppState} state
 * @returns {[string, string]|null}
 */
function endsOfTable({ catalog, doc, data }) {
  const dataset = /** @type {Record<string, any>} */ (doc?.problem.dataset ?? {});
  const about = data?.meta.data;
  if (dataset.kind !== "table" || !about) return null;
  const classes = about.class_names?.length ?? 0;
  const softmax = doc?.problem.output === "softmax" || doc?.problem.cost === "cross_entropy";
  const features = new Set(catalog?.features.map(({ label }) => featureLabel(label, dataset)));
  const own = about.feature_names.filter((/** @type {string} */ name) => !features.has(name)).length;
  const inputs = own + featuresOf(doc?.problem).length;
  return [String(inputs), String(classes && (softmax || classes > 2) ? classes : 1)];
}
