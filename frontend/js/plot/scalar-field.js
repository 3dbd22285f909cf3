/** A scalar field on a grid as pixels and level lines. Pure: canvases are the views' business. */

/**
 * @typedef {object} Grid
 * @property {ArrayLike<number>} values   Row-major, row 0 at the lowest y.
 * @property {number} width
 * @property {number} height
 */

/** @typedef {[number, number, number]} Rgb */

/** Colour-blind-safe ends for two classes (blue and yellow, as in Cividis), meeting in the theme's background. */
export const TWO_CLASSES = Object.freeze({
  light: /** @type {[Rgb, Rgb, Rgb]} */ ([
    [96, 122, 166],
    [226, 226, 220],
    [250, 224, 110],
  ]),
  dark: /** @type {[Rgb, Rgb, Rgb]} */ ([
    [18, 44, 92],
    [40, 44, 52],
    [138, 122, 40],
  ]),
});

/**
 * For classes and units, none of them like a run's. The first six are told apart by all who see colours at all: at least
 * 24 of CIELAB's units lie between two of them, with normal sight and without one kind of cones (Machado et al. 2009).
 */
export const CLASS_COLORS = Object.freeze(
  /** @type {Rgb[]} */ ([
    [135, 105, 240],
    [150, 180, 45],
    [194, 24, 91],
    [45, 195, 195],
    [168, 168, 255],
    [138, 75, 0],
    [45, 120, 120],
    [247, 198, 163],
    [91, 59, 107],
    [215, 224, 122],
  ]),
);

/** The colour of a class or a unit. @param {number} k */
export const classColor = (k) => CLASS_COLORS[k % CLASS_COLORS.length];

/** The same as CSS has it. @param {number} k */
export const classCss = (k) => `rgb(${classColor(k).join(" ")})`;

const OF_TWO = Object.freeze(["#b9c8ff", "#ffe27a"]);
/** Of examples that have a value in place of a class. */
export const VALUE_COLOR = OF_TWO[0];

/** Whose colour an example of a class has. @param {number} label @param {boolean} many   Whether there are more than two. */
export const exampleColor = (label, many) => (many ? classCss(label) : OF_TWO[label > 0.5 ? 1 : 0]);

/**
 * Between three colours by a share from 0 to 1.
 * @param {[Rgb, Rgb, Rgb]} stops
 * @param {number} share
 * @returns {Rgb}
 */
export function between(stops, share) {
  const place = Math.max(0, Math.min(1, share)) * 2;
  const from = place < 1 ? 0 : 1;
  const part = place - from;
  return /** @type {Rgb} */ (
    stops[from].map((value, k) => Math.round(value + part * (stops[from + 1][k] - value)))
  );
}

/**
 * RGBA pixels, row 0 at the top as a canvas wants them.
 * @param {Grid} grid
 * @param {(index: number) => Rgb} colorAt
 * @returns {Uint8ClampedArray<ArrayBuffer>}
 */
export function pixels({ width, height }, colorAt) {
  const rgba = new Uint8ClampedArray(4 * width * height);
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      const [red, green, blue] = colorAt(row * width + column);
      const at = 4 * ((height - 1 - row) * width + column);
      rgba[at] = red;
      rgba[at + 1] = green;
      rgba[at + 2] = blue;
      rgba[at + 3] = 255;
    }
  }
  return rgba;
}

/**
 * The line on which the field crosses a level, as segments in grid coordinates (marching squares with linear
 * interpolation; an ambiguous cell is cut by its mean).
 * @param {Grid} grid
 * @param {number} level
 * @returns {[number, number, number, number][]}  x0, y0, x1, y1
 */
export function levelSegments({ values, width, height }, level) {
  /** @type {[number, number, number, number][]} */
  const segments = [];
  for (let row = 0; row + 1 < height; row += 1) {
    for (let column = 0; column + 1 < width; column += 1) {
      const at = row * width + column;
      const corners = [values[at], values[at + 1], values[at + width + 1], values[at + width]].map(
        (value) => value - level,
      );
      for (const [from, to] of cellSegments(corners)) {
        segments.push([column + from[0], row + from[1], column + to[0], row + to[1]]);
      }
    }
  }
  return segments;
}

/** Ends of segments that are one point, but for rounding. @param {number} x @param {number} y */
const pointKey = (x, y) => `${x.toFixed(6)} ${y.toFixed(6)}`;

/**
 * Segments joined to lines, as far as each point is the end of two.
 * @param {[number, number, number, number][]} segments
 * @returns {[number, number][][]}
 */
export function joined(segments) {
  /** @type {Map<string, number[]>} */
  const at = new Map();
  segments.forEach(([x0, y0, x1, y1], k) =>
    [pointKey(x0, y0), pointKey(x1, y1)].forEach((key) => at.set(key, [...(at.get(key) ?? []), k])),
  );
  const left = new Set(segments.keys());

  /** @param {[number, number]} from @returns {[number, number][]} */
  function follow(from) {
    /** @type {[number, number][]} */
    const line = [];
    for (let here = from; ; ) {
      const next = (at.get(pointKey(...here)) ?? []).find((k) => left.has(k));
      if (next === undefined) return line;
      left.delete(next);
      const [x0, y0, x1, y1] = segments[next];
      here = pointKey(x0, y0) === pointKey(...here) ? [x1, y1] : [x0, y0];
      line.push(here);
    }
  }

  /** @type {[number, number][][]} */
  const lines = [];
  for (const k of segments.keys()) {
    if (!left.delete(k)) continue;
    const [x0, y0, x1, y1] = segments[k];
    lines.push([...follow([x0, y0]).reverse(), [x0, y0], [x1, y1], ...follow([x1, y1])]);
  }
  return lines;
}

/** @param {number[]} corners Anticlockwise from the lower left, relative to the level. @returns {[number[], number[]][]} */
function cellSegments(corners) {
  const places = [
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 1],
  ];
  /** @type {number[][]} */
  const crossings = [];
  for (let k = 0; k < 4; k += 1) {
    const next = (k + 1) % 4;
    if (corners[k] > 0 === corners[next] > 0) continue;
    const part = corners[k] / (corners[k] - corners[next]);
    crossings.push([0, 1].map((axis) => places[k][axis] + part * (places[next][axis] - places[k][axis])));
  }
  if (crossings.length === 2) return [[crossings[0], crossings[1]]];
  if (crossings.length < 4) return [];
  const inside = corners.reduce((sum, value) => sum + value, 0) > 0;
  const joined = corners[0] > 0 === inside;
  const pairs = joined
    ? [
        [0, 1],
        [2, 3],
      ]
    : [
        [3, 0],
        [1, 2],
      ];
  return pairs.map(([from, to]) => [crossings[from], crossings[to]]);
}
