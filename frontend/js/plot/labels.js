/** Where labels go so that none covers another, a mark, or a control. Pure. */

/** @typedef {{x: number, y: number, width: number, height: number}} Rect */

/**
 * @typedef {object} LabelWish
 * @property {string} id
 * @property {number} x          The mark that it names.
 * @property {number} y
 * @property {number} radius     Of the mark.
 * @property {number} width      Of the label's text with its padding.
 * @property {number} height
 * @property {boolean} [must]    Placed even where it must cover a mark or a control; the others are left out then.
 */

/**
 * @typedef {object} Placed
 * @property {string} id
 * @property {Rect} rect
 * @property {number} spot       Which of the spots was taken, to prefer it the next time.
 * @property {boolean} far       Far enough from its mark to need a line to it.
 */

/** Directions around a mark, the most natural first, at growing distances. */
const AROUND = [
  [1, 0],
  [-1, 0],
  [0.8, -0.8],
  [-0.8, -0.8],
  [0.8, 0.8],
  [-0.8, 0.8],
  [0, -1],
  [0, 1],
];
const DISTANCES = [5, 16, 32, 52, 76];
const SPOTS = DISTANCES.flatMap((gap) => AROUND.map(([dx, dy]) => ({ gap, dx, dy })));
/** From this gap on a line joins label and mark. */
const NEEDS_LINE = 16;
/** A label that may be left out is, rather than go farther than this. */
const FARTHEST = 32;

/**
 * @param {LabelWish[]} wishes      The most important first.
 * @param {Rect[]} taken            Marks and controls that no label may cover.
 * @param {Rect} frame              Where labels may be.
 * @param {ReadonlyMap<string, number>} [before]  The spots taken in the picture before: labels stay put while they can.
 * @returns {Placed[]}
 */
export function placeLabels(wishes, taken, frame, before = new Map()) {
  /** @type {Placed[]} */
  const placed = [];
  for (const wish of wishes) {
    const labels = placed.map(({ rect }) => rect);
    const preferred = before.get(wish.id);
    const order = preferred === undefined ? SPOTS.keys() : [preferred, ...SPOTS.keys()];
    const found =
      freeSpot(wish, order, [...taken, ...labels], frame) ??
      (wish.must ? tightSpot(wish, taken, labels, frame) : null);
    if (found) placed.push(found);
  }
  return placed;
}

/**
 * @param {LabelWish} wish
 * @param {Iterable<number>} order   Of the spots.
 * @param {Rect[]} filled
 * @param {Rect} frame
 * @returns {Placed|null}
 */
function freeSpot(wish, order, filled, frame) {
  for (const spot of order) {
    if (!wish.must && SPOTS[spot].gap > FARTHEST) continue;
    const rect = rectAt(wish, spot);
    if (within(rect, frame) && !filled.some((other) => overlap(rect, other))) return answer(wish, rect, spot);
  }
  return null;
}

/**
 * Where a label covers as little as can be; nowhere, if it would cover another label, since then neither could be read.
 * @param {LabelWish} wish
 * @param {Rect[]} taken
 * @param {Rect[]} labels
 * @param {Rect} frame
 * @returns {Placed|null}
 */
function tightSpot(wish, taken, labels, frame) {
  let best = { covered: Infinity, placed: /** @type {Placed|null} */ (null) };
  for (const spot of SPOTS.keys()) {
    const rect = pushedInto(rectAt(wish, spot), frame);
    if (labels.some((other) => overlap(rect, other))) continue;
    const covered = taken.reduce((sum, other) => sum + shared(rect, other), 0);
    if (covered < best.covered) best = { covered, placed: answer(wish, rect, spot) };
  }
  return best.placed;
}

/** The area that two have in common. @param {Rect} p @param {Rect} q */
function shared(p, q) {
  const wide = Math.min(p.x + p.width, q.x + q.width) - Math.max(p.x, q.x);
  const tall = Math.min(p.y + p.height, q.y + q.height) - Math.max(p.y, q.y);
  return Math.max(0, wide) * Math.max(0, tall);
}

/** @param {LabelWish} wish @param {Rect} rect @param {number} spot @returns {Placed} */
const answer = (wish, rect, spot) => ({ id: wish.id, rect, spot, far: SPOTS[spot].gap >= NEEDS_LINE });

/** @param {LabelWish} wish @param {number} spot @returns {Rect} */
function rectAt({ x, y, radius, width, height }, spot) {
  const { gap, dx, dy } = SPOTS[spot];
  const reach = radius + gap;
  const left = dx > 0 ? 0 : dx < 0 ? -width : -width / 2;
  const top = dy > 0 ? 0 : dy < 0 ? -height : -height / 2;
  return { x: x + dx * reach + left, y: y + dy * reach + top, width, height };
}

/** @param {Rect} p @param {Rect} q */
export function overlap(p, q) {
  return p.x < q.x + q.width && q.x < p.x + p.width && p.y < q.y + q.height && q.y < p.y + p.height;
}

/** @param {Rect} rect @param {Rect} frame */
function within(rect, frame) {
  return (
    rect.x >= frame.x &&
    rect.y >= frame.y &&
    rect.x + rect.width <= frame.x + frame.width &&
    rect.y + rect.height <= frame.y + frame.height
  );
}

/** @param {Rect} rect @param {Rect} frame @returns {Rect} */
function pushedInto(rect, frame) {
  const x = Math.max(frame.x, Math.min(rect.x, frame.x + frame.width - rect.width));
  const y = Math.max(frame.y, Math.min(rect.y, frame.y + frame.height - rect.height));
  return { ...rect, x, y };
}

/** @param {number} x @param {number} y @param {number} radius @returns {Rect} */
export function around(x, y, radius) {
  return { x: x - radius, y: y - radius, width: 2 * radius, height: 2 * radius };
}
