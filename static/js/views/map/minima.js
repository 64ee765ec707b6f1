// Minima: a cross at each known minimum, or a dotted line along a valley of them; and what the caption says of them.

import { runStyles } from "../canvas/run_style.js";
import { inside } from "../canvas/geometry.js";
import { strokeCased } from "../canvas/stroke.js";

function drawValley(context, points, { ink, paper, scale }) {
  context.beginPath();
  for (const point of points) context.lineTo(...point);
  context.setLineDash([1, 4 * scale]);
  context.lineCap = "round";
  strokeCased(context, { colour: paper, width: 3.5 * scale }, { colour: ink, width: 1.6 * scale });
  context.setLineDash([]);
  context.lineCap = "butt";
}

function drawCross(context, [x, y], { ink, paper, scale }) {
  const arm = 5 * scale;
  context.beginPath();
  context.moveTo(x - arm, y);
  context.lineTo(x + arm, y);
  context.moveTo(x, y - arm);
  context.lineTo(x, y + arm);
  strokeCased(context, { colour: paper, width: 4 * scale }, { colour: ink, width: 1.6 * scale });
}

/** Draw the `minima` `x, y, x, y, ...`; `place(x, y)` gives pixels, and in a `valley` they are joined. */
export function drawMinima(context, minima, place, valley) {
  const points = [];
  for (let k = 0; k < minima.length; k += 2) points.push(place(minima[k], minima[k + 1]));
  if (valley && points.length > 1) drawValley(context, points, runStyles());
  else for (const point of points) drawCross(context, point, runStyles());
}

/** What marks the minima of a surface that are in its window, in words; empty if there are none. */
export function minimaWords({ minima, window, valley }) {
  const points = Array.from({ length: minima.length / 2 }, (_, k) => [minima[2 * k], minima[2 * k + 1]]);
  const shown = points.filter(([x, y]) => inside(window, x, y));
  if (!shown.length) return "";
  if (valley && points.length > 1) return "Dotted: minima.";
  return shown.length > 1 ? "Crosses: minima." : "Cross: minimum.";
}
