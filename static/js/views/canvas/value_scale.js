// Value scale: losses and gradient norms as heights of the picture, linear or on a symmetric log scale.

// Below this value the symmetric log scale is linear, because a loss can be zero. The relief's mesh (mesh.py) uses the
// same value.
const LINEAR_BELOW = 1e-3;

/** The height of a value on a "linear" or a "log" scale. */
export function toHeight(value, scale) {
  return scale === "log" ? Math.sign(value) * Math.log10(1 + Math.abs(value) / LINEAR_BELOW) : value;
}

/** The value at a height: the inverse of `toHeight`. */
export function toValue(height, scale) {
  return scale === "log" ? Math.sign(height) * LINEAR_BELOW * (10 ** Math.abs(height) - 1) : height;
}

/**
 * Heights of many values, with a range that includes all but the highest half percent. Otherwise a few points on a
 * cliff would leave only one colour for everything else.
 */
export function heightsOf(values, scale) {
  const heights = Float32Array.from(values, (value) => toHeight(value, scale));
  // Every seventh value is enough for a quantile, and sorting all of them would be slow.
  const sample = heights.filter((height, k) => k % 7 === 0 && Number.isFinite(height)).sort();
  const quantile = (share) => sample[Math.min(sample.length - 1, Math.floor(share * sample.length))] ?? 0;
  const low = quantile(0);
  return { values: heights, low, high: Math.max(quantile(0.995), low + 1e-9) };
}
