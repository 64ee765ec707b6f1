// Link choices: what the link of the panel asks, which parts of the page it shows, and which values it fixes.

import { framedQuery, isEmbedded, wholeQuery } from "../../state/presentation.js";
import { toQuery } from "../../state/scene/url.js";
import { make, setText } from "../elements/dom.js";
import { frameParts } from "./frame_parts.js";
import { lessonDownload } from "./lesson_download.js";
import { questionFields } from "./question_fields.js";

const PAGES = { whole: "The whole page", parts: "Only the parts below" };
const LESSON =
  "This link has the question of its lesson. To ask a question of your own, leave the lesson (× at its top) first.";
const UNFINISHED = "The link follows when the question is complete.";

/** The choice between the whole page and its parts, and its row. */
function pageChoice() {
  const options = Object.entries(PAGES).map(([value, text]) => make("option", { value }, text));
  const select = make("select", { id: "share-page" }, ...options);
  select.value = isEmbedded() ? "parts" : "whole";
  return { select, row: make("div", { className: "option" }, make("label", { for: select.id }, "Show"), select) };
}

/**
 * `changed()` is called after every choice. `sync(state, query)` follows the experiment of a query.
 * @param {{changed: () => void, exportedFile: (scene: any, file: string, signal: AbortSignal, query: string) => Promise<any>}} page
 */
export function linkChoices({ changed, exportedFile }) {
  let [scene, lesson, query] = [null, null, ""];
  const problem = make("p", { className: "problem", role: "alert" });
  const [ofLesson, unfinished] = [LESSON, UNFINISHED].map((text) => make("p", { hidden: true }, text));
  const page = pageChoice();
  const parts = frameParts((column) => {
    if (column === "show") page.select.value = "parts";
    changed();
  });
  page.select.addEventListener("change", changed);
  const question = questionFields(changed);
  const download = lessonDownload((asked, signal) => exportedFile(scene, "lesson.md", signal, asked));
  const element = make("details", { id: "frame-choices" }, make("summary", {}, "Ask a question, choose the parts"));
  element.append(ofLesson, question.element, problem, unfinished, download.element, page.row, parts.element);

  /** Whether a lesson asks its own question. */
  const taught = () => Boolean(lesson && !lesson.asked);

  return {
    element,
    sync(state, experiment) {
      [scene, lesson, query] = [state.scene, state.lesson, experiment];
      ofLesson.hidden = !taught();
      question.sync(taught());
      parts.sync(scene);
    },
    /** The queries of the link and of a frame; null while the question is not complete. */
    queries() {
      const asked = taught() ? "" : question.query();
      const wrong = asked ? question.problem(scene.steps) : "";
      const named = asked ? question.namedProblem(scene.steps) : "";
      setText(problem, named);
      unfinished.hidden = !wrong || Boolean(named);
      download.sync(asked, wrong);
      if (wrong) return null;
      // Another question replaces that of the page's own link.
      const asking = asked ? [toQuery(scene), asked].filter(Boolean).join("&") : query;
      const frame = framedQuery(asking, parts.chosen());
      return { frame, link: page.select.value === "parts" ? frame : wholeQuery(asking, parts.chosen()) };
    },
  };
}
