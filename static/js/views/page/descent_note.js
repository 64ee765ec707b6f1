// Descent note: says how the paths are computed if the browser does not compute them.

import { noKernel, onServer } from "../../state/scene/lookup.js";
import { setText } from "../elements/dom.js";

const SLICE = "Descent on the slice: only the two coordinates of the slice change";

function noteText(scene) {
  if (!onServer(scene)) return `The server computes these descents. ${noKernel(scene)}`;
  return scene.path === "projection" ? `${SLICE}; hidden while the projection of the run is shown` : SLICE;
}

export function descentNote(element) {
  return {
    draw({ scene }) {
      element.hidden = !noKernel(scene);
      setText(element, noteText(scene));
    },
  };
}
