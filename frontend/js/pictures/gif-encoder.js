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

/** @param {Uint8Array} now @param {Uint8Array} before @param {number} same */
function changed(now, before, same) {
  const drawn = Uint8Array.from(now);
  for (let k = 0; k < now.length; k += 1) if (now[k] === before[k]) drawn[k] = same;
  return drawn;
}
