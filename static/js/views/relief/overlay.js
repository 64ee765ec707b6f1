// Overlay: projections and paths over the relief, where the scene's camera sees them.

import { fitContext } from "../canvas/context.js";
import { runStyles } from "../canvas/run_style.js";
import { handleAround } from "../paths/label.js";
import { drawPaths } from "../paths/path.js";
import { drawProjection } from "../paths/projection.js";

// The nearest part of the surface is seen larger than the overlay's size would suggest.
const OVERSIZE = 1.5;

/** Draw over a mesh that a camera sees; returns the pixel of `start` `[x, y, loss]`, or null without one. */
export function drawReliefOverlay(canvas, mesh, camera, { window, runs, step, start, projection = null, shown = [] }) {
  const context = fitContext(canvas);
  const canBeDrawn = camera && mesh && String(mesh.window) === String(window);
  if (!canBeDrawn) return null;
  const styles = runStyles();
  const box = { left: 0, top: 0, width: canvas.clientWidth, height: canvas.clientHeight, taken: [] };
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
