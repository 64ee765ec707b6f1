// Hint: a few words at something that can be dragged, until the reader has dragged it once.

import { recall, remember } from "../../state/memory.js";

const HINTS = "hints"; // name in the memory: what the reader has done
const done = () => recall(HINTS) ?? {};

function showHints() {
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-hint]")))
    element.hidden = Boolean(done()[element.dataset.hint]);
}

/** Shows the hints, and removes those of the start and of the threshold when the reader drags them. */
export function hintsView() {
  let before = null;
  showHints();

  function finish(name) {
    if (done()[name]) return;
    remember(HINTS, { ...done(), [name]: true });
    for (const element of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(`[data-hint=${name}]`)))
      element.hidden = true;
  }

  return {
    draw({ scene, dragging }) {
      if (dragging && before) {
        if (scene.start !== before.start) finish("start");
        if (scene.clip.threshold !== before.clip.threshold) finish("threshold");
      }
      before = scene;
    },
  };
}
