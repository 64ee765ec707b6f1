// Frame section: a frame for pages and notebooks, and what it shows, fixes and asks.

import { framedQuery } from "../../state/presentation.js";
import { surfaceOf } from "../../state/scene/lookup.js";
import { toQuery } from "../../state/scene/url.js";
import { make, setText } from "../elements/dom.js";
import { copyButton } from "./copy_button.js";
import { copySource, panelSection } from "./panel_section.js";
import { frameParts } from "./frame_parts.js";
import { lessonDownload } from "./lesson_download.js";
import { questionFields } from "./question_fields.js";
import { frameOf, notebookFrameOf } from "./shared_address.js";

const HEIGHT = 500; // pixels of a frame: map, headline and controls fit
const BLANK = "The frame stays blank on pages of other servers until --frame-ancestors names them.";

/** Buttons that copy the frame as HTML, as Python and as a link, and a link that opens it. */
function frameButtons(snippet, address) {
  return [
    copyButton("copy-frame", "Copy HTML", "HTML copied", "this HTML", () => snippet.value),
    copyButton("copy-notebook", "Copy for Jupyter", "Code copied", "this code", () =>
      notebookFrameOf(address(), HEIGHT),
    ),
    copyButton("copy-frame-link", "Copy its link", "Link copied", "this link", address),
  ];
}

/**
 * `addressOf(query)` is the whole address of a query, and `exportedFile(scene, file, signal, query)` a file of the server.
 * `sync(state, query)` follows the experiment of a query.
 * @param {{framed: boolean, addressOf: (query: string) => string,
 *   exportedFile: (scene: any, file: string, signal: AbortSignal, query: string) => Promise<any>}} page
 */
export function frameSection({ framed, addressOf, exportedFile }) {
  const snippet = copySource("textarea", "share-frame", "HTML of the frame");
  snippet.rows = 5;
  let [scene, lesson, query, address] = [null, null, "", ""];
  const buttons = frameButtons(snippet, () => address);
  const open = make("a", { id: "open-frame", target: "_blank", rel: "noopener" }, "Open it");
  const problem = make("p", { className: "problem", role: "alert" });
  const parts = frameParts(update);
  const question = questionFields(update);
  const download = lessonDownload((asked, signal) => exportedFile(scene, "lesson.md", signal, asked));
  const choices = make("details", { id: "frame-choices" }, make("summary", {}, "Ask a question, choose the parts"));
  choices.append(question.element, problem, download.element, parts.element);

  function update() {
    const asked = lesson?.asked === undefined && lesson ? "" : question.query();
    const wrong = asked ? question.problem(scene.steps) : "";
    setText(problem, wrong);
    download.sync(asked, wrong);
    for (const button of buttons) button.disabled = Boolean(wrong);
    open.hidden = Boolean(wrong);
    if (wrong) return;
    // Another question replaces that of the page's own link.
    const experiment = asked ? [toQuery(scene), asked].filter(Boolean).join("&") : query;
    address = open.href = addressOf(framedQuery(experiment, parts.chosen()));
    setText(snippet, frameOf(address, `Cliffscape: ${surfaceOf(scene).label}`, HEIGHT));
  }

  const words = make("p", {}, "Map, headline and main controls, in a page or a notebook. ", open);
  const copies = make("div", { className: "entries" }, ...buttons);
  return {
    element: panelSection("frame", "Frame", words, choices, snippet, copies, make("p", { hidden: framed }, BLANK)),
    sync(state, experiment) {
      [scene, lesson, query] = [state.scene, state.lesson, experiment];
      // A lesson has a question of its own.
      question.element.hidden = Boolean(lesson && !lesson.asked);
      parts.sync(scene);
      update();
    },
  };
}
