/** The one module that holds the socket: it reconnects, and hands on what arrives. */

import { readFrame } from "../model/protocol.js";

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5000;

/**
 * @param {{
 *   onOpen: () => void,
 *   onLost: () => void,
 *   onMessage: (message: Record<string, any>) => void,
 *   onFrame: (frame: import("../document/types.js").Frame) => void,
 * }} handlers
 */
export function createStream(handlers) {
  const address = new URL("api/v1/stream", document.baseURI);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  /** @type {WebSocket|null} */
  let socket = null;
  let wait = FIRST_WAIT_MS;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let retry;

  function connect() {
    clearTimeout(retry);
    const opened = new WebSocket(address);
    opened.binaryType = "arraybuffer";
    opened.addEventListener("open", () => {
      wait = FIRST_WAIT_MS;
      handlers.onOpen();
    });
    opened.addEventListener("message", ({ data }) => {
      if (typeof data === "string") handlers.onMessage(JSON.parse(data));
      else handlers.onFrame(readFrame(data));
    });
    opened.addEventListener("close", () => {
      if (socket !== opened) return;
      socket = null;
      handlers.onLost();
      retry = setTimeout(connect, wait);
      wait = Math.min(wait * 2, LONGEST_WAIT_MS);
    });
    socket = opened;
  }

  // A laptop that wakes up should not sit out the longest wait.
  addEventListener("online", () => {
    wait = FIRST_WAIT_MS;
    if (!socket) connect();
  });
  connect();

  return {
    /** @param {Record<string, any>} message @returns {boolean} whether it could be sent */
    send(message) {
      if (socket?.readyState !== WebSocket.OPEN) return false;
      socket.send(JSON.stringify(message));
      return true;
    },
  };
}
