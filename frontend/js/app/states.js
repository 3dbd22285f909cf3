/** What state the connection and the session are in, and from which to which they can go. Pure. */

/** @import { ConnectionState, SessionState } from "../document/types.js" */

/**
 * The connection to the service: not yet there, there, gone (tried again), or answered with no (tried again too).
 * @type {import("../model/state.js").Moves<ConnectionState>}
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
 * @type {import("../model/state.js").Moves<SessionState>}
 */
export const SESSION = Object.freeze({
  empty: ["opening"],
  opening: ["empty", "arriving", "computing", "ready"],
  arriving: ["empty", "opening", "computing", "ready"],
  computing: ["opening", "arriving", "ready"],
  ready: ["opening", "arriving", "computing"],
});
