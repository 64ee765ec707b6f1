// Copy button: copies a text, and says so for a moment.

import { make } from "../elements/dom.js";

const SHOWN = 1500; // milliseconds for which the button says that the text was copied

/** Let a button copy what `text()` returns; `what` names it to a reader without a clipboard, such as "this link". */
export function copyByPress(button, copied, what, text) {
  const label = button.textContent;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text());
      button.textContent = copied;
    } catch {
      // There is no clipboard without https: the reader copies the text by hand.
      window.prompt(`Copy ${what}`, text());
    }
    setTimeout(() => (button.textContent = label), SHOWN);
  });
}

/** A new button that copies. */
export function copyButton(id, label, copied, what, text) {
  const button = make("button", { type: "button", id }, label);
  copyByPress(button, copied, what, text);
  return button;
}
