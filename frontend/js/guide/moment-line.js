/** The line under the picture that says what just happened; a press tells why. */

import { isolated } from "../document/names.js";
import { createFollower } from "../model/moments.js";
import { h, setText } from "../ui/dom.js";
import { icon } from "../ui/icons.js";
import { createStudyQuery } from "../ui/study-query.js";

/** @import { Actions, Store } from "../document/types.js" */
/** @import { Moment } from "../model/moments.js" */
/** @typedef {typeof import("./moment-reason.js").createReason} CreateReason */

/** So many milliseconds lie between two sentences that a screen reader is told while the picture plays. */
const SPOKEN_APART_MS = 6000;
/** At rest one is told when the cursor has stood so long. */
const SETTLED_MS = 700;

/**
 * @param {HTMLElement} element
 * @param {Store} store
 * @param {Actions} actions
 * @param {() => Promise<CreateReason|null>} readReason   What a press opens, read when it is first pressed.
 */
export function createMomentLine(element, store, actions, readReason) {
  const name = h("bdi", { class: "moment__name" });
  const words = h("span");
  const line = h(
    "button",
    { class: "moment__line", hidden: true, "aria-haspopup": "dialog", on: { click: openFirst } },
    h("span", { class: "moment__dot" }),
    h("span", { class: "moment__words" }, name, words),
    h("span", { class: "moment__why" }, "Why?", icon("down")),
  );
  const spoken = h("p", { class: "visually-hidden", role: "status" });
  element.append(line, spoken);
  const follow = createFollower();
  const speak = createSpeaker((text) => setText(spoken, text));
  let moments = /** @type {Moment[]} */ ([]);
  let shown = /** @type {Moment|null} */ (null);

  /** From then on the press opens it by itself. */
  async function openFirst() {
    line.removeEventListener("click", openFirst);
    const createReason = await readReason();
    if (!createReason) return line.addEventListener("click", openFirst);
    const card = createReason(line, store, actions, () => shown);
    line.after(card);
    card.showPopover();
  }

  createStudyQuery(store, actions, () => true, {
    // Of all runs at once: whose place is named does not matter.
    ask: ({ phase, runs }) =>
      phase === "ready" && runs[0]?.count > 0
        ? { study: { kind: "moments" }, place: { run: 0, step: 0 }, once: true }
        : null,
    show({ meta }) {
      moments = meta.moments ?? [];
      update();
    },
    refuse: forget,
  });

  function forget() {
    moments = [];
    update();
  }

  function update() {
    const { step, playing, runs } = store.get();
    const next = follow({ moments, step: Math.floor(step), playing }, performance.now());
    speak(next?.words ?? "", playing);
    if (next === shown) return;
    shown = next;
    line.hidden = next === null;
    if (!next) return;
    // Of several runs it has the colour of none.
    line.style.setProperty("--run", next.runs.length > 1 ? "" : (runs[next.runs[0]]?.color ?? ""));
    setText(name, isolated(next.label));
    setText(words, next.words.slice(next.label.length));
    line.title = next.words;
  }

  store.watch(["runs"], forget);
  store.watch(["step", "playing"], update);
}

/**
 * Tells a screen reader what stands in the line, at a pace that it can follow.
 * @param {(text: string) => void} say
 */
function createSpeaker(say) {
  let [said, wanted] = ["", ""];
  let before = -SPOKEN_APART_MS;
  let timer = /** @type {ReturnType<typeof setTimeout>|undefined} */ (undefined);

  function tell() {
    timer = undefined;
    if (wanted === said) return;
    said = wanted;
    before = performance.now();
    say(said);
  }

  /** @param {string} text @param {boolean} playing */
  return (text, playing) => {
    if (text === wanted) return;
    wanted = text;
    clearTimeout(timer);
    const due = playing ? before + SPOKEN_APART_MS - performance.now() : SETTLED_MS;
    timer = setTimeout(tell, Math.max(SETTLED_MS, due));
  };
}
