// Share panel: the link of the experiment with what it asks and shows, its QR code, and frames for pages and notebooks.

import { byId, make } from "../elements/dom.js";
import { openBy } from "../elements/popover.js";
import { copyButton } from "./copy_button.js";
import { frameSection } from "./frame_section.js";
import { linkChoices } from "./link_choices.js";
import { copySource, panelSection } from "./panel_section.js";
import { qrCode } from "./qr_code.js";
import { isLoopback, sharedAddress } from "./shared_address.js";

const ALONE =
  "Only this machine can open this link. For other machines, start the server with --host 0.0.0.0, or open the page at " +
  "this machine’s address.";

/** `choices` is the element in which the reader chooses what the link asks and shows. */
function linkSection(choices) {
  const field = copySource("input", "share-link", "Link");
  field.type = "text";
  const alone = make("p", { hidden: true }, ALONE);
  const copy = copyButton("copy-link", "Copy link", "Link copied", "this link", () => field.value);
  copy.autofocus = true;
  return {
    element: panelSection("link", "Link", make("div", { className: "entries" }, field, copy), alone, choices),
    /** Show an address; none while there is no link. */
    sync(address) {
      field.value = address;
      copy.disabled = !address;
      alone.hidden = !address || !isLoopback(address);
    },
  };
}

function codeSection() {
  const code = qrCode();
  return { element: panelSection("code", "QR code of the link", ...code.elements), sync: code.sync };
}

/**
 * `links.query(scene)` is the query of the experiment; `sharing` is what the server says about its addresses.
 * @param {{store: any, links: {query: (scene: any) => string}, sharing: {network: string, framed: boolean},
 *   exportedFile: (scene: any, file: string, signal: AbortSignal, query: string) => Promise<any>}} page
 */
export function sharePanel({ store, links, sharing, exportedFile }) {
  const panel = make("div", { id: "share-panel", className: "popover-menu", role: "dialog", "aria-label": "Share" });
  const addressOf = (query) => sharedAddress(query, location.href, sharing.network);
  const choices = linkChoices({ changed: update, exportedFile });
  const [link, code, frame] = [linkSection(choices.element), codeSection(), frameSection(sharing.framed)];
  panel.append(...[link, code, frame].map(({ element }) => element));

  function update() {
    const queries = choices.queries();
    const address = queries ? addressOf(queries.link) : "";
    link.sync(address);
    code.sync(address);
    frame.sync(store.get().scene, queries ? addressOf(queries.frame) : "");
  }

  panel.addEventListener("beforetoggle", (event) => {
    // A fold inside the panel has such an event too.
    if (event.target !== panel || event.newState !== "open") return;
    const state = store.get();
    choices.sync(state, links.query(state.scene));
    update();
  });
  byId("share").after(panel);
  openBy(byId("share"), panel);
}
