/** The pictures that the page makes by itself, as the menus list them. */

import { ask } from "../ui/ask.js";

/** @import { Actions } from "../document/types.js" */
/** @import { Item } from "../ui/menu.js" */

/** @param {Actions} actions @returns {Item[]} */
export const pictureItems = (actions) => [
  {
    label: "Picture",
    group: "Pictures",
    point: "The stage with legend and caption, PNG",
    choose: () => void actions.savePicture("screen"),
  },
  {
    label: "Large image for print",
    group: "Pictures",
    point: "The same in four times the screen’s pixels, PNG",
    choose: () => void actions.savePicture("print"),
  },
  {
    label: "Image of any size…",
    group: "Pictures",
    point: "SVG, PDF or PNG, like the page or for paper",
    choose: () => ask("picture"),
  },
  {
    label: "Print…",
    group: "Pictures",
    point: "The view with its captions and costs, on paper or as PDF",
    choose: () => ask("print"),
  },
  {
    label: "Animation…",
    group: "Pictures",
    point: "The descent as GIF or video",
    choose: () => ask("animation"),
  },
];
