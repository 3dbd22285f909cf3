/** The dialogs for what the page makes by itself to be taken away, and its print. */

import { createAnimationDialog } from "./animation-dialog.js";
import { createPictureDialog } from "./picture-dialog.js";
import { printView } from "./print.js";

/** @import { Filmed } from "./film.js" */

/**
 * @param {HTMLElement} el
 * @param {Filmed} filmed
 * @param {(blob: Blob, name: string) => void} save
 */
export function createPictures(el, filmed, save) {
  const picture = createPictureDialog(filmed.store, save);
  const animation = createAnimationDialog(filmed, save);
  el.append(picture.el, animation.el);
  return { picture: picture.open, animation: animation.open, print: () => void printView(filmed.store) };
}
