// Descent note: what the paths are when they are not computed in the browser from the surface on the map.

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
