/** What the page remembers of its reader, on this machine only. Storage may be refused: then it forgets. */

const PREFIX = "descentscape.";

/** @param {string} key @returns {string|null} */
export function recall(key) {
  try {
    return localStorage.getItem(PREFIX + key);
  } catch {
    return null;
  }
}

/** @param {string} key @param {string} value */
export function remember(key, value) {
  try {
    localStorage.setItem(PREFIX + key, value);
  } catch {
    // Forgetting harms nobody.
  }
}
