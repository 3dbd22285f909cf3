/** Over each column of the chain its name; over the hidden ones their function and their width, to be changed in place. */

import { activationsOf, withActivation, withHidden } from "../document/activations.js";
import { choicesOf, clamp, withItem } from "../document/controls.js";
import { formatCount } from "../document/number-format.js";
import { h, refill } from "../ui/dom.js";
import { createSelect } from "../ui/inputs.js";

/** @import { Actions, Store } from "../document/types.js" */
/** @import { Chain, Layer, Layout } from "./chain-layout.js" */

/**
 * Columns nearer than this have the buttons of a width one over the other, and nearer than that their names
 * upright, in pixels.
 */
const ROOM_FOR_WIDTH = 88;
const ROOM_FOR_NAME = 70;

/**
 * @param {HTMLElement} heads
 * @param {Chain} chain @param {Layout} layout @param {Store} store @param {Actions} actions
 */
export function headsOf(heads, chain, layout, store, actions) {
  const apart = layout.columns[1] - layout.columns[0];
  heads.classList.toggle("tall", apart < ROOM_FOR_WIDTH);
  heads.classList.toggle("upright", apart < ROOM_FOR_NAME);
  const last = chain.layers.length;
  const head = (/** @type {number} */ column) => {
    if (column === 0) return [h("strong", {}, "x"), h("span", {}, formatCount(chain.x.length))];
    return column > last
      ? endOf(store, actions)
      : layerHead(chain.layers[column - 1], column - 1, column === last, store, actions);
  };
  const held = heads.contains(document.activeElement)
    ? document.activeElement?.getAttribute("aria-label")
    : null;
  refill(
    heads,
    ...layout.columns.map((x, column) =>
      h("div", { class: "chain-head", style: { left: `${x}px` } }, ...head(column)),
    ),
  );
  // Whoever widens a layer by keyboard may want to do so again.
  const again =
    held && [...heads.querySelectorAll("[aria-label]")].find((el) => el.getAttribute("aria-label") === held);
  if (again instanceof HTMLElement) again.focus();
}

/** @param {string} sign @param {string} label @param {() => void} act @param {boolean} disabled */
const button = (sign, label, act, disabled) =>
  h("button", { class: "lab-button chain-step", "aria-label": label, disabled, on: { click: act } }, sign);

/** The document's problem, as it is when a hand acts. @param {Store} store @returns {Record<string, any>} */
const problemOf = (store) => store.get().doc?.problem ?? {};

/** The cost's column, and how many layers come before it. @param {Store} store @param {Actions} actions */
function endOf(store, actions) {
  const hidden = /** @type {number[]} */ (problemOf(store).hidden ?? []);
  const deepest = store.get().catalog?.limits.max_layers ?? 12;
  const change = (/** @type {number[]} */ widths) =>
    actions.change(["problem"], withHidden(problemOf(store), widths));
  const depth = h(
    "span",
    { class: "chain-depth" },
    button("−", "One hidden layer fewer", () => change(hidden.slice(0, -1)), hidden.length === 0),
    h("span", { class: "chain-word" }, "layers"),
    button(
      "+",
      "One hidden layer more",
      () => change([...hidden, hidden.at(-1) ?? 8]),
      hidden.length >= deepest,
    ),
  );
  return [h("strong", {}, "C"), problemOf(store).kind === "network" && depth];
}

/** @param {Layer} layer @param {number} at @param {boolean} last @param {Store} store @param {Actions} actions */
function layerHead(layer, at, last, store, actions) {
  const widest = store.get().catalog?.limits.max_width ?? 256;
  function step(/** @type {number} */ by) {
    const { hidden } = problemOf(store);
    actions.change(
      ["problem"],
      withHidden(problemOf(store), withItem(hidden, at, clamp(hidden[at] + by, 1, widest))),
    );
  }
  const own = !last && problemOf(store).kind === "network";
  const width = own
    ? h(
        "span",
        { class: "chain-depth" },
        button("−", `Layer ${at + 1} narrower`, () => step(-1), layer.units <= 1),
        formatCount(layer.units),
        button("+", `Layer ${at + 1} wider`, () => step(1), layer.units >= widest),
      )
    : h("span", {}, formatCount(layer.units));
  return [nameOf(layer, at, store, actions), width];
}

/**
 * The layer's function: a name, with a select over it where it can be another.
 * @param {Layer} layer
 * @param {number} at
 * @param {Store} store
 * @param {Actions} actions
 */
function nameOf(layer, at, store, actions) {
  const { catalog } = store.get();
  const title = `${layer.formula}; ${layer.function}`;
  const kind = activationsOf(problemOf(store))[at];
  const table = /** @type {{kind: string, label: string}[]} */ ([
    ...(catalog?.activations ?? []),
    ...(catalog?.outputs ?? []),
  ]);
  const label = table.find((entry) => entry.kind === layer.activation)?.label ?? layer.activation;
  if (kind === undefined) return h("strong", { class: "chain-name", title }, h("span", {}, label));
  const select = createSelect(choicesOf(catalog?.activations), (chosen) =>
    actions.change(["problem"], withActivation(problemOf(store), at, chosen)),
  );
  select.set(kind);
  select.main.setAttribute("aria-label", `Activation of layer ${at + 1}`);
  select.main.className = "chain-choice";
  return h("strong", { class: "chain-name chosen", title }, h("span", {}, label), select.main);
}
