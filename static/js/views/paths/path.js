// Path: straight segments through a run's iterates, drawn over the map, the relief or the outcomes.

import { formatNumber } from "../../state/numbers.js";
import { inside, isFiniteRow, segmentBetween } from "../canvas/geometry.js";
import { drawLabel } from "./label.js";
import { drawArrowHead, drawCurrentMarker, drawMarkers, spacedOut } from "./marker.js";
import { isThrown, polylineOf } from "./polyline.js";
import { stroke } from "../canvas/stroke.js";
import { byCloseness } from "./zigzag.js";

/** The point at share `share` of the way from `start` to `end`. */
const between = (start, end, share) => [0, 1].map((c) => start[c] + (end[c] - start[c]) * share);

/** The step, with a fraction, at share `share` of the way between the rows of a segment. */
const stepAt = ({ k, until }, share) => k + share * (until - k);

/** How far along a segment the path is at `step`: 0 at the segment's start, 1 at its end. */
const shareAt = ({ k, until, from, to }, step) => ((step - k) / (until - k) - from) / (to - from || 1);

/** Trace the path from step `from` up to step `to` (fractions allowed) as one polyline. */
function tracePath(context, lines, from, to) {
  context.beginPath();
  // The step at which the last segment ended inside the window: the next one continues the line there.
  let joint = -1;
  for (const { segment, start, end } of lines) {
    if (segment.until <= from || segment.k >= to) continue;
    if (joint !== segment.k || segment.from > 0) context.moveTo(...start);
    context.lineTo(...between(start, end, Math.min(1, Math.max(0, shareAt(segment, to)))));
    joint = segment.leaves ? -1 : segment.until;
  }
}

const THIN = 0.9; // pixels of the line of a narrow zigzag

/** A wide light line under the path up to the current step, so that it is visible on every colour of the map. */
function strokeCasing(context, { lines, style, step }) {
  context.lineJoin = "round";
  tracePath(context, lines, 0, step);
  stroke(context, { colour: style.casing, width: 4.5 * style.scale, alpha: 0.8, dash: [] });
}

/** The path up to the current step, and faint after it. */
function strokePath(context, { lines, dense, style, step, summary }) {
  const { scale } = style;
  const dash = dense ? [] : style.dash.map((length) => length * scale);
  const { close, apart } = byCloseness(lines);
  tracePath(context, apart, 0, step);
  stroke(context, { colour: style.fill, width: 2 * scale, dash });
  tracePath(context, close, 0, step);
  stroke(context, { colour: style.fill, width: THIN * scale, dash: [] });
  tracePath(context, lines, Math.floor(step), summary.last);
  stroke(context, { colour: style.fill, width: 1.25 * scale, alpha: dense ? 0.25 : 0.55, dash: dense ? [] : [2, 4] });
  context.setLineDash([]);
}

const same = (point) => point;

/** A run's path as it is drawn: its segments, its iterates that have a marker, and the current point, in pixels. */
function pathOf({ trajectory, summary, style, place, placedBy, project = same, step, window, box }) {
  const { lines, dense, iterates } = polylineOf(window, { trajectory, summary }, place, placedBy);
  const projected =
    project === same ? lines : lines.map((line) => ({ ...line, start: project(line.start), end: project(line.end) }));
  const toPixel = (x, y, loss) => project(place(x, y, loss));
  const reached = iterates.filter(({ k }) => k <= step && k < summary.last);
  const marked = spacedOut(
    reached.map(({ k, point }) => ({ k, point: project(point) })),
    ({ k }) => isThrown(summary, k),
  );
  return {
    lines: projected,
    dense,
    marked: marked.map(({ point }) => point),
    current: pointAt(window, trajectory, Math.min(step, summary.last), toPixel),
    endsOutside: step >= summary.last && endsOutside(window, trajectory, summary),
    summary,
    style,
    step,
    box,
  };
}

/**
 * Draw paths over each other, the first one on top. Casings are below all lines, and the first path is dashed, so both
 * are visible where they are alike.
 */
function drawTogether(context, paths) {
  for (const path of paths) strokeCasing(context, path);
  for (const path of [...paths].reverse()) {
    strokePath(context, path);
    drawMarkers(context, path.style, path.marked);
  }
  for (const path of paths) {
    drawExits(context, path);
    if (path.endsOutside) labelEnd(context, path);
  }
  for (const { current, style } of [...paths].reverse()) if (current) drawCurrentMarker(context, style, current);
}

/**
 * Draw one run within a window. `place(x, y, loss)` gives coordinates in about pixels, and `project` their pixel; `place`
 * depends on the values `placedBy`. `step` is the current step, fractions allowed: the path is strong up to it and faint
 * after it.
 */
export function drawPath(context, run) {
  drawTogether(context, [pathOf(run)]);
}

/** Labels for the rows of a run with Inf or NaN, up to the current step. */
function nonfiniteLabels({ gap_rows: rows, gap_first: first, gap_last: last, nonfinite_step: lost }, step) {
  const every = rows > last - first ? "steps" : `${rows} of the steps`;
  const gap = first === last ? `Inf or NaN at step ${first}` : `Inf or NaN at ${every} ${first} to ${last}`;
  const labels = rows && step >= first ? [gap] : [];
  return lost >= 0 && step >= lost ? [...labels, `Inf or NaN from step ${lost} on`] : labels;
}

/**
 * Draw the paths of several runs as `drawPath` does, the first one on top, and label those that have diverged.
 * @param {CanvasRenderingContext2D} context
 * @param {any} pictures the runs, their styles, and what `drawPath` needs besides
 */
export function drawPaths(context, { runs, styles, ...picture }) {
  const { step, box } = picture;
  drawTogether(
    context,
    runs.map(({ run, trajectory, summary }) => pathOf({ trajectory, summary, style: styles[run], ...picture })),
  );
  for (const { run, summary } of runs)
    for (const text of nonfiniteLabels(summary, step))
      drawLabel(context, styles[run], text, [box.left + box.width, box.top], box);
}

/** Arrow heads where the path leaves the window, up to the current step. */
function drawExits(context, { lines, style, step, summary, box }) {
  for (const { segment, start, end } of lines) {
    if (!segment.leaves || step < stepAt(segment, segment.to)) continue;
    drawArrowHead(context, style, start, end);
    if (isThrown(summary, segment.k))
      drawLabel(context, style, `thrown ${formatNumber(summary.thrown_length)} units`, end, box, [start, end]);
  }
}

/** Whether a run of finite numbers ends outside the window, where nothing marks its end. */
function endsOutside(window, { x, y }, { last, nonfinite_step: lost }) {
  return lost < 0 && !inside(window, x[last], y[last]);
}

/** Say so at the arrow by which it left the window last, unless that is the throw, whose label says more. */
function labelEnd(context, { lines, style, summary, box }) {
  const exit = lines.findLast(({ segment }) => segment.leaves);
  if (!exit || isThrown(summary, exit.segment.k)) return;
  drawLabel(context, style, "ends outside", exit.end, box, [exit.start, exit.end]);
}

/** The pixel of the run at `step`, fractions allowed; null if it is outside the window. */
function pointAt(window, trajectory, step, toPixel) {
  const { x, y, loss } = trajectory;
  const k = Math.floor(step);
  if (step === k) return isFiniteRow(trajectory, k) && inside(window, x[k], y[k]) ? toPixel(x[k], y[k], loss[k]) : null;
  const segment = segmentBetween(window, trajectory, k, k + 1);
  const share = segment ? shareAt(segment, step) : -1;
  if (share < 0 || share > 1) return null;
  const { x0, y0, loss0, x1, y1, loss1 } = segment;
  return between(toPixel(x0, y0, loss0), toPixel(x1, y1, loss1), share);
}
