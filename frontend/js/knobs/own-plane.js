/** A plane of one's own: origin and two directions, each set to something that means something, or typed. */

import { faultAt } from "../document/controls.js";
import { formatCount } from "../document/number-format.js";
import {
  DIRECTIONS,
  inShort,
  MOST_PARAMETERS,
  ORIGINS,
  parseVector,
  vectorSaid,
  vectorText,
} from "../document/plane-vectors.js";
import { placeOf } from "../model/cursor.js";
import { askOnce } from "../model/query.js";
import { h, setText } from "../ui/dom.js";
import { createSelect } from "../ui/inputs.js";
import { createFold } from "./group.js";
import { createRow } from "./knob.js";

/** @typedef {import("./knob.js").Context} Context */
/** @typedef {import("./knob.js").Part} Part */
/** @typedef {import("../document/types.js").AppState} AppState */
/**
 * @typedef {{title: string, path: (string|number)[], choices: {value: string, label: string}[], find: (context: Context, choice: string, parameter: number) => Promise<ArrayLike<number>>, help: string}} Vector
 */

const PLANE = ["view", "plane"];
const UNSET = { value: "", label: "set to…" };
const DIRECTION_HELP =
  "One number for each parameter. The two directions are made orthonormal; only what they span matters.";

/** @type {Vector[]} */
const VECTORS = [
  {
    title: "Origin",
    path: [...PLANE, "origin"],
    choices: ORIGINS,
    find: findOrigin,
    help: "The point that the plane goes through, one number for each parameter.",
  },
  {
    title: "First direction",
    path: [...PLANE, "basis", 0],
    choices: DIRECTIONS,
    find: findDirection,
    help: DIRECTION_HELP,
  },
  {
    title: "Second direction",
    path: [...PLANE, "basis", 1],
    choices: DIRECTIONS,
    find: findDirection,
    help: DIRECTION_HELP,
  },
];

/** @param {Context} context @returns {Part[]} */
export function createOwnPlane(context) {
  const hint = h("p", { class: "hint" });
  return [
    ...VECTORS.map((vector) => createVector(context, vector)),
    { el: hint, update: ({ problem }) => setText(hint, problem ? carriedSaid(problem.dim) : "") },
  ];
}

/** @param {number} dim */
const carriedSaid = (dim) => `A link to this picture carries all ${formatCount(3 * dim)} numbers.`;

/**
 * The plane that is shown, as one of the learner's own.
 * @param {Context} context
 * @returns {Promise<Record<string, any>>}
 * @throws {Error} where there is none, or too much of it.
 */
export async function ownPlaneOf({ store, actions }) {
  const { problem } = store.get();
  if ((problem?.dim ?? 0) > MOST_PARAMETERS)
    throw new Error(
      `must be another above ${formatCount(MOST_PARAMETERS)} parameters: all numbers of three vectors would be too much for a message`,
    );
  const frame = await actions.inspect({ run: 0, step: 0, want: ["plane"] });
  if (!frame) throw new Error("must wait until there is a plane to begin with");
  const { data, shape } = frame.arrays.plane.basis;
  const basis = [0, 1].map((k) => inShort(data.subarray(k * shape[1], (k + 1) * shape[1])));
  return { kind: "custom", origin: inShort(frame.arrays.plane.origin.data), basis };
}

/** @param {Context} context @param {Vector} vector @returns {Part} */
function createVector(context, { title, path, choices, find, help }) {
  const { store, actions } = context;
  let shown = /** @type {readonly number[]|null} */ (null);
  let complaint = /** @type {string|null} */ (null);
  let name = "";
  const row = createRow(title, () => ({ title, texts: [help] }));
  const select = createSelect([UNSET, ...choices], (choice) => choice && setTo(choice));
  select.set("");
  const parameter = createSelect([], (k) => setTo("parameter", k));
  parameter.main.setAttribute("aria-label", `${title}: parameter`);
  const parameters = h("div", { class: "knob__head", hidden: true }, parameter.main);
  const said = h("p", { class: "hint" });
  const text = h("textarea", {
    class: "text expression vector-text",
    rows: 4,
    spellcheck: "false",
    autocomplete: "off",
    "aria-label": `${title}: numbers`,
    on: { change: typed },
  });
  const fold = createFold("Numbers", [{ el: text, update() {} }]);
  row.hold(select);
  row.el.append(parameters, said, fold.el);

  /** @param {string} choice @param {number} [k] */
  async function setTo(choice, k = 0) {
    select.set("");
    parameters.hidden = choice !== "parameter";
    parameter.set(k);
    try {
      const values = inShort(await find(context, choice, k));
      complain(null);
      name = choices.find(({ value }) => value === choice)?.label.replace(/, here$/, "") ?? "";
      shown = null;
      actions.change(path, values);
    } catch (refusal) {
      complain(refusal instanceof Error ? refusal.message : String(refusal));
    }
  }

  function typed() {
    const { problem, catalog } = store.get();
    const read = parseVector(text.value, problem?.dim ?? 0, catalog?.limits.max_coordinate);
    complain("error" in read ? read.error : null);
    if ("error" in read) return;
    name = "";
    parameters.hidden = true;
    actions.change(path, read.value);
  }

  /** @param {string|null} message */
  function complain(message) {
    complaint = message;
    row.complain(message);
    text.setAttribute("aria-invalid", String(Boolean(message)));
  }

  return {
    el: row.el,
    update(state) {
      const values = /** @type {number[]} */ (
        path.reduce((node, key) => node?.[key], /** @type {any} */ (state.doc))
      );
      row.complain(complaint ?? faultAt(state.fault, path));
      const named = (state.problem?.parameters.length ?? 0) > 0;
      select.setChoices([UNSET, ...choices.filter(({ value }) => named || value !== "parameter")]);
      parameter.setChoices((state.problem?.parameters ?? []).map((label, value) => ({ label, value })));
      if (!values || values === shown || complaint || document.activeElement === text) return;
      shown = values;
      text.value = vectorText(values);
      setText(said, [name, vectorSaid(values, state.problem?.parameters ?? [])].filter(Boolean).join(": "));
    },
  };
}

/** @param {Context} context @param {string} choice @returns {Promise<ArrayLike<number>>} */
async function findOrigin({ store, actions }, choice) {
  const { problem, focus } = store.get();
  if (choice === "zero") return new Float64Array(problem?.dim ?? 0);
  const place = { here: placeOf(store.get()), start: { run: focus, step: 0 }, end: { run: focus } }[choice];
  const frame = place && (await actions.inspect({ ...place, want: ["theta"] }));
  if (!frame) throw new Error("That point is not there.");
  return frame.arrays.theta.data;
}

/** @param {Context} context @param {string} direction @param {number} parameter @returns {Promise<ArrayLike<number>>} */
async function findDirection({ store, actions }, direction, parameter) {
  const { focus } = store.get();
  const place =
    direction === "run" ? { run: focus, step: 0 } : (placeOf(store.get()) ?? { run: focus, step: 0 });
  const seed = Math.floor(Math.random() * 1000);
  const frame = await askOnce(actions.study, {
    place,
    study: { kind: "direction", direction, parameter, seed },
  });
  return frame.arrays.vector.data;
}
