// Map block: the map of a figure. Plotly draws contours and axes, as on the page, and its SVG is embedded.

import { heightOf, isCurve, startOf } from "../../state/scene/lookup.js";
import { runsOn } from "../../state/runs/pair.js";
import { projectionShown, recordedRun } from "../../state/runs/training.js";
import { inside } from "../canvas/geometry.js";
import { inTheme } from "../canvas/run_style.js";
import { contourFigure } from "../map/contours.js";
import { paintCurve } from "../map/curve.js";
import { paintHeat } from "../map/heat.js";
import { boxOf, drawMapOverlay } from "../map/map.js";
import { startPixel } from "../map/map_view.js";
import { drawStartRing } from "../paths/start_ring.js";
import { svgDrawing } from "./svg_context.js";

function drawHeat({ canvas }, { surface, scene }) {
  const scale = scene.colour === "gradient_norm" ? "log" : heightOf(scene);
  paintHeat(canvas, surface, boxOf(canvas), scale, surface[scene.colour] ? scene.colour : "loss");
}

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

/** The curve of a loss of one parameter with its axes, and paths, in a size. */
function curveBlock(shown, { width, height, scale, theme }) {
  const { surface, scene } = shown.state;
  const curve = svgDrawing(width, height, scale);
  inTheme(theme, () => paintCurve(curve.canvas, surface, boxOf(curve.canvas), heightOf(scene)));
  return { width, height, markup: curve.markup(), moving: [overlayOf(shown, width, height)] };
}

const overlayOf = (shown, width, height) => ({
  x: 0,
  y: 0,
  width,
  height,
  draw: (canvas, step) => drawOverlay(canvas, shown, step),
});

/** Heat, contours with axes, and paths, in a size. */
export async function mapBlock(shown, { width, height, scale, theme }) {
  const { plotly, surface, scene } = shown.state;
  if (isCurve(surface)) return curveBlock(shown, { width, height, scale, theme });
  const size = { clientWidth: width, clientHeight: height };
  const heat = svgDrawing(width, height, scale);
  const figure = inTheme(theme, () => {
    drawHeat(heat, shown.state);
    return contourFigure(size, surface, surface.axes, heightOf(scene));
  });
  const contours = await plotly.toImage(
    { data: figure.traces, layout: figure.layout, config: { staticPlot: true } },
    { format: "svg", width, height, imageDataOnly: true },
  );
  return { width, height, markup: heat.markup() + contours, moving: [overlayOf(shown, width, height)] };
}
