// Geometry: from coordinates of the window to pixels and back, and the part of a path that lies in the window.

/** Map from the window to a rectangle of pixels and back. */
export function mapping([left, right, bottom, top], box) {
  const across = box.width / (right - left);
  const up = box.height / (top - bottom);
  return {
    toPixel: (x, y) => [box.left + (x - left) * across, box.top + (top - y) * up],
    toPoint: (px, py) => [left + (px - box.left) / across, top - (py - box.top) / up],
  };
}

export function inside([left, right, bottom, top], x, y) {
  return x >= left && x <= right && y >= bottom && y <= top;
}

export function clamp([left, right, bottom, top], [x, y]) {
  return [Math.min(Math.max(x, left), right), Math.min(Math.max(y, bottom), top)];
}

/** The part of a segment inside the window as shares [from, to] of it, or null (Liang and Barsky 1984). */
export function cut([left, right, bottom, top], x0, y0, x1, y1) {
  let from = 0;
  let to = 1;
  for (const [start, change, low, high] of [
    [x0, x1 - x0, left, right],
    [y0, y1 - y0, bottom, top],
  ]) {
    // Parallel to these two edges: inside for its whole length, or outside.
    if (change === 0) {
      if (start < low || start > high) return null;
      continue;
    }
    // Shares of the segment at which it crosses the two edges.
    const a = (low - start) / change;
    const b = (high - start) / change;
    from = Math.max(from, Math.min(a, b));
    to = Math.min(to, Math.max(a, b));
  }
  return from <= to ? [from, to] : null;
}

/** Whether a row of a trajectory has a place and a loss. */
export function isFiniteRow({ x, y, loss }, k) {
  return Number.isFinite(x[k]) && Number.isFinite(y[k]) && Number.isFinite(loss[k]);
}

/**
 * The segment from row `k` of a path straight to row `until`, where it lies in the window; null if it does not, or if one
 * of the rows has Inf or NaN. It runs from (x0, y0, loss0) to (x1, y1, loss1), shares `from` and `to` of the way between
 * the rows; `leaves` says whether the path leaves the window there.
 */
export function segmentBetween(window, trajectory, k, until) {
  if (!isFiniteRow(trajectory, k) || !isFiniteRow(trajectory, until)) return null;
  const { x, y, loss } = trajectory;
  const share = cut(window, x[k], y[k], x[until], y[until]);
  if (!share) return null;
  const [from, to] = share;
  const along = (a, t) => a[k] + (a[until] - a[k]) * t;
  return {
    k,
    until,
    from,
    to,
    x0: along(x, from),
    y0: along(y, from),
    loss0: along(loss, from),
    x1: along(x, to),
    y1: along(y, to),
    loss1: along(loss, to),
    leaves: to < 1,
  };
}

/** The part of an element within its margins, in pixels. */
export function boxWithin(element, { left, right, top, bottom }) {
  // A hidden element has no size; scales divide by the width and the height.
  const width = Math.max(element.clientWidth - left - right, 10);
  const height = Math.max(element.clientHeight - top - bottom, 10);
  return { left, top, width, height, right: left + width, bottom: top + height };
}
