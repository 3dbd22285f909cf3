/** A GIF of frames that differ little: one palette for all, and of every frame only the pixels that changed. Pure. */

/** @typedef {[number, number, number]} Color */

/**
 * What gifenc gives, as far as it is used here.
 * @typedef {object} Gifenc
 * @property {() => {writeFrame: Function, finish: () => void, bytes: () => Uint8Array, bytesView: () => Uint8Array}} GIFEncoder
 * @property {(rgba: Uint8ClampedArray, most: number, options?: object) => Color[]} quantize
 * @property {(rgba: Uint8ClampedArray, palette: Color[], format?: string) => Uint8Array} applyPalette
 */

const COLORS = 256;
/** A colour that is as near as this to one of the palette’s, in each channel, is that one. */
const NEAR = 3;
/** How far the others are spread, by turns over four by four pixels (Bayer 1973), so that few colours shade evenly. */
const SPREAD = 14;
const BAYER = [0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5].map(
  (rank) => ((rank + 0.5) / 16 - 0.5) * SPREAD,
);

/**
 * @param {Gifenc} gifenc
 * @param {{width: number, height: number, colors: Color[], samples: Uint8ClampedArray[]}} options
 *   The colours that must be there, and frames from which the others are chosen.
 */
export function createGif({ GIFEncoder, quantize, applyPalette }, { width, height, colors, samples }) {
  const gif = GIFEncoder();
  const palette = [...colors, ...quantize(joined(samples), COLORS - 1 - colors.length)];
  // One colour stands for what stays as it was.
  const same = palette.length;
  const table = [...palette, /** @type {Color} */ ([0, 0, 0])];
  let before = /** @type {Uint8Array|null} */ (null);

  return {
    /** @param {Uint8ClampedArray} rgba @param {number} delay   In milliseconds. */
    add(rgba, delay) {
      const now = applyPalette(rgba, palette);
      const other = applyPalette(spread(rgba, width), palette);
      for (let k = 0; k < now.length; k += 1) if (!isNear(rgba, k, palette[now[k]])) now[k] = other[k];
      const first = before === null;
      gif.writeFrame(before ? changed(now, before, same) : now, width, height, {
        delay,
        dispose: 1,
        ...(first ? { palette: table, repeat: 0 } : { transparent: true, transparentIndex: same }),
      });
      before = now;
    },
    /** @returns {Uint8Array} The file. */
    end() {
      gif.finish();
      return gif.bytes();
    },
  };
}

/** @param {Uint8ClampedArray[]} samples */
function joined(samples) {
  const all = new Uint8ClampedArray(samples.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const sample of samples) {
    all.set(sample, at);
    at += sample.length;
  }
  return all;
}

/** @param {Uint8ClampedArray} rgba @param {number} width */
function spread(rgba, width) {
  const shifted = new Uint8ClampedArray(rgba);
  for (let k = 0; k < rgba.length / 4; k += 1) {
    const by = BAYER[4 * (Math.floor(k / width) % 4) + ((k % width) % 4)];
    for (let channel = 4 * k; channel < 4 * k + 3; channel += 1) shifted[channel] = rgba[channel] + by;
  }
  return shifted;
}

/** @param {Uint8ClampedArray} rgba @param {number} pixel @param {Color} color */
const isNear = (rgba, pixel, color) =>
  Math.abs(rgba[4 * pixel] - color[0]) <= NEAR &&
  Math.abs(rgba[4 * pixel + 1] - color[1]) <= NEAR &&
  Math.abs(rgba[4 * pixel + 2] - color[2]) <= NEAR;

/** @param {Uint8Array} now @param {Uint8Array} before @param {number} same */
function changed(now, before, same) {
  const drawn = Uint8Array.from(now);
  for (let k = 0; k < now.length; k += 1) if (now[k] === before[k]) drawn[k] = same;
  return drawn;
}
