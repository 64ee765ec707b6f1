// Notice: sentences about what could not be done, above a page that stays as it was.

import { make } from "../elements/dom.js";

export function noticeView(element) {
  return {
    say(sentences) {
      if (!sentences.length) return;
      const close = make(
        "button",
        { type: "button", "aria-label": "Dismiss", onclick: () => (element.hidden = true) },
        "×",
      );
      element.replaceChildren(make("ul", {}, ...sentences.map((sentence) => make("li", {}, sentence))), close);
      element.hidden = false;
    },
    clear() {
      element.hidden = true;
    },
  };
}
