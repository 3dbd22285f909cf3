/** A film as a GIF, written on a thread of its own. */

import { colorsOf } from "./film.js";

/** @import { Film } from "./film.js" */

/** Frames a second: a delay of fifty milliseconds is one that every program keeps to. */
const PACE = 20;
const SHORTEST_MS = 20;
/** Frames that wait for the thread at most. */
const MOST_WAITING = 3;

/**
 * The steps that the frames show, and for how long: no step twice.
 * @param {number} steps
 * @param {number} seconds
 * @returns {{steps: number[], delay: number}}
 */
export function framesOf(steps, seconds) {
  const count = Math.max(2, Math.min(steps + 1, Math.round(PACE * seconds)));
  const delay = Math.max(SHORTEST_MS, 10 * Math.round((100 * seconds) / count));
  return { steps: Array.from({ length: count }, (_, k) => Math.round((k * steps) / (count - 1))), delay };
}

/**
 * @param {Film} film
 * @param {{seconds: number, rest: number, signal: AbortSignal, told: (share: number) => void}} options
 *   How long it lasts and rests at its end, what gives it up, and who is told how far it is.
 * @returns {Promise<Blob>}
 */
export async function gifOf(film, { seconds, rest, signal, told }) {
  const { steps, delay } = framesOf(film.steps, seconds);
  const thread = createThread(signal);
  try {
    const samples = [];
    for (const step of [0, Math.round(film.steps / 2), film.steps]) samples.push(await film.pixels(step));
    const { width, height } = film.canvas;
    await thread.ask("begin", { width, height, colors: colorsOf(film), samples });
    /** @type {Promise<unknown>[]} */
    const waiting = [];
    for (const [k, step] of steps.entries()) {
      signal.throwIfAborted();
      const rgba = await film.pixels(step);
      const long = k === steps.length - 1 ? delay + 1000 * rest : delay;
      waiting.push(thread.ask("frame", { rgba, delay: long }, [rgba.buffer]));
      if (waiting.length >= MOST_WAITING) await waiting.shift();
      told((k + 1) / steps.length);
    }
    await Promise.all(waiting);
    return new Blob([await thread.ask("end", null)], { type: "image/gif" });
  } finally {
    thread.end();
  }
}

/** @param {AbortSignal} signal */
function createThread(signal) {
  const worker = new Worker(new URL("js/pictures/gif-worker.js", document.baseURI), { type: "module" });
  /** @type {Map<number, {done: (value: any) => void, failed: (fault: Error) => void}>} */
  const open = new Map();
  let asked = 0;
  const fail = (/** @type {Error} */ fault) => {
    for (const { failed } of open.values()) failed(fault);
    open.clear();
  };
  worker.addEventListener("message", ({ data: { id, done, fault } }) => {
    const one = open.get(id);
    open.delete(id);
    if (fault === undefined) one?.done(done);
    else one?.failed(new Error(fault));
  });
  worker.addEventListener("error", () =>
    fail(new Error("The part that writes GIF did not arrive: try again.")),
  );
  signal.addEventListener("abort", () => fail(signal.reason));

  return {
    /** @param {string} task @param {any} given @param {Transferable[]} [moved] @returns {Promise<any>} */
    ask(task, given, moved = []) {
      asked += 1;
      const id = asked;
      const answer = new Promise((done, failed) => open.set(id, { done, failed }));
      // Another wait may be given up first: nobody then asks how this one went.
      answer.catch(() => {});
      worker.postMessage({ id, task, given }, moved);
      return answer;
    },
    end: () => worker.terminate(),
  };
}
