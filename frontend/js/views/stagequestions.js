/** What the stage asks about the place under the cursor, together with the Step view. */
import { looksOf } from "../view.js";

/**
 * @param {import("../types.js").Store} store
 * @param {import("./inquiry.js").Questions} questions
 */
export function askForStage(store, { others, newton, quadratic }) {
  const plane = () => store.get().plane?.id ?? "";
  const modelled = () => looksOf(store.get()).model && store.get().live === null;

  /** @param {string} kind @param {string|null} words */
  function note(kind, words) {
    const { [kind]: before, ...rest } = store.get().refusals;
    if (words !== (before ?? null)) store.set({ refusals: words === null ? rest : { ...rest, [kind]: words } });
  }

  const { refresh } = others.join({
    // The rules are compared where nothing moves: their answers come too late for a cursor that plays.
    open: () => !store.get().playing && looksOf(store.get()).arrows === "all",
    show(frame, { run, step }) {
      note("others", null);
      store.set({ others: { run, step, plane: plane(), frame } });
    },
    refuse: (words) => note("others", words),
  });
  store.watch(["playing"], refresh);

  quadratic.join({
    open: modelled,
    show(frame, place) {
      const { model } = store.get();
      note("model", null);
      store.set({ model: { plane: plane(), quadratic: { frame, place }, newton: model?.plane === plane() ? model.newton : null } });
    },
    refuse(words) {
      note("model", words);
      store.set({ model: null });
    },
  });
  newton.join({
    open: modelled,
    show(frame, place) {
      const { model } = store.get();
      note("newton", null);
      if (model) store.set({ model: { ...model, newton: { frame, place } } });
    },
    refuse(words) {
      const { model } = store.get();
      note("newton", words);
      if (model) store.set({ model: { ...model, newton: null } });
    },
  });
}
