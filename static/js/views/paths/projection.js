// Projection: a training run projected onto the plane of a slice. The run does not lie on the plane, so it is drawn as
// dots. In the relief each dot is at its true loss, above or below the surface.

import { inside } from "../canvas/geometry.js";
import { drawLabel } from "./label.js";
import { fillDisc, stroke } from "../canvas/stroke.js";

/** Pixels of one run's points, with the points; null where a number is not finite. */
function pointsOf(projection, run, place) {
  const count = projection.at.length;
  const first = projection.runs.indexOf(run) * count;
  return Array.from({ length: count }, (_, k) => {
    const [x, y, loss] = ["x", "y", "loss"].map((name) => projection[name][first + k]);
    return { x, y, pixel: Number.isFinite(x + y + loss) ? place(x, y, loss) : null };
  });
}

const labelOf = (run) => (run === "recorded" ? "recorded run" : `projection, ${run} clipping`);

/** Draw one run's projection; `place(x, y, loss)` gives pixels. */
export function drawProjection(context, { projection, run, window, style, place, box }) {
  const points = pointsOf(projection, run, place).filter(({ pixel }) => pixel);
  if (!points.length) return;
  context.beginPath();
  for (const { pixel } of points) context.lineTo(...pixel);
  stroke(context, { colour: style.fill, width: 1, alpha: 0.5, dash: [1, 3] });
  context.setLineDash([]);
  const within = points.filter(({ x, y }) => inside(window, x, y));
  for (const { pixel } of within) fillDisc(context, pixel, 2.4, style.fill);
  const end = within.at(-1);
  if (end) drawLabel(context, style, labelOf(run), end.pixel, box);
}
