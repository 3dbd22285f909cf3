/** The thread that writes a GIF, so that the page stays awake meanwhile; it is loaded by its address. */

import { createGif } from "./gif-encoder.js";

/** @type {any} */
const thread = self;
let gif = /** @type {ReturnType<typeof createGif>|null} */ (null);

const tasks = {
  /** @param {Parameters<typeof createGif>[1]} options */
  async begin(options) {
    gif = createGif(await import(new URL("../../vendor/gifenc.js", thread.location.href).href), options);
    return null;
  },
  /** @param {{rgba: Uint8ClampedArray, delay: number}} frame */
  async frame({ rgba, delay }) {
    gif?.add(rgba, delay);
    return null;
  },
  async end() {
    return gif?.end() ?? null;
  },
};

/** Messages wait for those before them. */
let last = Promise.resolve();
thread.addEventListener("message", (/** @type {MessageEvent} */ { data: { id, task, given } }) => {
  last = last.then(async () => {
    try {
      const done = await tasks[/** @type {keyof typeof tasks} */ (task)](given);
      thread.postMessage({ id, done }, done ? [done.buffer] : []);
    } catch (fault) {
      thread.postMessage({ id, fault: fault instanceof Error ? fault.message : String(fault) });
    }
  });
});
