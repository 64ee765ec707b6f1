// Overlay: projections and paths over the relief, where the scene's camera sees them.

import { fitContext } from "../canvas/context.js";
import { runStyles } from "../canvas/run_style.js";
import { drawPaths } from "../paths/path.js";
import { drawProjection } from "../paths/projection.js";

/** Draw over a mesh that a camera sees; returns the pixel of `start` `[x, y, loss]`, or null without one. */
export function drawReliefOverlay(canvas, mesh, camera, { window, runs, step, start, projection = null, shown = [] }) {
  const context = fitContext(canvas);
  const canBeDrawn = camera && mesh && String(mesh.window) === String(window);
  if (!canBeDrawn) return null;
  const styles = runStyles();
  const box = { left: 0, top: 0, width: canvas.clientWidth, height: canvas.clientHeight, taken: [] };
  const place = (x, y, loss) => camera.toPixel(...mesh.toShares(x, y), mesh.heightOf(loss));
  for (const run of shown) drawProjection(context, { projection, run, window, style: styles[run], place, box });
  drawPaths(context, { runs, styles, step, place, window, box });
  return start ? place(...start) : null;
}
