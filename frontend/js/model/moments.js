/** What is to be said of the runs at a step, one moment at a time, and long enough to be read. Pure. */

/**
 * @typedef {object} Moment
 * @property {number[]} runs  Those that it is told of.
 * @property {string} label   Their name, which the words begin with.
 * @property {number} from
 * @property {number} news    Up to this step it is new.
 * @property {number} to
 * @property {string} kind
 * @property {number} rank    0 is the most important kind.
 * @property {string} words
 * @property {Record<string, number|null>} numbers
 * @property {{tab: string, overlays: Record<string, string|boolean>, term: string}} look   Where it is to be seen.
 */

/** A sentence stays for so many milliseconds while the picture plays, */
export const READ_MS = 3000;
/** and gives way to a more important one after these. */
const GLANCE_MS = 1200;

/**
 * The moment at a step: of what is new the most important, else of what still holds; of two alike the later one.
 * @param {Moment[]} moments
 * @param {number} step
 * @returns {Moment|null}
 */
export function momentAt(moments, step) {
  let best = /** @type {Moment|null} */ (null);
  for (const moment of moments) {
    if (step < moment.from || step > moment.to) continue;
    if (best === null || isBefore(moment, best, step)) best = moment;
  }
  return best;
}

/** @param {Moment} one @param {Moment} other @param {number} step */
function isBefore(one, other, step) {
  const old = Number(step > one.news) - Number(step > other.news);
  return (old || one.rank - other.rank || other.from - one.from) < 0;
}

/**
 * Follows the cursor: at rest the line says what holds there; while it plays a sentence stays until it can be read.
 * @returns {(now: {moments: Moment[], step: number, playing: boolean}, ms: number) => Moment|null}
 */
export function createFollower() {
  let shown = /** @type {Moment|null} */ (null);
  let since = 0;
  let last = 0;

  return ({ moments, step, playing }, ms) => {
    const best = momentAt(moments, step);
    const went = step - last;
    last = step;
    if (best === shown) return shown;
    const known = shown !== null && moments.includes(shown) && went >= 0 && step >= shown.from;
    if (playing && shown && known && ms - since < waitFor(shown, best, step)) return shown;
    shown = best;
    since = ms;
    return shown;
  };
}

/** @param {Moment} shown @param {Moment|null} next @param {number} step */
const waitFor = (shown, next, step) =>
  next && step <= next.news && next.rank < shown.rank ? GLANCE_MS : READ_MS;
