/** Passing sentences: a fault and the way back from it, a lost connection, a notice. */

import { undoable } from "../model/history.js";
import { ask } from "../ui/ask.js";
import { h, refill, setText } from "../ui/dom.js";
import { icon } from "../ui/icons.js";
import { noteOverlay } from "../ui/overlays.js";

/** @import { Actions, ConnectionState, Fault, Store } from "../document/types.js" */

const NOTICE_MS = 5000;

/** @param {Store} store @param {Actions} actions */
export function createMessages(store, actions) {
  const el = h(
    "section",
    { class: "messages", "aria-label": "Messages" },
    createLost(store),
    createFault(store, actions),
    createNotice(store),
  );
  standAbove(el, document.getElementById("captions"));
  return el;
}

/** The captions wrap as they have to; messages keep clear of them. @param {HTMLElement} el @param {HTMLElement|null} captions */
function standAbove(el, captions) {
  if (captions)
    new ResizeObserver(() => el.style.setProperty("--captions", `${captions.offsetHeight}px`)).observe(
      captions,
    );
}

const LOST = /** @type {Partial<Record<ConnectionState, string>>} */ ({
  lost: "Connection lost: what was computed stays; trying again…",
  refused: "The service has no room for another page now; trying again…",
});
const HELD = "What you chose comes when it is back.";

/** @param {Store} store */
function createLost(store) {
  const el = h("p", { class: "message message--warn", role: "status", hidden: true });
  store.watch(["connection", "held"], ({ connection, held }) => {
    const words = LOST[connection];
    el.hidden = !words;
    refill(
      el,
      words && h("span", { class: "spinner", "aria-hidden": "true" }),
      words && h("span", {}, held ? `${words} ${HELD}` : words),
    );
  });
  return el;
}

/** @param {Store} store @param {Actions} actions */
function createFault(store, actions) {
  const said = h("div", { class: "message__text" });
  const back = h("button", { class: "button", on: { click: goBack } });
  const close = h(
    "button",
    { class: "icon-button icon-button--small", "aria-label": "Dismiss", on: { click: dismiss } },
    icon("close"),
  );
  const again = h("button", { class: "button", on: { click: () => ask("file") } }, "Open a file…");
  const el = h(
    "div",
    { class: "message message--bad", role: "alert", hidden: true },
    said,
    again,
    back,
    close,
  );

  function dismiss() {
    store.set({ fault: null });
  }

  function goBack() {
    if (store.get().catalog) actions.undo();
    else location.reload();
  }
  store.watch(["fault"], ({ fault }) => {
    el.hidden = !fault;
    noteOverlay(el, !el.hidden, dismiss);
    refill(said, ...(fault ? sentences(fault) : []));
    again.hidden = !fault?.gone;
  });
  store.watch(["catalog", "history"], ({ catalog, history }) => {
    refill(back, icon("undo"), catalog ? "Undo" : "Try again");
    back.hidden = Boolean(catalog) && undoable(history) === null;
  });
  return el;
}

/** @param {Fault} fault */
function sentences({ title, detail, errors, gone }) {
  if (gone) return goneSaid(gone);
  const named = errors
    .slice(0, 3)
    .map(({ field, message }) => h("p", {}, h("code", {}, field), ` ${message}`));
  return [h("strong", {}, title), ...(named.length ? named : [h("p", {}, detail)])];
}

/** @param {{name: string, sha256: string}} gone */
const goneSaid = ({ name, sha256 }) => [
  h("strong", {}, `${name || "A file"} is not kept here any more`),
  h(
    "p",
    {},
    `This experiment names it by its contents (${sha256.slice(0, 8)}…). Open the file again, and it goes on.`,
  ),
];

/** @param {Store} store */
function createNotice(store) {
  const el = h("p", { class: "message message--notice", role: "status" });
  let timer = 0;
  store.watch(["notice"], ({ notice }) => {
    el.classList.toggle("message--shown", Boolean(notice));
    clearTimeout(timer);
    if (!notice) return;
    setText(el, notice);
    timer = window.setTimeout(() => store.get().notice === notice && store.set({ notice: null }), NOTICE_MS);
  });
  return el;
}
