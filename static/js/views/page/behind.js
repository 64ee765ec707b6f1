// Behind: while the server does not send the pictures of the chosen landscape, those of the landscape before stay. The page
// then says so, since its header and its controls are those of the chosen one.

import { entryOf, surfaceOf } from "../../state/scene/lookup.js";
import { onChange } from "../../state/store.js";
import { byId, setText } from "../elements/dom.js";

const PATIENCE = 800; // milliseconds in which a server in reach has sent them

export function behindView() {
  const main = document.querySelector("main");
  const words = byId("behind-words");
  let timer = 0;

  function show(behind) {
    main.classList.toggle("behind", behind);
    words.hidden = !behind;
  }

  return {
    draw: onChange(
      ({ surface, scene }) => [surface?.landscape, scene.landscape.kind],
      ({ surface, scene }) => {
        clearTimeout(timer);
        if (!surface || surface.landscape === scene.landscape.kind) return show(false);
        const before = entryOf("landscape", surface.landscape).label;
        setText(words, `Still ${before}, until ${surfaceOf(scene).label} has arrived.`);
        timer = setTimeout(() => show(true), PATIENCE);
      },
    ),
  };
}
