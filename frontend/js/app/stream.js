/** The one module that holds the socket: it notices a lost connection, connects again, and hands on what arrives. */

import { CONNECTION, createState } from "../model/state.js";
import { readFrame } from "../wire/protocol.js";

/** @import { ConnectionState, Frame } from "../document/types.js" */

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5000;
/** A socket that has not opened by then will not. */
const CONNECT_MS = 8000;
/** What was sent is answered sooner, by a word of progress at least; else the connection is looked into. */
const SILENCE_MS = 2000;

/**
 * @param {{
 *   onState: (state: ConnectionState) => void,
 *   onMessage: (message: Record<string, any>) => void,
 *   onFrame: (frame: Frame) => void,
 * }} handlers
 * @param {() => Promise<boolean>} isReachable   Whether the service answers at all, which a socket never says.
 */
export function createStream(handlers, isReachable) {
  const address = new URL("api/v1/stream", document.baseURI);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  const state = createState(CONNECTION, "connecting", handlers.onState);
  /** @type {WebSocket|null} */
  let socket = null;
  let wait = FIRST_WAIT_MS;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let retry;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let silence;

  function connect() {
    clearTimeout(retry);
    const opened = new WebSocket(address);
    opened.binaryType = "arraybuffer";
    socket = opened;
    retry = setTimeout(() => drop(opened), CONNECT_MS);
    opened.addEventListener("open", () => {
      if (socket !== opened) return;
      clearTimeout(retry);
      wait = FIRST_WAIT_MS;
      state.move("open");
    });
    opened.addEventListener("message", ({ data }) => {
      if (socket !== opened) return;
      clearTimeout(silence);
      if (typeof data === "string") handlers.onMessage(JSON.parse(data));
      else handlers.onFrame(readFrame(data));
    });
    opened.addEventListener("close", () => drop(opened));
  }

  /** Gives a socket up, without waiting for a good-bye that a cut line never brings. @param {WebSocket} gone */
  function drop(gone) {
    if (socket !== gone) return;
    socket = null;
    clearTimeout(silence);
    retry = setTimeout(connect, wait);
    wait = Math.min(wait * 2, LONGEST_WAIT_MS);
    gone.close();
    if (state.get() === "open") state.move("lost");
    else void tellWhy();
  }

  /** A socket that never opened was refused, if the service answers otherwise. */
  async function tellWhy() {
    const refused = await isReachable();
    if (state.get() !== "open") state.move(refused ? "refused" : "lost");
  }

  /** A cut line says nothing: who hears nothing has to ask by another way. */
  async function lookInto() {
    const doubted = socket;
    if (doubted && !(await isReachable())) drop(doubted);
  }

  // Without any network a service on this computer is still there.
  addEventListener("offline", lookInto);
  // A laptop that wakes up should not sit out the longest wait.
  addEventListener("online", () => {
    wait = FIRST_WAIT_MS;
    if (state.get() === "open") return;
    if (socket) drop(socket);
    connect();
  });
  connect();

  return {
    /** @param {Record<string, any>} message @returns {boolean} whether it could be sent */
    send(message) {
      if (socket?.readyState !== WebSocket.OPEN) return false;
      socket.send(JSON.stringify(message));
      clearTimeout(silence);
      silence = setTimeout(lookInto, SILENCE_MS);
      return true;
    },
  };
}
