// Quantiles and medians, as NumPy computes them. Columns of a log are Float64Arrays, and may have millions of numbers.

export function sorted(values) {
  return new Float64Array(values).sort();
}

/** The quantile of sorted values, interpolated; NaN without values. */
export function quantile(values, share) {
  const { below, between } = placeOf(values, share);
  return interpolate(values[below], values[Math.min(below + 1, values.length - 1)], between);
}

/** The quantile of values in any order, without NaN. Of many it takes a fifth of the time of sorting them. */
export function unsortedQuantile(values, share) {
  const { below, between } = placeOf(values, share);
  const [low, high] = neighbours(values, below);
  return interpolate(low, high, between);
}

/** The median of values in any order, without NaN; NaN without values. */
export function median(values) {
  const last = values.length - 1;
  const [low, high] = neighbours(values, Math.max(0, last >> 1));
  return last % 2 ? (low + high) / 2 : low;
}

function placeOf(values, share) {
  const place = Math.max(0, share * (values.length - 1));
  const below = Math.floor(place);
  return { below, between: place - below };
}

function interpolate(low, high, between) {
  if (low === undefined) return NaN;
  return between < 0.5 ? low + (high - low) * between : high - (high - low) * (1 - between);
}

/** The values at a place and behind it, as they would be sorted. The last one has itself behind it. */
function neighbours(values, place) {
  const parted = new Float64Array(values);
  partition(parted, place);
  let next = place + 1 < parted.length ? Infinity : parted[place];
  for (let k = place + 1; k < parted.length; k++) next = Math.min(next, parted[k]);
  return [parted[place], next];
}

/** Reorder values so that the one at `place` is where sorting puts it, with none larger before and none smaller behind it. */
function partition(values, place) {
  for (let [first, last] = [0, values.length - 1]; first < last; ) {
    const pivot = values[place];
    let [low, high] = [first, last];
    while (low <= high) {
      while (values[low] < pivot) low++;
      while (values[high] > pivot) high--;
      if (low <= high) {
        const one = values[low];
        values[low++] = values[high];
        values[high--] = one;
      }
    }
    if (high < place) first = low;
    if (low > place) last = high;
  }
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
