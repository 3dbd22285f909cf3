/** The glossary where the page uses its terms: a question mark beside a heading, or the words themselves as a button. */

import { termOf, termOfFact } from "../document/terms.js";
import { h, refill, setText } from "./dom.js";
import { createExplained, createHelpTip } from "./help-tip.js";

/** @import { Store } from "../document/types.js" */
/** @import { Explanation } from "./help-tip.js" */

/** @param {Store} store @param {string} key @returns {Explanation} */
function entryOf(store, key) {
  const term = termOf(store.get().glossary, key);
  return { title: key, texts: [term?.text], mathml: term?.mathml };
}

/** The question mark beside a heading. @param {Store} store @param {string} key   Of the glossary. */
export const helpTip = (store, key) => createHelpTip(key, () => entryOf(store, key));

/**
 * Words that explain themselves when they are pressed.
 * @param {Store} store
 * @param {string} key     Of the glossary.
 * @param {string} [words]
 */
export function createTerm(store, key, words = key) {
  const button = h("button", { class: "term", title: `What is ${key}?` }, words);
  return createExplained(button, () => entryOf(store, key));
}

/** A heading with its question mark. @param {Store} store @param {string} words @param {string} key */
export const titled = (store, words, key) =>
  h("div", { class: "titled" }, h("h3", { class: "lab-title" }, words), helpTip(store, key));

/** The name of a fact, which explains itself where the glossary knows it. @param {Store} store @param {string} name */
function nameOf(store, name) {
  const key = termOfFact(name);
  return key ? createTerm(store, key, name) : name;
}

/**
 * Names and values in rows that stay while their values change: an explanation may be open over one.
 * @param {HTMLElement} list
 * @param {[string, string][]} facts
 * @param {Store} store
 */
export function listFacts(list, facts, store) {
  list.hidden = facts.length === 0;
  const names = facts.map(([name]) => name).join("\n");
  if (list.dataset.names !== names) {
    list.dataset.names = names;
    refill(list, ...facts.map(([name]) => h("div", {}, h("dt", {}, nameOf(store, name)), h("dd"))));
  }
  facts.forEach(([, value], at) =>
    setText(/** @type {Element} */ (list.children[at].lastElementChild), value),
  );
}
