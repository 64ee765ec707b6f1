// Value scale: losses and gradient norms as heights of the picture, linear or on a symmetric log scale, and as shares
// of the range that its colours span.

// Below this value the symmetric log scale is linear, because a loss can be zero. The relief's mesh is computed on the
// same scale (LOG_FLOOR and GRAIN in landscapes/analysis/mesh.py), and a test compares the two.
const LINEAR_BELOW = 1e-3;
const LINEAR_POWER = -3; // its power of ten
const TINY = 1e-8; // heights so low that 10^height - 1 is rounding and height * ln 10 is exact
const EVERY = 7; // every seventh value is enough for a quantile, and sorting all of them would be slow
const ENOUGH = 100; // values; where the sample has fewer, all of them are sorted
// Share of the values within the range: otherwise a few points on a cliff would leave one colour for everything else.
// The server chooses the precision of a picture by the same share (SHOWN in app/compute/precision.py).
export const COLOURED = 0.995;
const GRAIN = 1e-12; // of the heights: a smaller range is rounding

/** The height of a value on a "linear" or a "log" scale. */
export function toHeight(value, scale) {
  if (scale !== "log") return value;
  const size = Math.abs(value);
  // Each form is exact where the other one rounds or overflows.
  const height =
    size < 1 ? Math.log1p(size / LINEAR_BELOW) / Math.LN10 : Math.log10(size + LINEAR_BELOW) - LINEAR_POWER;
  return Math.sign(value) * height;
}

/** The value at a height: the inverse of `toHeight`. */
export function toValue(height, scale) {
  if (scale !== "log") return height;
  const size = Math.abs(height);
  const value =
    size < 1
      ? LINEAR_BELOW * (size < TINY ? size * Math.LN10 : 10 ** size - 1)
      : 10 ** (size + LINEAR_POWER) - LINEAR_BELOW;
  return Math.sign(height) * value;
}

const LOGARITHMIC_FROM = toHeight(LINEAR_BELOW / 10, "log");

/** Whether heights between two bounds are those of a log scale: near zero it is linear. */
export function isLogarithmic({ scale, low, high }) {
  return scale === "log" && Math.max(Math.abs(low), Math.abs(high)) > LOGARITHMIC_FROM;
}

const isFlat = (low, high) => high / 2 - low / 2 <= (GRAIN / 2) * Math.max(Math.abs(low), Math.abs(high));

/** The finite ones of every `stride`-th height, sorted. */
function finiteSample(heights, stride) {
  const sample = new Float64Array(Math.ceil(heights.length / stride));
  let count = 0;
  for (let k = 0; k < heights.length; k += stride) if (Number.isFinite(heights[k])) sample[count++] = heights[k];
  return sample.subarray(0, count).sort();
}

/** The lowest finite height, and the one that all but the highest half percent lie below. */
function rangeOf(heights) {
  const some = finiteSample(heights, EVERY);
  const sample = some.length < ENOUGH ? finiteSample(heights, 1) : some;
  if (!sample.length) return [0, 0];
  const [low, high] = [sample[0], sample[Math.min(sample.length - 1, Math.floor(COLOURED * sample.length))]];
  if (!isFlat(low, high)) return [low, high];
  // A plain with a single peak, or all the same.
  const all = finiteSample(heights, 1);
  return [all[0], all[all.length - 1]];
}

/**
 * The scale of a range of heights. `shareAt(height)` is the height's place: 0 at `low`, 1 at `high`, more than 1 above;
 * on a flat scale every finite height is at 0.
 */
function heightScale(scale, low, high) {
  const flat = isFlat(low, high);
  // Halves, since the difference of two finite heights may overflow.
  const half = flat ? Infinity : high / 2 - low / 2;
  const shareAt = (height) => (height === Infinity ? Infinity : (height / 2 - low / 2) / half);
  return { scale, low, high, flat, shareAt, share: (value) => shareAt(toHeight(value, scale)) };
}

/** Shares of many values on a scale whose range holds all finite ones but the highest half percent. */
export function sharesOf(values, scale) {
  // Plain loops: while the page opens, nothing is compiled yet, and a callback per value takes several times as long.
  const heights = new Float64Array(values.length);
  for (let k = 0; k < heights.length; k++) heights[k] = toHeight(values[k], scale);
  const found = heightScale(scale, ...rangeOf(heights));
  const shares = heights; // in place
  let [infinite, missing, finite] = [false, false, false];
  for (let k = 0; k < shares.length; k++) {
    const share = found.shareAt(heights[k]);
    shares[k] = share;
    if (Number.isNaN(share)) missing = true;
    else if (share === Infinity) infinite = true;
    else if (share !== -Infinity) finite = true;
  }
  return { ...found, shares, infinite, missing, finite };
}
