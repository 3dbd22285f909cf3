/** What the stage asks about the place under the cursor, together with the Step view. */

import { looksOf } from "../document/view.js";
import { noteRefusal } from "../wire/refusal.js";

/** @import { Model, Store } from "../document/types.js" */
/** @import { Questions } from "../ui/study-query.js" */

/** @param {Store} store @param {Questions} questions */
export function askForStage(store, { others, newton, quadratic }) {
  const plane = () => store.get().plane?.id ?? "";
  const modelled = () => looksOf(store.get()).quadratic_model && store.get().live === null;

  const { refresh } = others.join({
    // The rules are compared where nothing moves: their answers come too late for a cursor that plays.
    open: () => !store.get().playing && looksOf(store.get()).arrows === "all",
    show(frame, { run, step }) {
      noteRefusal(store, "others", null);
      store.set({ others: { run, step, plane: plane(), frame } });
    },
    refuse: (words) => noteRefusal(store, "others", words),
  });
  store.watch(["playing"], refresh);

  /** Which of the two answers first is not known. @param {Partial<Model>} part */
  function put(part) {
    const { model } = store.get();
    const kept = model?.plane === plane() ? model : { quadratic: null, newton: null };
    store.set({ model: { ...kept, ...part, plane: plane() } });
  }

  for (const [kind, part, shared] of /** @type {const} */ ([
    ["model", "quadratic", quadratic],
    ["newton", "newton", newton],
  ])) {
    shared.join({
      open: modelled,
      show(frame, place) {
        noteRefusal(store, kind, null);
        put({ [part]: { frame, place } });
      },
      refuse(words) {
        noteRefusal(store, kind, words);
        put({ [part]: null });
      },
    });
  }
}
