// Geometry: where slice coordinates lie on screen, and what of a path lies inside the window.

/** Map from the window to a rectangle of pixels: two multiplications each way. */
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

export function clamped([left, right, bottom, top], [x, y]) {
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
    if (change === 0) {
      if (start < low || start > high) return null;
      continue;
    }
    const a = (low - start) / change;
    const b = (high - start) / change;
    from = Math.max(from, Math.min(a, b));
    to = Math.min(to, Math.max(a, b));
  }
  return from <= to ? [from, to] : null;
}

/**
 * The straight pieces of a path that lie in the window. Each runs from (x0, y0, loss0) to (x1, y1, loss1),
 * belongs to the step from row k, and tells whether the path leaves the window there.
 */
export function pieces(trajectory, window, last) {
  const { x, y, loss } = trajectory;
  const found = [];
  for (let k = 0; k < last; k++) {
    const share = cut(window, x[k], y[k], x[k + 1], y[k + 1]);
    if (!share) continue;
    const [from, to] = share;
    const along = (a, t) => a[k] + (a[k + 1] - a[k]) * t;
    found.push({
      k,
      from,
      to,
      x0: along(x, from),
      y0: along(y, from),
      loss0: along(loss, from),
      x1: along(x, to),
      y1: along(y, to),
      loss1: along(loss, to),
      leaves: to < 1,
    });
  }
  return found;
}

/** The part of an element that its margins leave, in pixels. */
export function boxWithin(element, { left, right, top, bottom }) {
  const width = Math.max(element.clientWidth - left - right, 10);
  const height = Math.max(element.clientHeight - top - bottom, 10);
  return { left, top, width, height, right: left + width, bottom: top + height };
}

/** A canvas fitted to its element at the screen's resolution; returns its context in CSS pixels, cleared. */
export function prepared(canvas) {
  const ratio = window.devicePixelRatio || 1;
  const width = Math.round(canvas.clientWidth * ratio);
  const height = Math.round(canvas.clientHeight * ratio);
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, canvas.clientWidth, canvas.clientHeight);
  return context;
}
