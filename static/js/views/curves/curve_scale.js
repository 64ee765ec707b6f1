// Curve scale: the range of a curve's values, and its axes in pixels.

import { boxWithin } from "../canvas/geometry.js";
import { runStyles } from "../canvas/run_style.js";
import { extentOf } from "./curve_rows.js";

export const MARGIN = { left: 44, right: 12, top: 26, bottom: 24 };
export const STRIP = 16; // height of the clip factor's strip

const NARROW = 4; // ratio of the largest to the smallest loss below which its axis is linear
const LEAST = 0.05; // smallest range of a linear axis, as a share of the loss: labels with three digits must differ
const DEEPEST = -300; // below this power of ten a float64 has no full precision left

/** Range of an axis: exponents if it is logarithmic, otherwise values. */
function rangeOf(runs, name, threshold) {
  const extents = runs.map(({ trajectory }) => extentOf(trajectory[name]));
  const bounds = threshold ? [threshold] : [];
  const low = Math.min(...extents.map((extent) => extent.low), ...bounds);
  const high = Math.max(...extents.map((extent) => extent.high), ...bounds);
  // No value can be shown, as when every gradient is zero: any range will do.
  if (low > high) return { log: true, low: -3, high: 1 };
  if (extents.some(({ negative }) => negative))
    return { log: false, low: low - 0.05 * (high - low), high: Math.max(high, 0) + 0.05 * (high - low) };
  // On a log axis, a loss that hardly changes is a flat line between two powers of ten.
  if (name === "loss" && high < NARROW * low && high > low) {
    const [middle, half] = [(low + high) / 2, 0.6 * Math.max(high - low, LEAST * high)];
    return { log: false, low: middle - half, high: middle + half };
  }
  // The small addition keeps a curve at an exact power of ten away from the edge.
  const top = Math.ceil(Math.log10(high) + 0.02);
  return { log: true, low: Math.max(Math.min(Math.floor(Math.log10(low)), top - 1), DEEPEST), high: top };
}

/** Axes of one curve: steps to the right, values upwards. A `threshold` other than 0 is within the range. */
export function scaleOf(canvas, curve, runs, steps, threshold) {
  const box = boxWithin(canvas, {
    ...MARGIN,
    bottom: MARGIN.bottom + (curve.clip_factor ? STRIP + runStyles().size : 0),
  });
  const { log, low, high } = rangeOf(runs, curve.name, threshold);
  const perUnit = box.height / (high - low);
  return {
    box,
    log,
    low,
    high,
    x: (step) => box.left + (step / Math.max(1, steps)) * box.width,
    y: (value) => box.top + (high - (log ? Math.log10(value) : value)) * perUnit,
    step: (px) => ((px - box.left) / box.width) * steps,
    value: (py) => (log ? 10 ** (high - (py - box.top) / perUnit) : high - (py - box.top) / perUnit),
    /** Whether a value has a place on the axis: zero has none on a log scale. */
    shows: (value) => Number.isFinite(value) && (!log || value >= 10 ** DEEPEST),
  };
}
