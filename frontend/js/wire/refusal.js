/** Why the service has no answer, in the page's words. Pure. */

/**
 * @param {Record<string, any>} problem   A problem document.
 * @returns {string}
 */
export function refusalSaid({ title, detail, errors }) {
  const [{ field = "", message = "" } = {}] = errors ?? [];
  const [, must] = /must be (.*?)(?:, got |$)/.exec(message) ?? [];
  if (!must) return detail ?? title;
  return field === "study.kind"
    ? `This can be shown only ${must}.`
    : `The ${field.replace(/^study\./, "").replaceAll("_", " ")} must be ${must}.`;
}

/**
 * Notes why a layer over the surface cannot be had, or with null that it can.
 * @param {import("../document/types.js").Store} store
 * @param {string} kind
 * @param {string|null} words
 */
export function noteRefusal(store, kind, words) {
  const { [kind]: before = null, ...rest } = store.get().refusals;
  if (words !== before) store.set({ refusals: words === null ? rest : { ...rest, [kind]: words } });
}

/** A problem document as the page shows it. @param {Record<string, any>} problem @returns {import("../document/types.js").Fault} */
export const faultIn = ({
  title = "The service did not answer as expected",
  detail = "",
  errors = [],
  gone = null,
}) => ({ title, detail, errors, gone });
