/** A pen of a canvas’ calls that writes SVG in place of pixels, so that what is painted on the stage is vectors too. */

/** @import { Context } from "../ui/canvas.js" */

/** @typedef {{width: number, fontBoundingBoxAscent: number, fontBoundingBoxDescent: number}} Measured */
/** @typedef {(font: string, text: string) => Measured} Measure */
/** @typedef {{id: string, stops: string[], element: (stops: string) => string, addColorStop: (at: number, color: string) => void}} Gradient */

/** Decimals of a pixel that are kept. */
const DIGITS = 2;
const FULL_TURN = 2 * Math.PI - 1e-6;
const FONT = /^(?:(\d+) )?([\d.]+)px (.*)$/;
const CHANNELS = /^rgba?\(([\d.]+)[ ,]+([\d.]+)[ ,]+([\d.]+)(?:[ ,/]+([\d.]+))?\)$/;

let gradients = 0;

/** @param {number} value */
const short = (value) => String(Number(value.toFixed(DIGITS)));

/** What no XML holds: a single one of them in a name, and nothing reads the whole picture. */
const UNWRITABLE = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

/** Text as it may stand in SVG. @param {string} text */
export const escaped = (text) =>
  text
    .replace(UNWRITABLE, "\u{FFFD}")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");

/** Attributes, those left out that are undefined. @param {Record<string, string|number|undefined>} named */
export const attributes = (named) =>
  Object.entries(named)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${typeof value === "number" ? short(value) : escaped(String(value))}"`)
    .join("");

/**
 * A colour and how much of it covers: programs that draw read no colour of four channels.
 * @param {string} color
 * @returns {[string, number]}
 */
export function opaque(color) {
  const found = CHANNELS.exec(color);
  if (!found) return [color, 1];
  const [, red, green, blue, alpha = "1"] = found;
  return [`rgb(${red},${green},${blue})`, Number(alpha)];
}

/**
 * @param {Measure} measure   Of a text in a font, by a real canvas.
 * @returns {{context: Context, svg: () => string}}   What draws, and all that it has drawn so far.
 */
export function createSvgPen(measure) {
  /** @type {string[]} */
  const drawn = [];
  let path = "";
  /** @type {number[]} */
  let dash = [];

  const pen = {
    globalAlpha: 1,
    fillStyle: /** @type {string|Gradient} */ ("#000000"),
    strokeStyle: /** @type {string|Gradient} */ ("#000000"),
    lineWidth: 1,
    lineCap: "butt",
    lineJoin: "miter",
    font: "10px sans-serif",
    textAlign: "left",
    textBaseline: "alphabetic",
    setLineDash: (/** @type {number[]} */ next) => {
      dash = next;
    },
    beginPath: () => {
      path = "";
    },
    /** @param {number} x @param {number} y */
    moveTo(x, y) {
      path += `M${short(x)} ${short(y)}`;
    },
    /** @param {number} x @param {number} y */
    lineTo(x, y) {
      path += `${path === "" ? "M" : "L"}${short(x)} ${short(y)}`;
    },
    closePath: () => {
      path += "Z";
    },
    /** @param {number} x @param {number} y @param {number} width @param {number} height */
    rect(x, y, width, height) {
      path += `M${short(x)} ${short(y)}h${short(width)}v${short(height)}h${short(-width)}Z`;
    },
    /** @param {number} x @param {number} y @param {number} width @param {number} height @param {number} radius */
    roundRect(x, y, width, height, radius) {
      const r = Math.max(0, Math.min(radius, width / 2, height / 2));
      const corner = (/** @type {number} */ dx, /** @type {number} */ dy) =>
        `a${short(r)} ${short(r)} 0 0 1 ${short(dx)} ${short(dy)}`;
      const [across, down] = [short(width - 2 * r), short(height - 2 * r)];
      path += `M${short(x + r)} ${short(y)}h${across}${corner(r, r)}v${down}${corner(-r, r)}h-${across}${corner(-r, -r)}v-${down}${corner(r, -r)}Z`;
    },
    /** @param {number} x @param {number} y @param {number} radius @param {number} from @param {number} to */
    arc(x, y, radius, from, to) {
      pen.ellipse(x, y, radius, radius, 0, from, to);
    },
    /** @param {number} x @param {number} y @param {number} rx @param {number} ry @param {number} turn @param {number} from @param {number} to */
    ellipse(x, y, rx, ry, turn, from, to) {
      const at = (/** @type {number} */ angle) =>
        `${short(x + rx * Math.cos(angle))} ${short(y + ry * Math.sin(angle))}`;
      const arc = `A${short(rx)} ${short(ry)} ${short((turn * 180) / Math.PI)}`;
      path += `${path === "" ? "M" : "L"}${at(from)}`;
      if (to - from >= FULL_TURN) path += `${arc} 0 1 ${at(from + Math.PI)}${arc} 0 1 ${at(from)}Z`;
      else path += `${arc} ${to - from > Math.PI ? 1 : 0} 1 ${at(to)}`;
    },
    fill: () => put(`<path d="${path}"${filling()}/>`, path),
    stroke: () => put(`<path d="${path}" fill="none"${stroking()}/>`, path),
    /** @param {number} x @param {number} y @param {number} width @param {number} height */
    fillRect(x, y, width, height) {
      put(`<rect${attributes({ x, y, width, height })}${filling()}/>`);
    },
    /** @param {number} x @param {number} y @param {number} width @param {number} height */
    strokeRect(x, y, width, height) {
      put(`<rect${attributes({ x, y, width, height })} fill="none"${stroking()}/>`);
    },
    clearRect: () => {
      drawn.length = 0;
    },
    setTransform: () => {},
    /** @param {string} text */
    measureText: (text) => measure(pen.font, text),
    /** @param {string} text @param {number} x @param {number} y @param {number} [most] */
    fillText(text, x, y, most) {
      write(text, x, y, filling(), most);
    },
    /** @param {string} text @param {number} x @param {number} y @param {number} [most] */
    strokeText(text, x, y, most) {
      write(text, x, y, ` fill="none"${stroking()}`, most);
    },
    /** @param {number} x1 @param {number} y1 @param {number} x2 @param {number} y2 */
    createLinearGradient: (x1, y1, x2, y2) =>
      gradient(
        (id, stops) => `<linearGradient${attributes({ ...id, x1, y1, x2, y2 })}>${stops}</linearGradient>`,
      ),
    /** @param {number} fx @param {number} fy @param {number} fr @param {number} cx @param {number} cy @param {number} r */
    createRadialGradient: (fx, fy, fr, cx, cy, r) =>
      gradient(
        (id, stops) =>
          `<radialGradient${attributes({ ...id, cx, cy, r, fx, fy, fr })}>${stops}</radialGradient>`,
      ),
  };

  /** @param {string} element @param {string} [shape]   Nothing is drawn along a path of nothing. */
  function put(element, shape = "x") {
    if (shape !== "" && pen.globalAlpha > 0) drawn.push(element);
  }

  /** @param {(id: Record<string, string>, stops: string) => string} element @returns {Gradient} */
  function gradient(element) {
    gradients += 1;
    const id = `tint-${gradients}`;
    /** @type {string[]} */
    const stops = [];
    return {
      id,
      stops,
      element: (inner) => element({ id, gradientUnits: "userSpaceOnUse" }, inner),
      addColorStop(at, color) {
        const [tint, alpha] = opaque(color);
        stops.push(
          `<stop${attributes({ offset: at, "stop-color": tint, "stop-opacity": alpha < 1 ? alpha : undefined })}/>`,
        );
      },
    };
  }

  /** A colour or gradient as an attribute; a gradient is written where it is first used. @param {string} name @param {string|Gradient} style */
  function painted(name, style) {
    if (typeof style !== "string") {
      drawn.push(`<defs>${style.element(style.stops.join(""))}</defs>`);
      return attributes({ [name]: `url(#${style.id})`, [`${name}-opacity`]: partly(pen.globalAlpha) });
    }
    const [tint, alpha] = opaque(style);
    return attributes({ [name]: tint, [`${name}-opacity`]: partly(alpha * pen.globalAlpha) });
  }

  /** @param {number} alpha */
  const partly = (alpha) => (alpha < 1 ? alpha : undefined);

  const filling = () => painted("fill", pen.fillStyle);

  const stroking = () =>
    painted("stroke", pen.strokeStyle) +
    attributes({
      "stroke-width": pen.lineWidth,
      "stroke-linecap": pen.lineCap,
      "stroke-linejoin": pen.lineJoin,
      "stroke-dasharray": dash.length > 0 ? dash.join(" ") : undefined,
    });

  /** @param {string} text @param {number} x @param {number} y @param {string} style @param {number} [most] */
  function write(text, x, y, style, most = Infinity) {
    const { width, fontBoundingBoxAscent: up, fontBoundingBoxDescent: down } = measure(pen.font, text);
    const below = { top: up, middle: (up - down) / 2, bottom: -down }[pen.textBaseline] ?? 0;
    const [, weight, size, family] = FONT.exec(pen.font) ?? [];
    const squeezed = width > most;
    const set = attributes({
      x,
      y: y + below,
      "font-family": family,
      "font-size": size,
      "font-weight": weight,
      "text-anchor": { center: "middle", right: "end" }[pen.textAlign],
      textLength: squeezed ? most : undefined,
      lengthAdjust: squeezed ? "spacingAndGlyphs" : undefined,
    });
    put(`<text${set}${style}>${escaped(text)}</text>`);
  }

  return { context: /** @type {Context} */ (/** @type {unknown} */ (pen)), svg: () => drawn.join("\n") };
}
