// Frame section: the chosen parts in a frame, for a page or a notebook.

import { surfaceOf } from "../../state/scene/lookup.js";
import { make, setText } from "../elements/dom.js";
import { copyButton } from "./copy_button.js";
import { copySource, panelSection } from "./panel_section.js";
import { frameOf, notebookFrameOf } from "./shared_address.js";

const HEIGHT = 500; // pixels of a frame: map, headline and controls fit
const BLANK = "The frame stays blank on pages of other servers until --frame-ancestors names them.";

/** `framed` is whether pages of other servers may show the frame. */
export function frameSection(framed) {
  const snippet = copySource("textarea", "share-frame", "HTML of the frame");
  snippet.rows = 5;
  let address = "";
  const buttons = [
    copyButton("copy-frame", "Copy HTML", "HTML copied", "this HTML", () => snippet.value),
    copyButton("copy-notebook", "Copy for Jupyter", "Code copied", "this code", () => notebookFrameOf(address, HEIGHT)),
  ];
  const open = make("a", { id: "open-frame", target: "_blank", rel: "noopener" }, "Open it");
  const words = make("p", {}, "Map, headline and the parts that are ticked above, in a page or a notebook. ", open);
  const copies = make("div", { className: "entries" }, ...buttons);
  return {
    element: panelSection("frame", "Frame", words, snippet, copies, make("p", { hidden: framed }, BLANK)),
    /** Show the frame of an address with a Scene; no address if there is none. */
    sync(scene, found) {
      for (const button of buttons) button.disabled = !found;
      open.hidden = !found;
      address = open.href = found;
      setText(snippet, found ? frameOf(found, `Cliffscape: ${surfaceOf(scene).label}`, HEIGHT) : "");
    },
  };
}
