// Export status: what an export is doing, with its progress and a button that cancels it.

import { make, setText } from "../elements/dom.js";

export function exportStatus(cancel) {
  const words = make("span", { role: "status" });
  // A screen reader reads the words out whenever they change, but not the count.
  const count = make("span", { "aria-hidden": "true" });
  const bar = make("progress", { max: 1, "aria-label": "Progress of the export", hidden: true });
  const button = make("button", { type: "button", id: "export-cancel", hidden: true, onclick: cancel }, "Cancel");
  const element = make("p", { className: "export-status", id: "export-status" }, words, count, bar, button);
  const show = (text, busy, done = "") => {
    setText(words, text);
    setText(count, done);
    bar.hidden = button.hidden = !busy;
  };
  return {
    element,
    /** `progress` is that of the page's picture, or with a `count` in words; null, or without a share, while it is unknown. */
    work(text, progress) {
      show(text, true, progress?.count);
      if (typeof progress?.share === "number") bar.value = progress.share;
      else bar.removeAttribute("value");
    },
    end: (text) => show(text, false),
  };
}
