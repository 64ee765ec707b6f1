// Map: the loss from above. One canvas has the heat image with contour lines and axes, and one above it what moves.

import { drawWithin, fitContext } from "../canvas/context.js";
import { boxWithin, mapping } from "../canvas/geometry.js";
import { runStyles } from "../canvas/run_style.js";
import { handleAround } from "../paths/label.js";
import { drawPaths } from "../paths/path.js";
import { drawProjection } from "../paths/projection.js";
import { drawTangents } from "./curve.js";
import { pictureIn } from "./curve_plane.js";
import { drawInset } from "./inset.js";
import { drawMinima } from "./minima.js";

export const MARGIN = { left: 48, right: 14, top: 10, bottom: 44 };

export function boxOf(element) {
  return boxWithin(element, MARGIN);
}

/** About where the names of the axes are, so that labels avoid them. */
function axisNames(axes, box) {
  const { size } = runStyles();
  const [right, up] = axes.map((name) => 0.62 * size * name.length + 12);
  const height = size + 10;
  return [
    [box.left, box.top, up, height],
    [box.left + box.width - right, box.top + box.height - height, right, height],
  ];
}

/** Draw what moves: minima, projections, the inset and both paths. `scale` is that of the losses of a curve. */
export function drawMapOverlay(canvas, { surface, scale, runs: all, step, projection = null, shown = [] }) {
  const context = fitContext(canvas);
  const whole = boxOf(canvas);
  const picture = pictureIn(surface, all, scale);
  const { window, axes, runs, plane } = picture;
  const box = { ...whole, taken: axisNames(axes, whole) };
  const { toPixel: place } = mapping(window, box);
  const styles = runStyles();
  drawWithin(context, box, () => {
    drawMinima(context, picture, { place, box, valley: surface.valley });
    for (const run of shown) drawProjection(context, { projection, run, window, style: styles[run], place, box });
    drawInset(context, { window, runs, step, box, plane });
    if (plane) drawTangents(context, { plane, runs, step, scale, box });
    const placedBy = [box.left, box.top, box.width, box.height];
    for (const { trajectory } of runs.slice(0, 1))
      box.taken.push(handleAround(place(trajectory.x[0], trajectory.y[0])));
    drawPaths(context, { runs, styles, step, place, placedBy, window, box });
  });
}
