/** The Plane group: which slice of the surface is shown, and how. */

import { entryOf } from "../document/changes.js";
import { choicesOf, faultAt } from "../document/controls.js";
import { isExplored } from "../document/view.js";
import { h } from "../ui/dom.js";
import { createSelect } from "../ui/inputs.js";
import { createGroup } from "./group.js";
import { createKnob, createKnobsFor, createRow, explanationOfEntry, switching } from "./knob.js";
import { createComponents, PLANE_PARTS } from "./plane-parts.js";

/** @import { AppState, Field } from "../document/types.js" */
/** @import { Context, Part } from "./knob.js" */

const PATH = ["view", "plane"];

/** Where the view's fields lie in the document, for those that lie in a group of their own. */
const PLACES = /** @type {Record<string, string[]>} */ ({ resolution: ["view", "grid", "resolution"] });

/** @param {Context} context @returns {Part} */
export function createPlane(context) {
  const { catalog } = context.store.get();
  const view = [...(catalog?.view ?? [])]
    .sort(choicesFirst)
    .map((/** @type {Field} */ field) =>
      createKnob(context, { field, path: PLACES[field.name] ?? ["view", ...field.name.split(".")] }),
    );
  const refit = h(
    "button",
    { class: "button button--wide", on: { click: () => context.actions.refit() } },
    "Refit to the paths",
  );
  return createGroup("Plane", [createDirections(context), ...view, { el: refit, update() {} }], {
    say: ({ catalog, plane }) => entryOf(catalog?.planes, plane?.kind)?.label ?? "",
    always: true,
  });
}

/** @param {Field} one @param {Field} other */
const choicesFirst = (one, other) => Number(other.type === "choice") - Number(one.type === "choice");

/** @param {AppState} state */
const kindOf = ({ doc }) => doc?.view?.plane?.kind ?? null;

/** @param {Context} context @returns {Part} */
function createDirections(context) {
  const { store, actions } = context;
  const row = createRow("Directions", () => {
    const { catalog, plane, doc } = store.get();
    const entry = entryOf(catalog?.planes, doc?.view?.plane?.kind ?? plane?.kind);
    return explanationOfEntry("Directions", entry, plane?.note ?? "");
  });
  const select = createSelect([], choose);
  row.hold(select);
  let complaint = /** @type {string|null} */ (null);
  const fields = switching(h("div", {}), keyOf, (state) => partsOf(context, state));
  const components = createComponents();

  /** @param {string|null} kind */
  async function choose(kind) {
    complaint = null;
    try {
      const begin = PLANE_PARTS[kind ?? ""]?.begin;
      actions.change(PATH, begin ? await begin(context) : kind && { kind });
    } catch (refusal) {
      complaint = refusal instanceof Error ? refusal.message : String(refusal);
      select.set(kindOf(store.get()));
      row.complain(complaint);
    }
  }

  return {
    el: h("div", { class: "knob-stack" }, row.el, fields.el, components.el),
    update(state) {
      const usual = isExplored(state.doc) ? "as given" : "automatic";
      select.setChoices([{ value: null, label: usual }, ...choicesOf(state.catalog?.planes)]);
      select.set(kindOf(state));
      row.complain(complaint ?? faultAt(state.fault, [...PATH, "kind"]));
      fields.update(state);
      components.update(state);
    },
  };
}

/** Parameters are chosen by their names, which the problem gives them. @param {AppState} state */
const keyOf = (state) => `${kindOf(state) ?? ""} ${hasNames(state)}`;

/** @param {AppState} state */
const hasNames = ({ problem }) => (problem?.parameters.length ?? 0) > 0;

/** @param {Context} context @param {AppState} state @returns {Part[]} */
function partsOf(context, state) {
  const kind = kindOf(state) ?? "";
  const { parts, replaced = [] } = PLANE_PARTS[kind] ?? {};
  const possible = replaced.length === 0 || hasNames(state);
  const fields = (entryOf(state.catalog?.planes, kind)?.fields ?? []).filter(
    (/** @type {Field} */ { name }) => !possible || !replaced.includes(name),
  );
  return [...((possible && parts?.(context)) || []), ...createKnobsFor(context, fields, PATH)];
}
