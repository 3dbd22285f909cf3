/** The dialogs for what the page makes by itself to be taken away. */

import { createPictureDialog } from "./picture-dialog.js";

/** @import { Store } from "../document/types.js" */

/**
 * @param {HTMLElement} el
 * @param {Store} store
 * @param {(blob: Blob, name: string) => void} save
 */
export function createPictures(el, store, save) {
  const picture = createPictureDialog(store, save);
  el.append(picture.el);
  return { picture: picture.open };
}
