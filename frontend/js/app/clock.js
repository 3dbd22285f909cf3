/** Playing: the cursor goes on with the clock. */

import { advance } from "../model/player.js";

/** @import { AppState, Store } from "../document/types.js" */

/** @param {Store} store */
export function playWithTheClock(store) {
  let before = performance.now();
  let position = 0;
  /** @param {number} now */
  function tick(now) {
    const seconds = Math.min(0.1, (now - before) / 1000);
    before = now;
    const state = store.get();
    if (state.playing && state.runs.length > 0) {
      // A seek or a step moves the cursor under us: go on from there.
      if (Math.floor(position) !== state.step) position = state.step;
      const moved = advance(
        { position, steps: state.steps, arrived: arrivedSteps(state), speed: state.speed },
        seconds,
      );
      position = moved.position;
      store.set({ step: Math.floor(position), playing: !moved.ended });
    }
    requestAnimationFrame(tick);
  }
  requestAnimationFrame(tick);
}

/** @param {AppState} state */
function arrivedSteps({ runs, steps }) {
  const open = runs.filter((run) => run.status === "running");
  return open.length === 0 ? steps : Math.min(...open.map((run) => run.count - 1));
}
