// Lesson download: the teacher's question and the experiment as the file of a lesson, which the server writes.

import { make, setText } from "../elements/dom.js";
import { saveFile } from "../files/save_file.js";

const LONGEST = 80; // characters of a title
const WORDS =
  "A file for cliffscape serve --lessons, with the experiment and the question. Add explanations of your own to it. " +
  "Which parts are shown and which values are fixed is in the link of a lesson, not in its file.";

/** The fields of the download: a title, a button, what the file holds, and a status. */
function downloadFields() {
  const title = make("input", {
    type: "text",
    id: "lesson-file-title",
    maxLength: LONGEST,
    placeholder: "The question",
  });
  const label = make("label", { for: title.id }, "Title of the lesson");
  const button = make("button", { type: "button", id: "download-lesson" }, "Download as lesson");
  const status = make("p", { role: "status" });
  const element = make("div", { className: "lesson-download", hidden: true });
  element.append(make("div", { className: "option" }, label, title), button, make("p", {}, WORDS), status);
  return { element, title, button, status };
}

/**
 * `fileOf(query, signal)` is the file of a lesson's query.
 * @param {(query: string, signal: AbortSignal) => Promise<{name: string, blob: Blob}>} fileOf
 */
export function lessonDownload(fileOf) {
  const { element, title, button, status } = downloadFields();
  let job = null;
  let asked = "";

  button.addEventListener("click", async () => {
    job?.abort();
    const { signal } = (job = new AbortController());
    setText(status, "Waiting for the server");
    const named = title.value.trim() ? `${asked}&${new URLSearchParams({ title: title.value })}` : asked;
    try {
      const file = await fileOf(named, signal);
      if (signal.aborted) return;
      saveFile(file);
      setText(status, `Saved ${file.name}`);
    } catch (error) {
      if (!signal.aborted) setText(status, error.message);
    }
  });

  return {
    element,
    /** Follow the question, as part of a link; there is no file without one, or while it has a problem. */
    sync(question, problem) {
      if (question !== asked) {
        job?.abort();
        setText(status, "");
      }
      asked = question;
      element.hidden = !question;
      button.disabled = Boolean(problem);
    },
  };
}
