/** A link that is made, put on the clipboard, and shown where that is refused. */

import { formatCount } from "../document/number-format.js";
import { freshId, h, setText } from "../ui/dom.js";

/** Longer links are cut by some programs that pass them on. */
const LONG = 8000;

/**
 * @param {string} label   Of the button.
 * @param {() => Promise<string>} make   @throws {Error} where there is nothing to be copied yet, and why.
 */
export function createCopyBox(label, make) {
  const id = freshId("copied");
  const said = h("p", { class: "copy-said", role: "status", id });
  const text = h("textarea", {
    class: "text copy-text",
    readonly: true,
    rows: 3,
    hidden: true,
    "aria-label": `${label}: the text to copy`,
    spellcheck: "false",
    on: { focus: () => text.select() },
  });
  const button = h("button", { class: "button button--accent", on: { click: copy } }, label);

  async function copy() {
    try {
      text.value = await make();
    } catch (fault) {
      return complain(fault instanceof Error ? fault.message : String(fault));
    }
    text.hidden = false;
    requestAnimationFrame(() => text.scrollIntoView({ block: "nearest" }));
    try {
      await navigator.clipboard.writeText(text.value);
      setText(said, `Copied.${lengthSaid(text.value)}`);
    } catch {
      setText(said, `The browser refused the clipboard: copy it from here.${lengthSaid(text.value)}`);
      text.focus();
    }
  }

  /** @param {string} why */
  function complain(why) {
    text.hidden = true;
    setText(said, `${why}${/[.!?]$/.test(why) ? "" : "."}`);
  }
  return {
    complain,
    el: h("div", { class: "copy-box" }, button, said, text),
    button,
    /** What was copied is not what is there now. */
    outdate() {
      if (text.hidden) return;
      text.hidden = true;
      setText(said, "Changed since it was copied: copy it again.");
    },
  };
}

/** @param {string} text */
const lengthSaid = (text) =>
  text.length > LONG
    ? ` It is ${formatCount(text.length)} characters long, which some mail programs cut: attach it as a file there.`
    : "";
