// Polyline: the segments of a run that lie in the window, and the iterates that get a marker. A long run has only those
// that can be told apart.

import { distinctSegments, FEW, LENGTH, lengthOf, pointFilter, memoize, stretchesOf } from "../canvas/decimation.js";
import { inside, isFiniteRow, segmentBetween } from "../canvas/geometry.js";
import { SPACING } from "./marker.js";

/** Whether a run is thrown by the step from row `k`. */
export const isThrown = ({ thrown, thrown_step: step }, k) => thrown && k === step;

/** Every segment and every iterate. */
function wholePolyline(window, trajectory, last, place) {
  const stretches = Array.from({ length: last }, (_, k) => [k, k + 1]);
  const lines = linesOf(window, trajectory, stretches, place);
  return { lines, dense: false, iterates: iteratesOf(window, trajectory, stretches, place) };
}

/** The segments and iterates that differ from earlier ones by what can be seen. */
function sparsePolyline(window, trajectory, last, place, isKept) {
  const { x, y, loss } = trajectory;
  const pointAt = (k) => (isFiniteRow(trajectory, k) ? place(x[k], y[k], loss[k]) : null);
  const stretches = stretchesOf(last, pointAt);
  const isNewPoint = pointFilter(SPACING);
  const lines = distinctSegments(linesOf(window, trajectory, stretches, place), ({ segment }) => isKept(segment.k));
  return {
    lines,
    dense: lines.reduce((sum, line) => sum + lengthOf(line), 0) > LENGTH,
    iterates: iteratesOf(window, trajectory, stretches, place).filter(({ k, point }) => isNewPoint(point) || isKept(k)),
  };
}

function linesOf(window, trajectory, stretches, place) {
  const lines = [];
  for (const [k, until] of stretches) {
    const segment = segmentBetween(window, trajectory, k, until);
    if (!segment) continue;
    const { x0, y0, loss0, x1, y1, loss1 } = segment;
    lines.push({ segment, start: place(x0, y0, loss0), end: place(x1, y1, loss1) });
  }
  return lines;
}

/** The first row of every stretch that lies in the window. */
function iteratesOf(window, trajectory, stretches, place) {
  const { x, y, loss } = trajectory;
  return stretches
    .filter(([k]) => isFiniteRow(trajectory, k) && inside(window, x[k], y[k]))
    .map(([k]) => ({ k, point: place(x[k], y[k], loss[k]) }));
}

/**
 * The polyline of a run: `lines` with the ends that `place(x, y, loss)` gives them, whether these are so `dense` that dashes
 * cannot be told apart, and `iterates`. It is computed again
 * when the window or one of the values `placedBy` changes, on which `place` depends.
 */
export function polylineOf(window, { trajectory, summary }, place, placedBy) {
  const { last } = summary;
  if (last <= FEW) return wholePolyline(window, trajectory, last, place);
  return memoize(trajectory, ["polyline", String(window), last, ...placedBy], () =>
    sparsePolyline(window, trajectory, last, place, (k) => isThrown(summary, k)),
  );
}
