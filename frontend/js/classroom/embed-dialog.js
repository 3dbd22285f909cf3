/** The experiment on show in another page: the snippet, and which pages this service lets do so. */

import { h, refill, setText } from "../ui/dom.js";
import { createDialog } from "../ui/overlays.js";
import { createCopyBox } from "./copy-box.js";

/** @import { Tools } from "../document/types.js" */

/** @param {Tools} tools */
export function createEmbedDialog(tools) {
  const address = async () => tools.addressOf(await tools.pack(tools.experiment()), "?embed");
  const copy = createCopyBox("Copy the snippet", async () => snippetOf(await address()));
  const open = h("a", { class: "button", target: "_blank", rel: "noopener" }, "See it alone");
  const allowed = h("p", { class: "asked__note", role: "status" });
  const el = createDialog(
    "Embed",
    h(
      "p",
      { class: "embed-words" },
      "The picture and its transport alone, of the experiment on show, for a page of your own: paste the snippet into its HTML. A small link leads from there to the whole page.",
    ),
    allowed,
    h("div", { class: "button-row button-row--wrap" }, open),
    copy.el,
  );

  async function show() {
    setText(allowed, "");
    open.href = await address();
    refill(allowed, ...(await allowedSaid(tools)));
  }

  return {
    el,
    open() {
      copy.outdate();
      void show();
      if (!el.open) el.showModal();
    },
  };
}

/** @param {Tools} tools */
async function allowedSaid(tools) {
  const origins = allowedIn(await tools.policy().catch(() => ""));
  if (origins === null) return ["Which pages may embed this one could not be found out."];
  if (origins.length > 0) return [`Pages of ${origins.join(", ")} may embed it, and its own.`];
  return [
    h("strong", {}, "No other site may embed this service yet. "),
    "Whoever runs it names yours in ",
    h("code", {}, "DESCENTSCAPE_FRAME_ANCESTORS"),
    ", for example ",
    h("code", {}, "https://lms.example"),
    "; until then the snippet shows an empty frame there.",
  ];
}

/**
 * @param {string} address
 */
export const snippetOf = (address) =>
  `<iframe src="${escaped(address)}" title="Descentscape" width="800" height="560" style="border: 0; max-width: 100%" loading="lazy" allow="fullscreen"></iframe>`;

/** @param {string} text */
const escaped = (text) =>
  text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/**
 * Whose pages may embed what is served with this policy, its own aside; null where it says nothing of it.
 * @param {string} policy
 * @returns {string[]|null}
 */
export function allowedIn(policy) {
  const said = policy.match(/frame-ancestors ([^;,]*)/)?.[1];
  return said === undefined ? null : said.split(/\s+/).filter((one) => one !== "" && !one.startsWith("'"));
}
