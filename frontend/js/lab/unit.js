/** One unit of the chain in numbers, with its incoming weights and its layer's function to be set by hand. */

import { activationsOf, withActivation } from "../document/activations.js";
import { choicesOf } from "../document/controls.js";
import { formatCount, formatInput, formatNumber } from "../document/number-format.js";
import { placeOf } from "../model/cursor.js";
import { h, refill, setText } from "../ui/dom.js";
import { createSelect } from "../ui/inputs.js";
import { helpTip } from "../ui/term.js";
import { unitName, unitSaid, weightName } from "./chain-layout.js";

/** @import { Actions, Store } from "../document/types.js" */
/** @import { Chain } from "./chain-layout.js" */

/**
 * One unit in numbers, and its incoming weights to be set by hand.
 * @param {Store} store
 * @param {Actions} actions
 */
export function createEditor(store, actions) {
  let selected = { layer: 0, unit: 0, from: /** @type {number|null} */ (null) };
  let key = "";
  let before =
    /** @type {{name: string, output: number[], loss: number, cost: number, place: string}|null} */ (null);
  let rows = /** @type {{input: HTMLInputElement, index: number|null}[]} */ ([]);
  const title = h("h3", { class: "lab-title" });
  const sum = h("p", { class: "lab-numbers" });
  const answer = h("p", { class: "lab-numbers" });
  const list = h("div", { class: "lab-weights", role: "group", "aria-label": "Incoming weights" });
  const effect = h("p", { class: "lab-effect", role: "status" });
  const activation = createActivation(store, actions, () => selected.layer);
  const parts = h(
    "div",
    { class: "lab-unit" },
    h("div", { class: "titled" }, title, helpTip(store, "unit")),
    h("div", { class: "lab-line" }, answer, activation.el),
    sum,
    list,
    effect,
  );
  let chain = /** @type {Chain|null} */ (null);

  /** @param {Chain} now */
  function build(now) {
    const layer = now.layers[selected.layer];
    const shown = Math.min(layer.inputs, 16);
    const structure = JSON.stringify([
      selected.layer,
      selected.unit,
      layer.inputs,
      layer.units,
      layer.biases !== null,
    ]);
    if (structure === key) return;
    key = structure;
    const indices = [...Array.from({ length: shown }, (_, k) => k), ...(layer.biases ? [null] : [])];
    rows = indices.map((index) => {
      const name = index === null ? `b` : weightName(selected.layer, selected.unit, index);
      const input = h("input", {
        type: "text",
        inputmode: "decimal",
        class: "text lab-weight",
        "aria-label": `${name}, set by hand`,
        autocomplete: "off",
      });
      const set = () => setWeight(index, name, input);
      input.addEventListener("change", set);
      input.addEventListener("keydown", (event) => nudge(event, input, set));
      return { input, index };
    });
    refill(
      list,
      ...rows.map(({ input, index }) =>
        h(
          "label",
          { class: "lab-weight-row" },
          h("span", {}, index === null ? "b" : weightName(selected.layer, selected.unit, index)),
          input,
        ),
      ),
      layer.inputs > shown &&
        h("span", { class: "caption" }, `and ${formatCount(layer.inputs - shown)} more`),
    );
  }

  /** @param {KeyboardEvent} event @param {HTMLInputElement} input @param {() => void} set */
  function nudge(event, input, set) {
    const by = { ArrowUp: 0.1, ArrowDown: -0.1 }[event.key];
    if (by === undefined || input.readOnly) return;
    event.preventDefault();
    event.stopPropagation();
    input.value = formatInput(Number((numberOf(input.value) + by).toFixed(6)));
    set();
  }

  /** @param {number|null} index @param {string} name @param {HTMLInputElement} input */
  function setWeight(index, name, input) {
    const value = numberOf(input.value);
    if (!chain || !Number.isFinite(value)) return;
    const layer = chain.layers[selected.layer];
    const parameter =
      index === null
        ? /** @type {ArrayLike<number>} */ (layer.biasPlaces)[selected.unit]
        : layer.places[selected.unit * layer.inputs + index];
    const place = JSON.stringify(chain.place);
    const output = Array.from(chain.layers[chain.layers.length - 1].a);
    // While the chain of another step is still shown there is nothing to hold the effect against.
    const shown = place === JSON.stringify(placeOf(store.get()));
    before = shown ? { name, output, loss: chain.loss, cost: chain.cost, place } : null;
    actions.editWeight(store.get().focus, parameter, value);
  }

  return {
    selected: () => selected,
    /** @param {number} layer @param {number} unit @param {number|null} from */
    select(layer, unit, from) {
      selected = { layer, unit, from };
      before = null;
      key = "";
      requestAnimationFrame(() => from !== null && rows[from]?.input.focus());
    },
    /** @param {HTMLElement} host @param {Chain} now */
    draw(host, now) {
      chain = now;
      if (selected.layer >= now.layers.length || selected.unit >= now.layers[selected.layer].units)
        selected = { layer: 0, unit: 0, from: null };
      build(now);
      if (parts.parentElement !== host) refill(host, parts);
      const layer = now.layers[selected.layer];
      const said = unitSaid(now, selected.layer, selected.unit);
      setText(
        title,
        `${unitName(selected.layer, selected.unit)}, unit ${selected.unit + 1} of layer ${selected.layer + 1}: ${layer.formula}`,
      );
      setText(sum, said.z);
      setText(answer, `${said.a}, ${said.activation}`);
      const { doc, focus } = store.get();
      const recorded = Boolean(doc?.runs[focus]?.recorded);
      for (const { input, index } of rows) {
        input.readOnly = recorded;
        const value =
          index === null
            ? /** @type {ArrayLike<number>} */ (layer.biases)[selected.unit]
            : layer.weights[selected.unit * layer.inputs + index];
        if (document.activeElement !== input || input.dataset.settled)
          input.value = formatInput(Number(value.toPrecision(5)));
      }
      activation.draw();
      const output = Array.from(now.layers[now.layers.length - 1].a);
      const same = before?.place === JSON.stringify(now.place);
      const changed = same && (now.cost !== before?.cost || now.loss !== before?.loss);
      if (changed && before)
        setText(
          effect,
          `${before.name} set by hand: output ${before.output.map((value) => formatNumber(value)).join(", ")} → ${output.map((value) => formatNumber(value)).join(", ")}, loss ${formatNumber(before.loss)} → ${formatNumber(now.loss)}, cost ${formatNumber(before.cost, 4)} → ${formatNumber(now.cost, 4)}. The descent goes on from here: see the surface.`,
        );
      else if (!before)
        setText(
          effect,
          recorded
            ? "The weights of a recorded run are as they were saved."
            : "Set a weight by hand (or press ↑ ↓ in its field) and see output, cost and path answer.",
        );
    },
  };
}

/** @param {string} text */
const numberOf = (text) => Number(text.replace("−", "-").trim());

/** The function of the chosen unit's layer. @param {Store} store @param {Actions} actions @param {() => number} layer */
function createActivation(store, actions, layer) {
  const select = createSelect([], (kind) =>
    actions.change(["problem"], withActivation(store.get().doc?.problem ?? {}, layer(), kind)),
  );
  const name = h("span", {});
  const el = h("label", { class: "lab-activation" }, name, select.main);
  return {
    el,
    draw() {
      const { catalog, doc } = store.get();
      const kind = activationsOf(doc?.problem)[layer()];
      el.hidden = kind === undefined;
      select.setChoices(choicesOf(catalog?.activations));
      select.set(kind);
      setText(name, doc?.problem.kind === "chain" ? "both units" : `layer ${layer() + 1}`);
      select.main.setAttribute("aria-label", `Activation of ${name.textContent}`);
    },
  };
}
