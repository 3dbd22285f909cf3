/** One of a network's parameters, chosen by its name or, where they are too many for a list, by its number. */

import { h, setText } from "./dom.js";
import { createSelect } from "./inputs.js";

/** So many names are listed at most. */
const MOST_LISTED = 600;

/**
 * @param {string} what   The parameter is chosen for, said to those who do not see it.
 * @param {(parameter: number) => void} choose
 */
export function createParameterChooser(what, choose) {
  const select = createSelect([], (value) => choose(value));
  const input = h("input", { type: "text", inputmode: "numeric", class: "text lab-weight" });
  const name = h("span", { class: "caption" });
  select.main.setAttribute("aria-label", `Parameter ${what}`);
  input.setAttribute("aria-label", `Number of the parameter ${what}`);
  input.addEventListener("change", () => choose(Math.max(0, Math.round(Number(input.value) || 0))));
  return {
    el: h("span", { class: "parameter-chooser" }, select.main, input, name),
    /**
     * @param {string[]} names   None where the service keeps them to itself.
     * @param {number} parameter
     * @param {string} own   Its name, where none are listed.
     */
    draw(names, parameter, own) {
      const listed = names.length > 0 && names.length <= MOST_LISTED;
      select.main.hidden = !listed;
      input.hidden = name.hidden = listed;
      if (listed) select.setChoices(names.map((label, value) => ({ value, label })));
      if (listed) select.set(parameter);
      else if (document.activeElement !== input) input.value = String(parameter);
      setText(name, listed ? "" : own);
    },
  };
}
