// Printed map: the map with axes and paths on one canvas, for paper.

import { heightOf } from "../../state/scene/lookup.js";
import { runsOn } from "../../state/runs/pair.js";
import { drawStartRing } from "../paths/start_ring.js";
import { boxOf, drawMapOverlay } from "./map.js";
import { paintSurface, startPixel } from "./map_view.js";

/**
 * Draw the state's surface with `runs` up to `step`. Both canvases must have the same size; the paths are drawn on `spare`
 * and copied.
 */
export function drawPrintedMap(canvas, spare, { state, runs, step }) {
  const { surface } = state;
  paintSurface(canvas, canvas, state);
  const context = canvas.getContext("2d");
  drawMapOverlay(spare, { surface, scale: heightOf(state.scene), runs: runsOn(surface, runs), step });
  context.drawImage(spare, 0, 0, canvas.clientWidth, canvas.clientHeight);
  drawStartRing(context, startPixel(state, boxOf(canvas)));
}
