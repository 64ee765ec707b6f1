// Notice: sentences above the page about something that failed. The rest of the page does not change.

import { make } from "../elements/dom.js";

export function noticeView(element) {
  const hide = () => (element.hidden = true);
  return {
    say(sentences) {
      if (!sentences.length) return;
      const list = make("ul", {}, ...sentences.map((sentence) => make("li", {}, sentence)));
      element.replaceChildren(list, make("button", { type: "button", "aria-label": "Dismiss", onclick: hide }, "×"));
      element.hidden = false;
    },
    clear: hide,
  };
}
