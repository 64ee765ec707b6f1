// Printed map: the map with axes and paths on one canvas, for paper.

import { heightOf, isCurve } from "../../state/scene/lookup.js";
import { runsOn } from "../../state/runs/pair.js";
import { mapping } from "../canvas/geometry.js";
import { boxOf, drawMapOverlay } from "./map.js";
import { drawMapAxes } from "./map_axes.js";
import { paintSurface } from "./map_view.js";

/**
 * Draw the state's surface with `runs` up to `step`. Both canvases must have the same size; the paths are drawn on `spare`
 * and copied.
 */
export function drawPrintedMap(canvas, spare, { state, runs, step }) {
  const { surface } = state;
  const { window, axes } = surface;
  const box = boxOf(canvas);
  paintSurface(canvas, canvas, state);
  const context = canvas.getContext("2d");
  drawMapOverlay(spare, { surface, scale: heightOf(state.scene), runs: runsOn(surface, runs), step });
  context.drawImage(spare, 0, 0, canvas.clientWidth, canvas.clientHeight);
  // A curve is painted with its axes.
  if (!isCurve(surface)) drawMapAxes(context, box, { window, axes, toPixel: mapping(window, box).toPixel });
}
