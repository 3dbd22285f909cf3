/** Why the service has no answer, in the page's words. Pure. */

/**
 * @param {Record<string, any>} problem   A problem document.
 * @returns {string}
 */
export function refusalSaid({ title, detail, errors }) {
  const [{ field = "", message = "" } = {}] = errors ?? [];
  const [, must] = /must be (.*?), got /.exec(message) ?? [];
  if (!must) return detail ?? title;
  return field === "study.kind"
    ? `This can be shown only ${must}.`
    : `The ${field.replace(/^study\./, "").replaceAll("_", " ")} must be ${must}.`;
}
