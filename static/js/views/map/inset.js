// Inset: where a run has left the window, its whole path on a symmetric log scale around the window.

import { traceLine } from "../canvas/axes.js";
import { distinctSegments, FEW, memoize, stretchesOf } from "../canvas/decimation.js";
import { inside, isFiniteRow, mapping } from "../canvas/geometry.js";
import { runStyles } from "../canvas/run_style.js";
import { fillDisc, stroke } from "../canvas/stroke.js";
import { formatNumber } from "../../state/numbers.js";

const CAPTION = 18; // pixels of the line below the picture
const FARTHEST = 300; // powers of ten, near the end of float64

/** Distance from the window's centre in half windows, on a scale that is linear inside and logarithmic outside. */
function logDistance(value, low, high) {
  const distance = (value - (low + high) / 2) / ((high - low) / 2);
  return Math.sign(distance) * Math.log10(1 + Math.abs(distance));
}

/** @returns {[number, number]} */
function logPoint([left, right, bottom, top], x, y) {
  return [logDistance(x, left, right), logDistance(y, bottom, top)];
}

/** The largest distance of a run's point outside the window; 0 where there is none. */
function farthestOf(window, { trajectory, summary }) {
  return memoize(trajectory, ["farthest", String(window), summary.last], () => {
    let far = 0;
    for (let k = 0; k <= summary.last; k++) {
      if (!isFiniteRow(trajectory, k) || inside(window, trajectory.x[k], trajectory.y[k])) continue;
      const [x, y] = logPoint(window, trajectory.x[k], trajectory.y[k]);
      far = Math.max(far, Math.abs(x), Math.abs(y));
    }
    return Math.min(far, FARTHEST);
  });
}

/** Left and top of the inset in each corner of the map, below or above the name of an axis. */
function cornersOf(box, size) {
  const named = runStyles().size + 14;
  return [0, 1].flatMap((right) =>
    [1, 0].map((bottom) => [
      right ? box.left + box.width - size - 8 : box.left + 8,
      bottom ? box.top + box.height - size - CAPTION - (right ? named : 8) : box.top + (right ? 8 : named),
    ]),
  );
}

/**
 * How many points of the paths an inset at `[left, top]` would cover. A start counts for a thousand.
 * @param {number[]} corner
 */
function coveredBy(corner, size, runs, toPixel) {
  const [left, top] = corner;
  const room = 24;
  const height = size + CAPTION;
  let count = 0;
  for (const { trajectory, summary } of runs) {
    // The points of a long run are counted at intervals.
    const interval = Math.ceil((summary.last + 1) / FEW);
    for (let k = 0; k <= summary.last; k += interval) {
      const [x, y] = toPixel(trajectory.x[k], trajectory.y[k]);
      if (x > left - room && x < left + size + room && y > top - room && y < top + height + room) count += k ? 1 : 1000;
    }
  }
  return count;
}

/** The corner of the map in which the inset covers the least of the paths. */
function emptiestCorner(window, runs, box, size) {
  const { toPixel } = mapping(window, box);
  const corners = cornersOf(box, size);
  const counts = corners.map((corner) => coveredBy(corner, size, runs, toPixel));
  return corners[counts.indexOf(Math.min(...counts))];
}

function drawPlate(context, styles, [left, top], size, caption) {
  context.fillStyle = styles.paper;
  context.globalAlpha = 0.92;
  context.fillRect(left, top, size, size + CAPTION);
  context.globalAlpha = 1;
  context.strokeStyle = styles.muted;
  context.lineWidth = 1;
  context.strokeRect(left + 0.5, top + 0.5, size - 1, size + CAPTION - 1);
  context.font = `${styles.size * 0.85}px ${styles.font}`;
  context.fillStyle = styles.muted;
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.fillText(caption, left + 6, top + size + CAPTION / 2 - 1, size - 12);
}

/** The square of all points up to `distance` half windows from the centre, as left, top, width and height. */
function squareOf(distance, toPixel) {
  const edge = Math.log10(1 + distance);
  const [x0, y0] = toPixel([-edge, edge]);
  const [x1, y1] = toPixel([edge, -edge]);
  return [x0, y0, x1 - x0, y1 - y0];
}

/** The window, and squares at 10, 100, ... half windows around it. */
function drawSquares(context, styles, far, toPixel) {
  const every = Math.max(1, Math.ceil(Math.ceil(far) / 4));
  context.strokeStyle = styles.line;
  context.lineWidth = 1;
  for (let power = every; power < far; power += every) context.strokeRect(...squareOf(10 ** power, toPixel));
  context.fillStyle = styles.line;
  context.fillRect(...squareOf(1, toPixel));
  context.strokeStyle = styles.ink;
  context.strokeRect(...squareOf(1, toPixel));
}

/** The segments of a run that can be told apart in the inset; null for a run that is drawn as it is. */
function segmentsOf(trajectory, summary, pointAt, placedBy) {
  if (summary.last <= FEW) return null;
  return memoize(trajectory, ["inset", summary.last, ...placedBy], () => {
    const stretches = stretchesOf(summary.last, pointAt);
    return distinctSegments(stretches.map(([k, until]) => ({ k, until, start: pointAt(k), end: pointAt(until) })));
  });
}

/** One run up to the current step, and where it is now. */
function drawTrack(context, style, { trajectory, summary }, step, place, placedBy) {
  const last = Math.min(Math.floor(step), summary.last);
  const pointAt = (k) => (isFiniteRow(trajectory, k) ? place(trajectory.x[k], trajectory.y[k]) : null);
  const segments = segmentsOf(trajectory, summary, pointAt, placedBy);
  if (segments) traceSegments(context, segments, last);
  else traceLine(context, 0, last, pointAt);
  stroke(context, { colour: style.fill, width: 1.75, dash: style.dash.map((length) => length / 2) });
  context.setLineDash([]);
  const now = pointAt(last);
  if (now) fillDisc(context, now, 3, style.fill);
}

/** Trace segments up to row `last`. */
function traceSegments(context, segments, last) {
  context.beginPath();
  let joint = -1;
  for (const { k, until, start, end } of segments) {
    if (until > last) break;
    if (k !== joint) context.moveTo(...start);
    context.lineTo(...end);
    joint = until;
  }
}

/** Draw the inset where a run has left the window, and add its rectangle to `box.taken`. */
export function drawInset(context, { window, runs, step, box }) {
  const far = Math.max(0, ...runs.map((run) => farthestOf(window, run)));
  if (!far) return;
  const styles = runStyles();
  const size = Math.min(132, box.width * 0.3, box.height * 0.36);
  const [left, top] = emptiestCorner(window, runs, box, size);
  box.taken?.push([left, top, size, size + CAPTION]);
  const scale = (size / 2 - 9) / far;
  const held = (distance) => Math.max(-far, Math.min(far, distance));
  /** @returns {[number, number]} */
  const toPixel = ([x, y]) => [left + size / 2 + held(x) * scale, top + size / 2 - held(y) * scale];
  context.save();
  drawPlate(context, styles, [left, top], size, `${formatNumber(10 ** far - 1)}×, log scale`);
  drawSquares(context, styles, far, toPixel);
  const place = (x, y) => toPixel(logPoint(window, x, y));
  const placedBy = [String(window), left, top, size, far];
  for (const run of runs) drawTrack(context, styles[run.run], run, step, place, placedBy);
  context.restore();
}
