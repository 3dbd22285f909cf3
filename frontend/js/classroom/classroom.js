/** What a teacher hands out and gets back, read when a link or the Share menu asks for it. */

import { createAssignmentDialog } from "./assignment-dialog.js";
import { createCollectDialog } from "./collect-dialog.js";
import { createEmbedDialog } from "./embed-dialog.js";
import { createPanel } from "./panel.js";

export { openedBy } from "./opened.js";

/** @import { Actions, Store, Tools } from "../document/types.js" */

/**
 * @param {{panel: HTMLElement, dialogs: HTMLElement}} places
 * @param {Store} store
 * @param {Actions} actions
 * @param {Tools} tools
 */
export function createClassroom({ panel, dialogs }, store, actions, tools) {
  createPanel(panel, store, actions, tools);
  const assignment = createAssignmentDialog(store, tools);
  const collect = createCollectDialog(tools);
  const embed = createEmbedDialog(tools);
  dialogs.append(assignment.el, collect.el, embed.el);
  return { assignment: assignment.open, collect: collect.open, embed: embed.open };
}
