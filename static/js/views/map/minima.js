// Minima: a cross at each known minimum, a small one where others are lower, or a dotted line along a valley of them; and
// what the caption says of them.

import { runStyles } from "../canvas/run_style.js";
import { cut, inside } from "../canvas/geometry.js";
import { strokeCased } from "../canvas/stroke.js";

const [ARM, SMALL_ARM] = [5, 3.5]; // pixels

/**
 * The part of a line in a box. Outside, a browser would make every dot too: 40 ms in each frame for a valley that is a
 * thousand times as long as the window.
 */
function traceWithin(context, points, { left, top, width, height }) {
  /** @type {[number, number, number, number]} */
  const around = [left - ARM, left + width + ARM, top - ARM, top + height + ARM];
  let end = null;
  for (let k = 1; k < points.length; k++) {
    const [[x0, y0], [x1, y1]] = [points[k - 1], points[k]];
    const shares = cut(around, x0, y0, x1, y1);
    if (!shares) continue;
    const [from, to] = shares.map((share) => [x0 + (x1 - x0) * share, y0 + (y1 - y0) * share]);
    if (shares[0] > 0 || end !== k - 1) context.moveTo(...from);
    context.lineTo(...to);
    end = shares[1] < 1 ? null : k;
  }
}

function drawValley(context, points, { ink, paper, scale }, box) {
  context.beginPath();
  traceWithin(context, points, box);
  context.setLineDash([1, 4 * scale]);
  context.lineCap = "round";
  strokeCased(context, { colour: paper, width: 3.5 * scale }, { colour: ink, width: 1.6 * scale });
  context.setLineDash([]);
  context.lineCap = "butt";
}

function drawCross(context, [x, y], length, { ink, paper, scale }) {
  const arm = length * scale;
  context.beginPath();
  context.moveTo(x - arm, y);
  context.lineTo(x + arm, y);
  context.moveTo(x, y - arm);
  context.lineTo(x, y + arm);
  strokeCased(context, { colour: paper, width: 4 * scale }, { colour: ink, width: 1.6 * scale });
}

/** The pairs `x, y` of numbers `x, y, x, y, ...`. */
const pairsOf = (numbers) => Array.from({ length: numbers.length / 2 }, (_, k) => [numbers[2 * k], numbers[2 * k + 1]]);

/**
 * Draw the `minima` `x, y, x, y, ...` and the `local_minima`, which are higher; `place(x, y)` gives pixels of a `box`, and in
 * a `valley` minima are joined.
 */
export function drawMinima(context, { minima, local_minima }, { place, box, valley }) {
  const styles = runStyles();
  const [points, others] = [minima, local_minima].map((numbers) => pairsOf(numbers).map(([x, y]) => place(x, y)));
  for (const point of others) drawCross(context, point, SMALL_ARM, styles);
  if (valley && points.length > 1) drawValley(context, points, styles, box);
  else for (const point of points) drawCross(context, point, ARM, styles);
}

const UNSEARCHED = "Minima were not searched for: the loss takes too many operations.";

const counted = (count, one, several) => (count > 1 ? several : one);

/** What marks the minima of a surface that are in its window, in words; empty if there are none. */
export function minimaWords({ minima, local_minima, window, valley, searched = true }) {
  if (!searched) return UNSEARCHED;
  const [shown, others] = [minima, local_minima].map(
    (numbers) => pairsOf(numbers).filter(([x, y]) => inside(window, x, y)).length,
  );
  if (!shown) return others ? counted(others, "Small cross: local minimum.", "Small crosses: local minima.") : "";
  const lowest = valley && minima.length > 2 ? "Dotted: minima" : counted(shown, "Cross: minimum", "Crosses: minima");
  // Beside a relief there is room for few words.
  return others ? `${lowest}; small: local.` : `${lowest}.`;
}
