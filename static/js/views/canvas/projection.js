// Projection: a training run where it passed a slice's plane. Dots, not the steps of a descent: the points lie off the
// plane, and in the relief they hang at their true loss, above or below the surface.

import { drawLabel } from "./paths.js";
import { inside } from "./geometry.js";

function points(projection, run, place) {
  const count = projection.at.length;
  const first = projection.runs.indexOf(run) * count;
  return Array.from({ length: count }, (_, k) => {
    const [x, y, loss] = ["x", "y", "loss"].map((name) => projection[name][first + k]);
    return { x, y, at: Number.isFinite(x + y + loss) ? place(x, y, loss) : null };
  });
}

/** Draw one run's projection; `place(x, y, loss)` gives pixels. */
export function drawProjection(context, { projection, run, window, look, place, box }) {
  const found = points(projection, run, place).filter(({ at }) => at);
  if (!found.length) return;
  context.strokeStyle = look.fill;
  context.fillStyle = look.fill;
  context.lineWidth = 1;
  context.globalAlpha = 0.5;
  context.setLineDash([1, 3]);
  context.beginPath();
  for (const { at } of found) context.lineTo(...at);
  context.stroke();
  context.setLineDash([]);
  context.globalAlpha = 1;
  const seen = found.filter(({ x, y }) => inside(window, x, y));
  for (const { at } of seen) {
    context.beginPath();
    context.arc(at[0], at[1], 2.4, 0, 2 * Math.PI);
    context.fill();
  }
  const end = seen.at(-1);
  if (end) drawLabel(context, look, `projection, ${run} clipping`, end.at, box);
}
