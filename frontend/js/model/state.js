/** A state with a name, that only goes where a table allows. Pure. */

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
