/** A film as a video, recorded by the browser while it plays. */

/** @import { Film } from "./film.js" */

/** @typedef {{name: string, ending: string, type: string}} VideoKind */

const KINDS = Object.freeze([
  {
    name: "MP4",
    ending: "mp4",
    types: ["video/mp4;codecs=avc1.640028", "video/mp4;codecs=avc1.42E01F", "video/mp4"],
  },
  { name: "WebM", ending: "webm", types: ["video/webm;codecs=vp9", "video/webm;codecs=vp8", "video/webm"] },
]);
const PACE = 30;
/** Bits a second for a pixel: lines and letters stay sharp. */
const BITS = 12;

/** What this browser records. @returns {VideoKind[]} */
export function videoKinds() {
  if (typeof MediaRecorder === "undefined") return [];
  return KINDS.flatMap(({ name, ending, types }) => {
    const type = types.find((one) => MediaRecorder.isTypeSupported(one));
    return type ? [{ name, ending, type }] : [];
  });
}

/**
 * @param {Film} film
 * @param {VideoKind} kind
 * @param {{seconds: number, rest: number, signal: AbortSignal, told: (share: number) => void}} options
 * @returns {Promise<Blob>}
 */
export async function videoOf(film, { type }, { seconds, rest, signal, told }) {
  await film.show(0);
  const { canvas } = film;
  const stream = canvas.captureStream(PACE);
  const recorder = new MediaRecorder(stream, {
    mimeType: type,
    videoBitsPerSecond: Math.round(BITS * canvas.width * canvas.height),
  });
  /** @type {Blob[]} */
  const parts = [];
  recorder.addEventListener("dataavailable", ({ data }) => parts.push(data));
  const stopped = new Promise((resolve) => recorder.addEventListener("stop", resolve, { once: true }));
  recorder.start();
  try {
    // It records what time it is: a frame that took long is followed by a later step, not by a late one.
    const began = performance.now();
    for (let passed = 0; passed < seconds + rest; passed = (performance.now() - began) / 1000) {
      signal.throwIfAborted();
      await film.show(Math.round(film.steps * Math.min(1, passed / seconds)));
      told(Math.min(1, passed / (seconds + rest)));
      await pause(1000 / PACE);
    }
  } finally {
    recorder.stop();
    await stopped;
    for (const track of stream.getTracks()) track.stop();
  }
  return new Blob(parts, { type: type.split(";")[0] });
}

/** @param {number} ms */
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
