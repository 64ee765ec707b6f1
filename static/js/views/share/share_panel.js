// Share panel: the link of the experiment, its QR code, and frames for pages and notebooks.

import { withPresentation } from "../../state/presentation.js";
import { byId, make } from "../elements/dom.js";
import { openBy } from "../elements/popover.js";
import { copyButton } from "./copy_button.js";
import { frameSection } from "./frame_section.js";
import { copySource, panelSection } from "./panel_section.js";
import { qrCode } from "./qr_code.js";
import { isLoopback, sharedAddress } from "./shared_address.js";

const ALONE =
  "Only this machine can open this link. For other machines, start the server with --host 0.0.0.0, or open the page at " +
  "this machine’s address.";

function linkSection() {
  const field = copySource("input", "share-link", "Link");
  field.type = "text";
  const alone = make("p", { hidden: true }, ALONE);
  const copy = copyButton("copy-link", "Copy link", "Link copied", "this link", () => field.value);
  copy.autofocus = true;
  return {
    element: panelSection("link", "Link", make("div", { className: "entries" }, field, copy), alone),
    sync(address) {
      field.value = address;
      alone.hidden = !isLoopback(address);
    },
  };
}

function codeSection() {
  const code = qrCode();
  return { element: panelSection("code", "QR code", ...code.elements), sync: code.sync };
}

/**
 * `links.query(scene)` is the query of the experiment; `sharing` is what the server says about its addresses.
 * @param {{store: any, links: {query: (scene: any) => string}, sharing: {network: string, framed: boolean},
 *   exportedFile: (scene: any, file: string, signal: AbortSignal, query: string) => Promise<any>}} page
 */
export function sharePanel({ store, links, sharing, exportedFile }) {
  const panel = make("div", { id: "share-panel", className: "popover-menu", role: "dialog", "aria-label": "Share" });
  const addressOf = (query) => sharedAddress(query, location.href, sharing.network);
  const [link, code, frame] = [linkSection(), codeSection(), frameSection({ ...sharing, addressOf, exportedFile })];
  panel.append(...[link, code, frame].map(({ element }) => element));

  function sync() {
    const state = store.get();
    const query = links.query(state.scene);
    const address = addressOf(withPresentation(query));
    link.sync(address);
    code.sync(address);
    frame.sync(state, query);
  }

  panel.addEventListener("beforetoggle", (event) => {
    // A fold inside the panel has such an event too.
    if (event.target === panel && event.newState === "open") sync();
  });
  byId("share").after(panel);
  openBy(byId("share"), panel);
}
