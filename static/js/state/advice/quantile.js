// Quantiles and medians, as NumPy computes them. Columns of a log are Float64Arrays, and may have millions of numbers.

export function sorted(values) {
  return new Float64Array(values).sort();
}

/** The quantile of sorted values, interpolated; NaN without values. */
export function quantile(values, share) {
  if (!values.length) return NaN;
  const place = share * (values.length - 1);
  const below = Math.floor(place);
  const [low, high] = [values[below], values[Math.min(below + 1, values.length - 1)]];
  const part = place - below;
  return part < 0.5 ? low + (high - low) * part : high - (high - low) * (1 - part);
}

/** The median; NaN without values. */
export function median(values) {
  const found = sorted(values);
  const last = found.length - 1;
  return last < 0 ? NaN : (found[last >> 1] + found[(last + 1) >> 1]) / 2;
}

/** The values for which `isKept` is true. A loop, since `filter` of an array of numbers takes several times as long. */
export function select(values, isKept) {
  const found = new Float64Array(values.length);
  let count = 0;
  for (let k = 0; k < values.length; k++) if (isKept(values[k])) found[count++] = values[k];
  return found.subarray(0, count);
}

export function finite(values) {
  return select(values, Number.isFinite);
}

/** Whether a value is a number, which Inf is and NaN is not. */
export function isKnown(value) {
  return value >= -Infinity;
}

/** The largest value; -Infinity without values, NaN if one of them is. */
export function largest(values) {
  let most = -Infinity;
  for (let k = 0; k < values.length; k++) most = Math.max(most, values[k]);
  return most;
}

/** How many of sorted values are below a value, which is where it belongs among them. */
export function placeIn(values, value) {
  let low = 0;
  for (let high = values.length; low < high; ) {
    const between = (low + high) >> 1;
    if (values[between] < value) low = between + 1;
    else high = between;
  }
  return low;
}

/**
 * The median of the values before every place, as far as `size` places behind the end: of those among the last `size` for
 * which `isKept` is true, NaN for fewer than `fewest` of them.
 */
export function mediansBefore(values, size, fewest, isKept) {
  const window = new Float64Array(size + 1);
  let count = 0;
  const found = new Float64Array(values.length + size);
  for (let k = 0; k < found.length; k++) {
    found[k] = count < fewest ? NaN : (window[(count - 1) >> 1] + window[count >> 1]) / 2;
    // Behind the end both are undefined, which no `isKept` takes for a number.
    if (isKept(values[k])) insert(window, count++, values[k]);
    if (isKept(values[k - size])) remove(window, count--, values[k - size]);
  }
  return found;
}

function insert(window, count, value) {
  let place = count;
  for (; place > 0 && window[place - 1] > value; place--) window[place] = window[place - 1];
  window[place] = value;
}

function remove(window, count, value) {
  let place = 0;
  while (window[place] < value) place++;
  for (; place + 1 < count; place++) window[place] = window[place + 1];
}
