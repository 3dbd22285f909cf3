/** Names that people give, beside other text. Pure. */

/** Letters and digits that are written from the right: Hebrew, Arabic and their kin. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
const ISOLATES = /[\u2068\u2069]/g;

/**
 * The name as it may stand in a sentence, on a canvas or in a plot: one that is written from the right comes between
 * isolates, lest it turn the numbers beside it.
 * @param {string} name
 */
export const isolated = (name) => (RIGHT_TO_LEFT.test(name) ? `\u2068${name}\u2069` : name);

/** A name cut to so many characters, isolated as before. @param {string} name @param {number} most */
export function cut(name, most) {
  const bare = name.replaceAll(ISOLATES, "");
  return bare.length > most ? isolated(`${bare.slice(0, most - 1)}…`) : name;
}
