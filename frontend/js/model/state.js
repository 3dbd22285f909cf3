/** A state with a name, that only goes where a table allows, and the tables of the connection and the session. Pure. */

/** @import { ConnectionState, SessionState } from "../document/types.js" */

/**
 * @template {string} S
 * @typedef {Readonly<Record<S, readonly S[]>>} Moves   Where each state can go.
 */

/**
 * A state that only goes where `moves` allows.
 * @template {string} S
 * @param {Moves<S>} moves
 * @param {NoInfer<S>} initial
 * @param {(state: S) => void} entered   Told of every other state than the one before.
 */
export function createState(moves, initial, entered) {
  let state = /** @type {S} */ (initial);
  return {
    get: () => state,
    /** @param {S} next */
    move(next) {
      if (next === state) return;
      if (!moves[state].includes(next))
        throw new Error(`state after ${state} must be one of ${moves[state].join(", ")}, got ${next}`);
      state = next;
      entered(next);
    },
  };
}

/**
 * The connection to the service: not yet there, there, gone (tried again), or answered with no (tried again too).
 * @type {Moves<ConnectionState>}
 */
export const CONNECTION = Object.freeze({
  connecting: ["open", "lost", "refused"],
  open: ["lost"],
  lost: ["open", "refused"],
  refused: ["open", "lost"],
});

/**
 * The experiment on show: none yet; another one or a change asked for; answered, but its paths and surface still on
 * their way; on show, with steps to come; whole. What is asked for may be refused, or lost with the connection: the
 * page is then where it was before.
 * @type {Moves<SessionState>}
 */
export const SESSION = Object.freeze({
  empty: ["opening"],
  opening: ["empty", "arriving", "computing", "ready"],
  arriving: ["empty", "opening", "computing", "ready"],
  computing: ["opening", "arriving", "ready"],
  ready: ["opening", "arriving", "computing"],
});
