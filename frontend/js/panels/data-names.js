/** Names over the data plane: of its axes, of the classes, and of the example under the pointer. */

import { formatNumber } from "../document/number-format.js";
import { exampleColor } from "../plot/scalar-field.js";
import { placement } from "../ui/data-plane.js";
import { h, refill, setText } from "../ui/dom.js";

/** @import { Answers } from "../plot/answers.js" */
/** @import { Frame, Inspection } from "../document/types.js" */

/** Pixels from an example within which it is meant. */
const NEAR = 12;

/** @typedef {{answers: Answers, labels: [string, string], exact: boolean, classes: string[]|null}} Named */

/** @param {HTMLElement} picture   Of the data plane. */
export function createDataNames(picture) {
  const [across, up] = ["x", "y"].map((axis) =>
    h("span", { class: `data-axis data-axis--${axis}`, "aria-hidden": "true" }),
  );
  const tip = h("span", { class: "data-tip", hidden: true });
  const el = h("ul", { class: "data-classes", "aria-label": "Classes" });
  let shown = /** @type {Named|null} */ (null);
  let listed = "";
  picture.append(across, up, tip);
  picture.addEventListener("pointermove", point);
  picture.addEventListener("pointerleave", () => (tip.hidden = true));

  /** @param {PointerEvent} event */
  function point(event) {
    const { left, top } = picture.getBoundingClientRect();
    const [x, y] = [event.clientX - left, event.clientY - top];
    const at = shown && nearest(shown.answers, placement(picture, shown.answers.window), x, y);
    tip.hidden = at === null;
    if (!shown || at === null) return;
    setText(tip, exampleSaid(shown, at));
    tip.style.setProperty("left", `${Math.min(x + 12, picture.clientWidth - tip.offsetWidth - 4)}px`);
    tip.style.setProperty("top", `${Math.max(y - 32, 4)}px`);
  }

  return {
    el,
    /** @param {Answers|null} answers @param {Inspection} inspection @param {Frame|null} data */
    show(answers, inspection, data) {
      const classes = data?.meta.data?.class_names ?? null;
      const labels = inspection.meta.outputs?.labels ?? ["", ""];
      const exact = inspection.meta.outputs?.exact ?? true;
      shown = answers && { answers, labels, exact, classes };
      setText(across, answers ? labels[0] : "");
      setText(up, answers ? labels[1] : "");
      el.hidden = !answers || !classes;
      const now = (classes ?? []).join("\n");
      if (now !== listed) refill(el, ...(classes ?? []).map(createClass));
      listed = now;
    },
  };
}

/** Its mark is that of its examples. @param {string} name @param {number} k @param {string[]} names */
function createClass(name, k, names) {
  const color = exampleColor(k, names.length > 2);
  const shape = k % 2 === 1 ? "class-mark class-mark--diamond" : "class-mark";
  return h("li", {}, h("span", { class: shape, style: { "--class": color }, "aria-hidden": "true" }), name);
}

/**
 * @param {Answers} answers
 * @param {ReturnType<typeof placement>} place
 * @param {number} x
 * @param {number} y
 * @returns {number|null}
 */
function nearest({ points }, place, x, y) {
  let found = /** @type {number|null} */ (null);
  let least = NEAR * NEAR;
  for (let k = 0; k < points.x.length; k += 1) {
    const far = (place.x(points.x[k]) - x) ** 2 + (place.y(points.y[k]) - y) ** 2;
    if (far < least) [least, found] = [far, k];
  }
  return found;
}

/** Its class, and its place by the columns’ names, where the axes are columns. @param {Named} named @param {number} k */
function exampleSaid({ answers: { points }, labels, exact, classes }, k) {
  const [x, y] = [points.x[k], points.y[k]].map((value) => formatNumber(value));
  const place = exact ? `${labels[0]} ${x}, ${labels[1]} ${y}` : `${x}, ${y}`;
  return classes ? `${classes[points.label[k]]}: ${place}` : place;
}
