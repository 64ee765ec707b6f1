// Quantiles and medians, as NumPy computes them.

export function sorted(values) {
  return Float64Array.from(values).sort();
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

export function finite(values) {
  return values.filter(Number.isFinite);
}

/** The largest of many values, which do not fit into the arguments of a call. */
export function largest(values) {
  return values.reduce((most, one) => Math.max(most, one), -Infinity);
}
