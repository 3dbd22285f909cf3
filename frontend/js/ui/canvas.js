/** A canvas that fills its host, and the few marks that are drawn on it. */

/** @typedef {CanvasRenderingContext2D} Context */
/** @typedef {[number, number]} Point */

/**
 * @typedef {object} Ink            The theme's tints, read from the page's custom properties.
 * @property {string} background
 * @property {string} panel
 * @property {string} line
 * @property {string} text
 * @property {string} quiet
 * @property {string} font
 */

/** @param {HTMLElement} element @returns {Ink} */
export function inkOf(element) {
  const style = getComputedStyle(element);
  const read = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  return {
    background: read("--background"),
    panel: read("--panel"),
    line: read("--line"),
    text: read("--text"),
    quiet: read("--text-quiet"),
    font: read("--font") || "sans-serif",
  };
}

/** Pixels of a canvas for one of the page; null: as many as the screen has. */
let ratioAsked = /** @type {number|null} */ (null);

/**
 * Does what paints canvases, each pixel of the page as so many of theirs: for a picture larger than the screen.
 * @template T
 * @param {number} ratio
 * @param {() => T} paint
 * @returns {T}
 */
export function atRatio(ratio, paint) {
  ratioAsked = ratio;
  try {
    return paint();
  } finally {
    ratioAsked = null;
  }
}

/** @param {HTMLElement} host @param {string} className */
export function createCanvas(host, className) {
  const canvas = document.createElement("canvas");
  canvas.className = className;
  canvas.setAttribute("aria-hidden", "true");
  host.append(canvas);
  // Rastered on the processor: a software GPU takes four times as long for hundreds of short, dashed, half-clear strokes.
  const context = /** @type {Context} */ (canvas.getContext("2d", { willReadFrequently: true }));

  return {
    canvas,
    /** Clears it, at the host's present size, and gives the context in CSS pixels. */
    begin() {
      const { clientWidth: width, clientHeight: height } = host;
      const ratio = ratioAsked ?? (window.devicePixelRatio || 1);
      const [wide, tall] = [Math.round(width * ratio), Math.round(height * ratio)];
      if (canvas.width !== wide || canvas.height !== tall) {
        canvas.width = wide;
        canvas.height = tall;
      }
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.clearRect(0, 0, width, height);
      context.lineCap = "round";
      context.lineJoin = "round";
      return context;
    },
  };
}

/**
 * @param {Context} context
 * @param {Point[]} points
 * @param {{color: string, width: number, alpha?: number, dash?: number[]}} style
 */
export function strokeLine(context, points, { color, width, alpha = 1, dash = [] }) {
  context.globalAlpha = alpha;
  context.strokeStyle = color;
  context.lineWidth = width;
  context.setLineDash(dash);
  context.beginPath();
  points.forEach(([x, y], k) => (k === 0 ? context.moveTo(x, y) : context.lineTo(x, y)));
  context.stroke();
  context.setLineDash([]);
  context.globalAlpha = 1;
}

/**
 * A run's ball: solid where one sees it, a ring where the surface hides it; its halo shows either way.
 * @param {Context} context
 * @param {Point} at
 * @param {{color: string, radius: number, hidden: boolean}} style
 */
export function drawBall(context, [x, y], { color, radius, hidden }) {
  const glow = context.createRadialGradient(x, y, radius * 0.8, x, y, radius * 2.4);
  glow.addColorStop(0, color);
  glow.addColorStop(1, "rgba(0,0,0,0)");
  context.globalAlpha = 0.42;
  context.fillStyle = glow;
  disc(context, x, y, radius * 2.4);
  context.fill();
  context.globalAlpha = hidden ? 0.4 : 1;
  context.fillStyle = color;
  disc(context, x, y, radius);
  context.fill();
  context.globalAlpha = 1;
  if (!hidden) shine(context, x, y, radius);
  context.lineWidth = hidden ? 3.5 : 1.5;
  context.strokeStyle = "rgba(10,12,16,0.8)";
  disc(context, x, y, radius);
  context.stroke();
  if (!hidden) return;
  context.lineWidth = 1.75;
  context.strokeStyle = color;
  context.stroke();
}

/** @param {Context} context @param {number} x @param {number} y @param {number} radius */
function shine(context, x, y, radius) {
  const light = context.createRadialGradient(x - radius * 0.35, y - radius * 0.4, 0, x, y, radius);
  light.addColorStop(0, "rgba(255,255,255,0.75)");
  light.addColorStop(0.45, "rgba(255,255,255,0.1)");
  light.addColorStop(1, "rgba(0,0,0,0.28)");
  context.fillStyle = light;
  disc(context, x, y, radius);
  context.fill();
}

/** @param {Context} context @param {number} x @param {number} y @param {number} radius */
export function disc(context, x, y, radius) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
}

/** @param {Context} context @param {Point} at @param {number} radius @param {string} color */
export function drawRing(context, [x, y], radius, color) {
  context.lineWidth = 4;
  context.strokeStyle = "rgba(10,12,16,0.7)";
  disc(context, x, y, radius);
  context.stroke();
  context.lineWidth = 1.75;
  context.strokeStyle = color;
  disc(context, x, y, radius);
  context.stroke();
}

/**
 * An arrow head at a point, pointing along a direction in pixels.
 * @param {Context} context
 * @param {Point} at
 * @param {Point} toward
 * @param {string} color
 */
export function drawArrow(context, [x, y], [dx, dy], color) {
  const norm = Math.hypot(dx, dy) || 1;
  const [ux, uy] = [dx / norm, dy / norm];
  context.beginPath();
  context.moveTo(x + 9 * ux, y + 9 * uy);
  context.lineTo(x - 4 * ux - 6 * uy, y - 4 * uy + 6 * ux);
  context.lineTo(x - 1 * ux, y - 1 * uy);
  context.lineTo(x - 4 * ux + 6 * uy, y - 4 * uy - 6 * ux);
  context.closePath();
  context.fillStyle = color;
  context.strokeStyle = "rgba(10,12,16,0.8)";
  context.lineWidth = 1.5;
  context.stroke();
  context.fill();
}
