// Pictures: what the page shows of the loss. A loss of one parameter is a curve, which takes the place of map and relief.

import { isCurve, surfaceOf } from "../../state/scene/lookup.js";
import { hasPart } from "../../state/presentation.js";
import { onChange } from "../../state/store.js";
import { byId, setText } from "../elements/dom.js";

const NAMES = ["Map of the loss", "Curve of the loss"];
const PATHS = ["Paths of both runs on the map", "Paths of both runs on the curve"];
const HANDLES = [
  "Start on the map: arrow keys move it, with Shift in finer steps",
  "Start on the curve: the left and right arrow keys move it, with Shift in finer steps",
];

export function picturesView() {
  const main = document.querySelector("main");
  const relief = byId("relief").closest("figure");
  // A page of its own may have no relief, and a link may leave out one of the two.
  const flat = document.body.classList.contains("flat");
  const both = !flat && hasPart("map") && hasPart("relief");
  return {
    draw: onChange(
      ({ scene }) => [surfaceOf(scene).axes, scene.colour],
      (state) => {
        const { axes } = surfaceOf(state.scene);
        const curve = isCurve({ axes });
        if (both) {
          relief.hidden = curve;
          main.classList.toggle("one-picture", curve);
        }
        byId("map").setAttribute("aria-label", NAMES[Number(curve)]);
        byId("map-overlay").setAttribute("aria-label", PATHS[Number(curve)]);
        byId("map-handle").setAttribute("aria-label", HANDLES[Number(curve)]);
        const slope = state.scene.colour === "gradient_norm";
        byId("map-words").hidden = curve || slope;
        byId("slope-words").hidden = curve || !slope;
        byId("curve-words").hidden = !curve;
        if (!curve) return;
        byId("no-contours").hidden = true;
        setText(byId("curve-axis"), axes[0]);
      },
    ),
  };
}
