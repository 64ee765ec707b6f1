// Curve rows: the rows of a curve that its pixels show. A curve of 100,000 steps is some hundred pixels wide.

import { memoize } from "../canvas/decimation.js";

const PER_COLUMN = 4; // steps per column of pixels up to which a curve is drawn as it is

/** The rows of one column: the first, the last, the lowest, the highest, and those where a gap or Inf or NaN begins. */
function rowsOfColumn(values, first, last, shows) {
  let [low, high, gap, nonfinite] = [-1, -1, -1, -1];
  for (let k = first; k <= last; k++) {
    if (shows(values[k])) {
      if (low < 0 || values[k] < values[low]) low = k;
      if (high < 0 || values[k] > values[high]) high = k;
    } else {
      if (gap < 0) gap = k;
      if (nonfinite < 0 && !Number.isFinite(values[k])) nonfinite = k;
    }
  }
  const rows = new Set([first, last, low, high, gap, nonfinite]);
  rows.delete(-1);
  return [...rows].sort((a, b) => a - b);
}

function sparseRows(values, steps, columns, shows) {
  const rows = [];
  const end = values.length - 1;
  for (let column = 0, first = 0; first <= end; column++) {
    // A run may have fewer steps than the axis, while the rest is computed.
    const last = Math.min(end, Math.max(first, Math.floor(((column + 1) / columns) * steps) - 1));
    rows.push(...rowsOfColumn(values, first, last, shows));
    first = last + 1;
  }
  return rows;
}

/** The rows that a curve over `steps` steps shows, in order. */
export function rowsOf(values, steps, { box, log, shows }) {
  const columns = Math.ceil(box.width);
  if (steps <= PER_COLUMN * columns) return Array.from(values, (_, k) => k);
  return memoize(values, ["rows", steps, columns, log], () => sparseRows(values, steps, columns, shows));
}

/** The lowest and the highest clip factor in each column of pixels, as `{first, last, low, high}` of its steps. */
export function columnsOf(factors, steps, width) {
  return memoize(factors, ["columns", steps, width], () => {
    const columns = [];
    const size = Math.max(1, steps / width);
    for (let from = 0; from < Math.min(steps, factors.length); from += size) {
      const [first, last] = [Math.ceil(from), Math.min(Math.ceil(from + size), steps, factors.length) - 1];
      let [low, high] = [Infinity, -Infinity];
      for (let k = first; k <= last; k++) {
        // NaN after the run has diverged.
        if (factors[k] < low) low = factors[k];
        if (factors[k] > high) high = factors[k];
      }
      if (low <= high) columns.push({ first, last, low, high });
    }
    return columns;
  });
}

/** The smallest and the largest value other than zero, and whether any is negative. */
export function extentOf(values) {
  return memoize(values, ["extent"], () => {
    const extent = { low: Infinity, high: -Infinity, negative: false };
    for (const value of values) {
      if (!Number.isFinite(value) || value === 0) continue;
      extent.negative ||= value < 0;
      if (value < extent.low) extent.low = value;
      if (value > extent.high) extent.high = value;
    }
    return extent;
  });
}
