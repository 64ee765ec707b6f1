// Map block: the map of a figure, drawn as on the page.

import { heightOf, startOf } from "../../state/scene/lookup.js";
import { runsOn } from "../../state/runs/pair.js";
import { projectionShown, recordedRun } from "../../state/runs/training.js";
import { inside } from "../canvas/geometry.js";
import { inTheme } from "../canvas/run_style.js";
import { boxOf, drawMapOverlay } from "../map/map.js";
import { paintSurface, startPixel } from "../map/map_view.js";
import { drawStartRing } from "../paths/start_ring.js";
import { svgDrawing } from "./svg_context.js";

/** Draw what moves, and the start. */
function drawOverlay(canvas, { state, runs }, step) {
  const { surface, scene } = state;
  const projected = projectionShown(state);
  const shown = projected ? [] : runsOn(surface, runs);
  drawMapOverlay(canvas, {
    surface,
    scale: heightOf(scene),
    runs: shown,
    step,
    ...(projected ?? recordedRun(state)),
  });
  const [x, y] = startOf(scene);
  if (inside(surface.window, x, y)) drawStartRing(canvas.getContext("2d"), startPixel(state, boxOf(canvas)));
}

/** The map, or the curve of a loss of one parameter, with its axes and paths, in a size. @returns {import("./block.js").Block} */
export function mapBlock(shown, { width, height, scale, theme }) {
  const picture = svgDrawing(width, height, scale);
  inTheme(theme, () => paintSurface(picture.canvas, picture.canvas, shown.state));
  const draw = (canvas, step) => drawOverlay(canvas, shown, step);
  return { width, height, markup: picture.markup(), moving: [{ x: 0, y: 0, width, height, draw }] };
}
