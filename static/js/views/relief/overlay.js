// Overlay: the labels of the axes, projections and paths over the relief, where the scene's camera sees them.

import { fitContext } from "../canvas/context.js";
import { runStyles } from "../canvas/run_style.js";
import { handleAround } from "../paths/label.js";
import { drawPaths } from "../paths/path.js";
import { drawProjection } from "../paths/projection.js";
import { axisLabels, drawAxisLabels, widthIn } from "./axis_labels.js";

// The nearest part of the surface is seen larger than the overlay's size would suggest.
const OVERSIZE = 1.5;

/** Draw the titles and ticks of the axes around a mesh that a camera sees; returns their rectangles. */
export function drawLabels(context, mesh, camera, axes, picture) {
  const styles = runStyles();
  const labels = axisLabels(camera.toPixel, axes, mesh, picture, widthIn(context, styles.font));
  drawAxisLabels(context, labels, styles);
  return labels.map(({ x, y, width, size }) => [x - width / 2, y - size / 2, width, size]);
}

/**
 * Draw over a mesh that a camera sees, with labels if there are `axes`; `labels` are the rectangles of those that are
 * there already. Returns the pixel of `start` `[x, y, loss]`, or null without one.
 */
export function drawReliefOverlay(canvas, mesh, camera, picture) {
  const { window, runs, step, start, axes = null, labels = [], projection = null, shown = [] } = picture;
  const context = fitContext(canvas);
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  // A hidden relief has no size, by which coordinates are divided.
  if (!camera || !mesh || !width || !height) return null;
  // Labels belong to the mesh, which may be of another window than the runs until Plotly has drawn the new one.
  const taken = axes ? drawLabels(context, mesh, camera, axes, { width, height }) : [...labels];
  if (String(mesh.window) !== String(window)) return null;
  const styles = runStyles();
  const box = { left: 0, top: 0, width, height, taken };
  // Coordinates in space do not depend on the camera, so a long path is thinned out once and not in every frame of a turn.
  const size = OVERSIZE * Math.max(box.width, box.height);
  const place = (x, y, loss) => [...mesh.toShares(x, y), mesh.heightOf(loss)].map((share) => share * size);
  const project = (point) => camera.toPixel(point[0] / size, point[1] / size, point[2] / size);
  const toPixel = (x, y, loss) => camera.toPixel(...mesh.toShares(x, y), mesh.heightOf(loss));
  // The handle of the start lies over the canvas.
  const handle = start ? toPixel(...start) : null;
  if (handle) box.taken.push(handleAround(handle));
  for (const run of shown)
    drawProjection(context, { projection, run, window, style: styles[run], place: toPixel, box });
  drawPaths(context, { runs, styles, step, place, placedBy: [mesh, size], project, window, box });
  return handle;
}
