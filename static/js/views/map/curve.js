// Curve: a loss of one parameter, with axes, on the canvas under the map. Where it has no value, it is hatched, and where
// it is infinite, dotted, with the name.

import { formatNumber } from "../../state/numbers.js";
import { drawWithin, fitContext } from "../canvas/context.js";
import { inside, isFiniteRow, mapping } from "../canvas/geometry.js";
import { fillDots, fillLines } from "../canvas/hatching.js";
import { runStyles } from "../canvas/run_style.js";
import { stroke } from "../canvas/stroke.js";
import { traceLine } from "../canvas/axes.js";
import { toValue } from "../canvas/value_scale.js";
import { curvePlane, tangentAt } from "./curve_plane.js";
import { drawMapAxes } from "./map_axes.js";

const NAMED = 34; // pixels of a band in which its name fits

/** Stretches of columns whose heights are of a kind, as pairs of the first and the last one. */
export function stretchesWhere(heights, isKind) {
  const found = [];
  for (let k = 0; k < heights.length; k++) {
    if (!isKind(heights[k])) continue;
    if (found.length && found.at(-1)[1] === k - 1) found.at(-1)[1] = k;
    else found.push([k, k]);
  }
  return found;
}

/** Fill the stretches over the whole height, and name those that are wide enough. */
function drawBands(context, box, { heights }, isKind, name, fill) {
  const { muted, paper, font, size } = runStyles();
  const across = box.width / (heights.length - 1);
  for (const [first, last] of stretchesWhere(heights, isKind)) {
    // Half a column on each side belongs to a point.
    const left = Math.max(box.left, box.left + (first - 0.5) * across);
    const width = Math.min(box.right, box.left + (last + 0.5) * across) - left;
    drawWithin(context, { ...box, left, width }, () => {
      context.translate(left, box.top);
      fill(context, { width, height: box.height });
    });
    if (width < NAMED) continue;
    const [x, y] = [left + width / 2, box.top + box.height / 2];
    context.font = `${size * 0.9}px ${font}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    const half = context.measureText(name).width / 2 + 5;
    context.fillStyle = paper;
    context.fillRect(x - half, y - size * 0.75, 2 * half, size * 1.5);
    context.fillStyle = muted;
    context.fillText(name, x, y);
  }
}

/** The curve as a line with gaps. Heights far above the picture would exceed what a canvas can draw. */
function traceCurve(context, box, { window, heights }) {
  const { toPixel } = mapping(window, box);
  const [left, right] = window;
  const far = 4 * box.height;
  traceLine(context, 0, heights.length - 1, (k) => {
    if (!Number.isFinite(heights[k])) return null;
    const [x, y] = toPixel(left + ((right - left) * k) / (heights.length - 1), heights[k]);
    return [x, Math.min(Math.max(y, box.top - far), box.bottom + far)];
  });
}

/** The range of the losses in words. */
function legendWords({ seen: { low, high, scale, finite, missing, infinite } }) {
  const holes = [missing && "NaN hatched", infinite && "Inf dotted"].filter(Boolean);
  const range = [low, high].map((height) => formatNumber(toValue(height, scale)));
  return [finite ? `loss ${range.join(" ... ")}` : "no finite loss", ...holes].join("; ");
}

/**
 * Paint the curve of a surface of one row in a box.
 * @returns {string} the range of its losses in words
 */
export function paintCurve(canvas, surface, box, scale) {
  const context = fitContext(canvas);
  const plane = curvePlane(surface, scale);
  const { ink, scale: thick } = runStyles();
  drawBands(context, box, plane, Number.isNaN, "NaN", fillLines);
  drawBands(context, box, plane, (height) => height === Infinity || height === -Infinity, "Inf", fillDots);
  drawWithin(context, box, () => {
    traceCurve(context, box, plane);
    stroke(context, { colour: ink, width: 2 * thick, alpha: 0.75 });
  });
  const { window, axes, upward } = plane;
  drawMapAxes(context, box, { window, axes, upward, toPixel: mapping(window, box).toPixel });
  return legendWords(plane);
}

const TANGENT = 38; // pixels on each side of the point

/** The tangent of each run at its current point. Its slope is the gradient, of which a plain step is a multiple. */
export function drawTangents(context, { plane, runs, step, scale, box }) {
  const styles = runStyles();
  const { toPixel } = mapping(plane.window, box);
  for (const { run, trajectory, summary } of runs) {
    const k = Math.min(Math.floor(step), summary.last);
    if (!isFiniteRow(trajectory, k) || !inside(plane.window, trajectory.x[k], trajectory.y[k])) continue;
    const direction = tangentAt(plane, scale, trajectory, k, box);
    if (!direction) continue;
    const [x, y] = toPixel(trajectory.x[k], trajectory.y[k]);
    const [dx, dy] = direction.map((share) => share * TANGENT * styles.scale);
    context.beginPath();
    context.moveTo(x - dx, y - dy);
    context.lineTo(x + dx, y + dy);
    context.setLineDash([]);
    stroke(context, { colour: styles[run].fill, width: 1.25 * styles.scale });
  }
}
