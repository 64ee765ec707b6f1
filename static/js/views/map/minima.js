// Minima: a cross at each known minimum, or a dotted line along a valley of them.

import { runStyles } from "../canvas/run_style.js";
import { strokeCased } from "../canvas/stroke.js";

function drawValley(context, points, { ink, paper }) {
  context.beginPath();
  for (const point of points) context.lineTo(...point);
  context.setLineDash([1, 4]);
  context.lineCap = "round";
  strokeCased(context, { colour: paper, width: 3.5 }, { colour: ink, width: 1.6 });
  context.setLineDash([]);
  context.lineCap = "butt";
}

function drawCross(context, [x, y], { ink, paper }) {
  context.beginPath();
  context.moveTo(x - 5, y);
  context.lineTo(x + 5, y);
  context.moveTo(x, y - 5);
  context.lineTo(x, y + 5);
  strokeCased(context, { colour: paper, width: 4 }, { colour: ink, width: 1.6 });
}

/** Draw the `minima` `x, y, x, y, ...`; `place(x, y)` gives pixels, and in a `valley` they are joined. */
export function drawMinima(context, minima, place, valley) {
  const points = [];
  for (let k = 0; k < minima.length; k += 2) points.push(place(minima[k], minima[k + 1]));
  if (valley && points.length > 1) drawValley(context, points, runStyles());
  else for (const point of points) drawCross(context, point, runStyles());
}
