// Numbers in sentences: three significant digits, the same rule as the command line's.

export function written(value) {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "Inf" : "−Inf";
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e5)) return value.toExponential(2).replace("e+", "e").replaceAll("-", "−");
  return String(Number(value.toPrecision(3))).replace("-", "−");
}

/** A number for an input field: short, and close enough to read back. */
export function typed(value) {
  return String(Number(value.toPrecision(6)));
}
