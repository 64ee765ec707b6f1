// Headline: what happened to each run, in one sentence above the pictures.

import { headline } from "../../state/verdict.js";
import { setText } from "../elements/dom.js";

const DELAY = 700; // milliseconds without a change after which a screen reader hears the sentences

export function headlineView(element, live) {
  const sentences = Object.fromEntries(
    ["without", "with"].map((run) => [run, element.querySelector(`.run.${run} span`)]),
  );
  let timer = 0;
  return {
    /** `busy`: the sentences are about the first steps, while the rest is computed. */
    sync(items, busy) {
      element.setAttribute("aria-busy", String(busy));
      for (const [run, sentence] of Object.entries(sentences)) {
        const item = items.find((one) => one.run === run);
        sentence.parentElement.hidden = !item;
        if (item) setText(sentence, headline(item.of, run, item.summary));
      }
      clearTimeout(timer);
      // A page may leave the headline out; a screen reader still hears it.
      const said = Object.values(sentences).filter(({ parentElement }) => !parentElement.hidden);
      timer = setTimeout(() => setText(live, said.map(({ textContent }) => textContent).join("\n")), DELAY);
    },
  };
}
