// Headline: what happened to each run, in one sentence above the pictures.

import { headline } from "../../state/verdict.js";
import { setText } from "../elements/dom.js";
import { headlineSize } from "./headline_size.js";

const DELAY = 700; // milliseconds without a change after which a screen reader hears the sentences

export function headlineView(element, live) {
  const sentences = Object.fromEntries(
    ["without", "with"].map((run) => [run, element.querySelector(`.run.${run} span`)]),
  );
  const shown = () => Object.values(sentences).filter(({ parentElement }) => !parentElement.matches(".unseen"));
  const size = headlineSize(element, shown);
  let timer = 0;

  function rest() {
    size.grow();
    // A page may leave the headline out; a screen reader still hears it.
    const texts = shown().map(({ textContent }) => textContent);
    setText(live, texts.join("\n"));
  }

  return {
    /** `busy`: the sentences are about the first steps, while the rest is computed. */
    sync(items, busy) {
      element.setAttribute("aria-busy", String(busy));
      for (const [run, sentence] of Object.entries(sentences)) {
        const item = items.find((one) => one.run === run);
        // Its place is kept, so that nothing below the headline moves.
        sentence.parentElement.classList.toggle("unseen", !item);
        setText(sentence, item ? headline(item.of, run, item.summary) : "");
      }
      size.shrink();
      clearTimeout(timer);
      timer = setTimeout(rest, DELAY);
    },
  };
}
