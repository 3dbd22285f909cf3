/** The derivative as a linear map: nudge the weights along v, and hold the prediction against what happens. */

import { nudgeOf } from "../document/view.js";
import { pairOf, squared } from "../model/step-breakdown.js";
import { h, setText } from "../ui/dom.js";
import { createSelect } from "../ui/inputs.js";
import { createSliderNumber } from "../ui/numbers.js";
import { createParameterChooser } from "../ui/parameter-chooser.js";
import { createPlot } from "../ui/small-plot.js";
import { createStudyQuery } from "../ui/study-query.js";
import { createTerm, listFacts, titled } from "../ui/term.js";
import { createVectors } from "../ui/vectors.js";
import { limitPlot, limitSaid, nudgeFacts, nudgePlot, nudgeSaid } from "./difference-quotients.js";

/** @import { Pair } from "../document/types.js" */
/** @import { Nudge } from "../document/view.js" */
/** @import { CreateSection } from "./section.js" */

const DIRECTIONS = [
  { value: "gradient", label: "along the gradient" },
  { value: "parameter", label: "along one weight" },
  { value: "random", label: "a random direction" },
  { value: "step", label: "the run’s next step" },
  { value: "plane", label: "an arrow on the surface" },
];
/** Its slider goes along v; against v, as a link may have it, the size is typed. @type {import("../document/types.js").Field} */
const SIZE = {
  name: "size",
  label: "size",
  help: "",
  type: "number",
  default: 0.1,
  low: -1000,
  high: 1000,
  typical: [1e-6, 10],
  log: true,
};

/** @type {CreateSection} */
export function createNudge(element, store, actions, open, at) {
  const asked = () => nudgeOf(store.get());
  /** Of the parameter that is nudged, as the service calls it. */
  let name = "";
  const select = createSelect(DIRECTIONS, (direction) => change({ direction }));
  select.main.setAttribute("aria-label", "Direction v of the nudge");
  const chooser = createParameterChooser("to nudge", (parameter) => change({ parameter }));
  const again = h(
    "button",
    { class: "lab-button", on: { click: () => change({ seed: asked().seed + 1 }) } },
    "Another",
  );
  const sizeWrong = h("p", { class: "knob__error", role: "alert", hidden: true });
  const size = createSliderNumber(
    SIZE,
    (value) => change({ size: value }),
    (words) => {
      sizeWrong.hidden = words === null;
      setText(sizeWrong, words === null ? "" : `The size ${words}.`);
    },
  );
  size.slider?.setAttribute("aria-label", "Size s of the nudge");
  size.main.setAttribute("aria-label", "Size s of the nudge, typed");
  const pad = createVectors(
    "The surface with v as an arrow from the point: drag it, or press the arrow keys",
  );
  pad.el.classList.add("lab-pad");
  pad.el.tabIndex = 0;
  pad.el.setAttribute("role", "application");
  pad.el.addEventListener("pointerdown", (event) => {
    pad.el.setPointerCapture(event.pointerId);
    draw(event);
  });
  pad.el.addEventListener("pointermove", (event) => pad.el.hasPointerCapture(event.pointerId) && draw(event));
  pad.el.addEventListener("keydown", push);
  const padSaid = h(
    "p",
    { class: "caption" },
    "Drag from the point to where v shall end, or press the arrow keys on the picture; s then stretches it.",
  );
  const facts = h("dl", { class: "facts nudge-facts" });
  const said = h("p", { class: "caption nudge-verdict" });
  const errors = createPlot("plot-nudge", {
    label: "Errors of the prediction against the size of the nudge, both logarithmic",
  });
  const limit = createPlot("plot-nudge", {
    label: "Errors of difference quotients against h, both logarithmic",
  });
  const limited = h("p", { class: "caption" });
  const key = h(
    "p",
    { class: "vector-key" },
    h("span", { class: "key-series-0" }, "error of s⟨∇C, v⟩"),
    h("span", { class: "key-series-1" }, "with ½ s² vᵀHv"),
    h("span", { class: "key-ratio" }, "|real : predicted − 1|"),
    h("span", { class: "key-floor" }, createTerm(store, "round-off")),
  );
  const refusal = h("p", { class: "caption lab-verdict", role: "status" });
  element.append(
    h(
      "div",
      { class: "lab-controls" },
      select.main,
      chooser.el,
      again,
      h("div", { class: "lab-size-row" }, "size s", size.line, size.main),
    ),
    sizeWrong,
    refusal,
    h(
      "div",
      { class: "lab-split lab-nudge-split" },
      h(
        "div",
        { class: "lab-half" },
        titled(store, "Predicted and real change", "derivative"),
        facts,
        pad.el,
        padSaid,
      ),
      h("div", { class: "lab-half" }, errors.el, key, said),
    ),
    h(
      "div",
      { class: "lab-split lab-nudge-split" },
      h("div", { class: "lab-half" }, limit.el),
      h("div", { class: "lab-half" }, titled(store, "How fine can one look?", "finite difference"), limited),
    ),
  );

  /** @param {Partial<Nudge>} patch */
  function change(patch) {
    actions.change(["view", "nudge"], { ...asked(), ...patch });
  }

  const showParameter = () => chooser.draw(store.get().problem?.parameters ?? [], asked().parameter, name);

  function show() {
    const { direction, size: length } = asked();
    select.set(direction);
    chooser.el.hidden = direction !== "parameter";
    showParameter();
    again.hidden = direction !== "random";
    pad.el.hidden = padSaid.hidden = direction !== "plane";
    size.set(length);
    drawPad();
  }

  const here = () => {
    const { inspection, surface, plane } = store.get();
    const at = inspection?.arrays.at;
    return at && surface && plane ? { at: pairOf(at.data), surface, plane } : null;
  };

  function drawPad() {
    const found = here();
    const { direction, vector } = asked();
    if (!found || direction !== "plane") return;
    pad.show({
      surface: found.surface,
      at: found.at,
      extent: squared(found.plane.extent),
      vectors: [{ along: vector, color: "#ffffff", width: 3 }],
    });
  }

  /** @param {PointerEvent} event */
  function draw(event) {
    const found = here();
    if (!found) return;
    const rect = pad.el.getBoundingClientRect();
    const [[a0, a1], [b0, b1]] = squared(found.plane.extent);
    const a = a0 + ((event.clientX - rect.left) / rect.width) * (a1 - a0);
    const b = b1 - ((event.clientY - rect.top) / rect.height) * (b1 - b0);
    drawn([a - found.at[0], b - found.at[1]]);
  }

  /** The arrow by keys, a fortieth of the surface at a time. @param {KeyboardEvent} event */
  function push(event) {
    const found = here();
    const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] }[event.key];
    if (!found || !by) return;
    event.preventDefault();
    event.stopPropagation();
    const [[a0, a1]] = squared(found.plane.extent);
    const [u, v] = asked().vector.map((part, axis) => part + (by[axis] * (a1 - a0)) / 40);
    if (u !== 0 || v !== 0) drawn([u, v]);
  }

  /** Its size is its own length. @param {Pair} vector */
  function drawn(vector) {
    change({ vector, size: 1 });
  }

  const onRun = () => asked().direction === "step";
  createStudyQuery(store, actions, open, {
    ask: () => ({ study: { kind: "nudge", ...asked() }, onRun: onRun() }),
    show(frame, place) {
      at(place);
      setText(refusal, "");
      element.classList.remove("refused");
      name = frame.meta.parameter_name;
      showParameter();
      listFacts(facts, nudgeFacts(frame.meta), store);
      setText(said, nudgeSaid(frame.meta));
      errors.show(nudgePlot(frame));
    },
    refuse(words) {
      const why =
        asked().direction === "gradient"
          ? "The gradient is zero or not finite here, and points nowhere."
          : words;
      setText(refusal, `${why} Choose another above.`);
      element.classList.add("refused");
    },
  });
  createStudyQuery(store, actions, open, {
    ask() {
      const { size: _, ...direction } = asked();
      return { study: { kind: "difference_limit", ...direction }, onRun: onRun() };
    },
    show(frame) {
      limit.show(limitPlot(frame));
      setText(limited, limitSaid(frame.meta));
    },
    refuse: (words) => setText(limited, words),
  });
  store.watch(["doc", "problem"], show);
  store.watch(["inspection", "surface"], drawPad);
  store.watch(["theme", "presenting"], () =>
    requestAnimationFrame(() => [errors, limit, pad].forEach((plot) => plot.draw())),
  );
  show();
}
