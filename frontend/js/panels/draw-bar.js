/** The tools over the data plane while points are drawn: the class or value of the next one, and the eraser. */

import { classesOf, nextClass, usualLabel } from "../document/own-points.js";
import { exampleColor, VALUE_COLOR } from "../plot/scalar-field.js";
import { forFinger, h, refill, setText } from "../ui/dom.js";
import { icon } from "../ui/icons.js";
import { createNumber } from "../ui/numbers.js";

/** @import { Actions, Drawing, Store, Points } from "../document/types.js" */

const VALUE = {
  name: "value",
  label: "value",
  help: "",
  type: /** @type {const} */ ("number"),
  default: 0,
  low: -1e6,
  high: 1e6,
};

/** @param {Store} store @param {Actions} actions */
export function createDrawBar(store, actions) {
  const pens = h("div", { class: "chips draw-pens", role: "group", "aria-label": "What a click does" });
  const value = createNumber(
    VALUE,
    (label) => actions.drawWith({ label, tool: "add" }),
    () => {},
  );
  value.main.setAttribute("aria-label", "Value of the next point");
  const valued = h("label", { class: "draw-value" }, "value", value.main);
  const undo = tool("undo", "Undo", () => actions.undoDrawing());
  const clear = tool("remove", "Clear: begin with an empty plane", () => {
    const { drawing } = store.get();
    if (!drawing) return;
    const points = { ...drawing.points, x: [], y: [] };
    actions.draw(points);
    actions.drawWith({ label: usualLabel(points), tool: "add" });
  });
  const done = h("button", { class: "button draw-done", on: { click: () => actions.endDrawing() } }, "Done");
  const said = h("p", { class: "caption draw-said", role: "status", hidden: true });
  const rest = h("div", { class: "draw-row" }, valued, undo, clear, done);
  const el = h("div", { class: "draw-bar", hidden: true }, pens, rest);
  let key = "";

  /** @param {Drawing} drawing */
  function drawPens({ points, label, tool: now }) {
    const kinds = kindsOf(points, store.get().doc?.problem ?? {});
    const next = JSON.stringify([kinds, label, now]);
    if (next === key) return;
    key = next;
    const focused = pens.contains(document.activeElement)
      ? document.activeElement?.getAttribute("data-pen")
      : null;
    refill(
      pens,
      ...kinds.map((kind) =>
        penOf(kind, now === "add" && (kind.label === undefined || kind.label === label)),
      ),
      h(
        "button",
        {
          class: "chip draw-eraser",
          "data-pen": "erase",
          "aria-pressed": String(now === "erase"),
          on: { click: () => actions.drawWith({ tool: "erase" }) },
        },
        icon("eraser"),
        "erase",
      ),
    );
    if (focused)
      /** @type {HTMLElement|null} */ (pens.querySelector(`[data-pen="${CSS.escape(focused)}"]`))?.focus();
  }

  /** @param {ReturnType<typeof kindsOf>[number]} kind @param {boolean} pressed */
  function penOf({ name, label, color, diamond }, pressed) {
    const choice = label === undefined ? {} : { label };
    return h(
      "button",
      {
        class: `chip${diamond ? " chip--diamond" : ""}${color ? "" : " chip--plain"}`,
        style: { "--mark": color },
        "data-pen": name,
        "aria-pressed": String(pressed),
        on: { click: () => actions.drawWith({ ...choice, tool: "add" }) },
      },
      name,
    );
  }

  return {
    el,
    /** What the tools do, or what was done last. */
    said,
    /** @param {string} words */
    say: (words) => setText(said, words),
    /** @param {Drawing|null} drawing */
    update(drawing) {
      if (el.hidden !== !drawing) {
        el.hidden = said.hidden = !drawing;
        key = "";
        setText(said, drawing ? forFinger(hintOf(drawing.points)) : "");
      }
      if (!drawing) return;
      drawPens(drawing);
      valued.hidden = drawing.points.task === "classes" || drawing.points.inputs === 1;
      if (!valued.hidden) value.set(drawing.label);
      undo.disabled = drawing.past.length === 0;
      clear.disabled = drawing.points.x.length === 0;
    },
  };
}

/** @param {"undo"|"remove"} name @param {string} label @param {() => void} act */
const tool = (name, label, act) =>
  h(
    "button",
    { class: "icon-button icon-button--small", "aria-label": label, title: label, on: { click: act } },
    icon(name),
  );

/**
 * What a click may add, in the colours of the picture. Only a network tells more than two classes.
 * @param {Points} points @param {Record<string, any>} problem
 * @returns {{name: string, label?: import("../document/types.js").Label, color: string, diamond: boolean}[]}
 */
function kindsOf(points, { kind: learns, cost, output }) {
  if (points.task === "regression") return [{ name: "points", color: VALUE_COLOR, diamond: false }];
  const classes = classesOf(points);
  const many = classes.length > 2 || cost === "cross_entropy" || output === "softmax";
  const kinds = classes.map((label, k) => ({
    name: typeof label === "number" ? `class ${label}` : label,
    label,
    color: exampleColor(k, many),
    diamond: k % 2 === 1,
  }));
  const next = learns === "network" ? nextClass(points) : null;
  return next === null ? kinds : [...kinds, { name: "+ class", label: next, color: "", diamond: false }];
}

/** @param {Points} points */
const hintOf = ({ task, inputs }) =>
  `${task === "classes" ? "Click to add points of the chosen class" : inputs === 1 ? "Click to add points (x, y)" : "Click to add points of this value"}, drag them, right-click to erase: they are learnt from at once. Keys: arrows, Space, Delete, Ctrl+Z.`;
