// Path: straight segments through a run's iterates, drawn over the map, the relief or the outcomes.

import { formatNumber } from "../../state/numbers.js";
import { inside, isFiniteRow, segmentsIn } from "../canvas/geometry.js";
import { drawLabel } from "./label.js";
import { drawArrowHead, drawCurrentMarker, drawMarkers } from "./marker.js";
import { stroke, strokeCased } from "../canvas/stroke.js";

/** The point at share `share` of the way from `start` to `end`. */
const between = (start, end, share) => [0, 1].map((c) => start[c] + (end[c] - start[c]) * share);

/** How far along a segment the path is at `step`: 0 at the segment's start, 1 at its end. */
const shareAt = ({ k, from, to }, step) => (step - k - from) / (to - from || 1);

/** Trace the path from step `from` up to step `to` (fractions allowed) as one polyline. */
function tracePath(context, lines, from, to) {
  context.beginPath();
  // The step at which the last segment ended inside the window: the next one continues the line there.
  let joint = -1;
  for (const { segment, start, end } of lines) {
    if (segment.k + 1 <= from || segment.k >= to) continue;
    if (joint !== segment.k || segment.from > 0) context.moveTo(...start);
    context.lineTo(...between(start, end, Math.min(1, Math.max(0, shareAt(segment, to)))));
    joint = segment.leaves ? -1 : segment.k + 1;
  }
}

/**
 * Draw one run within a window. `place(x, y, loss)` gives pixels; `step` is the current step, fractions allowed: the
 * path is strong up to it and faint after it.
 */
export function drawPath(context, { trajectory, summary, style, place, step, window, box }) {
  const lines = segmentsIn(window, trajectory, summary.last).map((segment) => ({
    segment,
    start: place(segment.x0, segment.y0, segment.loss0),
    end: place(segment.x1, segment.y1, segment.loss1),
  }));
  context.lineJoin = "round";
  tracePath(context, lines, 0, step);
  strokeCased(
    context,
    // The light casing keeps the line visible on every colour of the map.
    { colour: style.casing, width: 4.5, alpha: 0.8, dash: [] },
    { colour: style.fill, width: 2, dash: style.dash },
  );
  tracePath(context, lines, Math.floor(step), summary.last);
  stroke(context, { colour: style.fill, width: 1.25, alpha: 0.55, dash: [2, 4] });
  context.setLineDash([]);
  const seen = (k) => isFiniteRow(trajectory, k) && inside(window, trajectory.x[k], trajectory.y[k]);
  const pixelOf = (k) => place(trajectory.x[k], trajectory.y[k], trajectory.loss[k]);
  const iterates = Array.from({ length: Math.min(Math.floor(step) + 1, summary.last) }, (_, k) => k).filter(seen);
  drawMarkers(context, style, iterates.map(pixelOf));
  drawExits(context, { lines, style, step, summary, box });
  const now = Math.min(step, summary.last);
  const point = now > Math.floor(now) ? pointBetween(lines, now) : seen(now) && pixelOf(now);
  if (point) drawCurrentMarker(context, style, point);
}

/** Labels for the rows of a run with Inf or NaN, up to the current step. */
function nonfiniteLabels({ gap_rows: rows, gap_first: first, gap_last: last, nonfinite_step: lost }, step) {
  const gap = first === last ? `Inf or NaN at step ${first}` : `Inf or NaN at steps ${first} to ${last}`;
  const labels = rows && step >= first ? [gap] : [];
  return lost >= 0 && step >= lost ? [...labels, `Inf or NaN from step ${lost} on`] : labels;
}

/** Draw the paths of several runs, and label those that have diverged. */
export function drawPaths(context, { runs, styles, place, step, window, box }) {
  for (const { run, trajectory, summary } of runs) {
    drawPath(context, { trajectory, summary, style: styles[run], place, step, window, box });
    for (const text of nonfiniteLabels(summary, step))
      drawLabel(context, styles[run], text, [box.left + box.width, box.top], box);
  }
}

/** Arrow heads where the path leaves the window, up to the current step. */
function drawExits(context, { lines, style, step, summary, box }) {
  for (const { segment, start, end } of lines) {
    if (!segment.leaves || step < segment.k + segment.to) continue;
    drawArrowHead(context, style, start, end);
    if (summary.thrown && segment.k === summary.thrown_step)
      drawLabel(context, style, `thrown ${formatNumber(summary.thrown_length)} units`, end, box);
  }
}

/** The pixel of the run between two iterates while it plays; null if it is outside the window. */
function pointBetween(lines, step) {
  const line = lines.find(({ segment }) => segment.k === Math.floor(step));
  const share = line ? shareAt(line.segment, step) : -1;
  return share >= 0 && share <= 1 ? between(line.start, line.end, share) : null;
}
