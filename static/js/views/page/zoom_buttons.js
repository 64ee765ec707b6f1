// Zoom buttons: halve or double the window around the start, or show the whole window again.

import { catalogue } from "../../state/scene/catalogue.js";
import { isCurve, startOf, surfaceOf, windowOf } from "../../state/scene/lookup.js";
import { withWindow } from "../../state/scene/presets.js";
import { byId } from "../elements/dom.js";

const EPSILON = 2 ** -52; // relative distance between neighbouring float64 numbers

/** A lower bound on how many float64 numbers lie between two numbers. The server counts them in app/scene/schema.py. */
export function numbersBetween(low, high) {
  return (high - low) / (EPSILON * Math.max(Math.abs(low), Math.abs(high), 1e-300));
}

/** A window scaled around a point. */
function scaledWindow([left, right, bottom, top], [x, y], factor) {
  return [x + (left - x) * factor, x + (right - x) * factor, y + (bottom - y) * factor, y + (top - y) * factor];
}

export function zoomButtons(change, say) {
  const { largest_coordinate, fewest_numbers } = catalogue.rules;
  const limit = `a smaller window would have fewer than ${fewest_numbers} numbers along one side`;
  const zoom = (factor) =>
    change((scene) => {
      const window = scaledWindow(windowOf(scene), startOf(scene), factor);
      if (window.some((v) => Math.abs(v) > largest_coordinate)) return scene;
      const across = numbersBetween(window[0], window[1]);
      // The window of a curve has no height.
      const up = isCurve(surfaceOf(scene)) ? across : numbersBetween(window[2], window[3]);
      if (Math.min(across, up) >= fewest_numbers) return { ...scene, window };
      say([`This is the limit of float64: ${limit}.`]);
      return scene;
    }, true);
  byId("zoom-in").addEventListener("click", () => zoom(0.5));
  byId("zoom-out").addEventListener("click", () => zoom(2));
  byId("zoom-whole").addEventListener("click", () => change((scene) => withWindow(scene, null), true));
}
