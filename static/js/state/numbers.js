// Numbers in sentences: three significant digits, as the command line prints them.

export function formatNumber(value) {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "Inf" : "−Inf";
  // All texts of the page have the typographic minus.
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e5)) return value.toExponential(2).replace("e+", "e").replaceAll("-", "−");
  return String(Number(value.toPrecision(3))).replace("-", "−");
}

/** Maps shares of a declared range to values and back; on a log scale, equal shares are equal ratios. */
export function along({ low, high, log }) {
  if (!log) return { value: (share) => low + share * (high - low), share: (v) => (v - low) / (high - low) };
  return { value: (share) => low * (high / low) ** share, share: (v) => Math.log(v / low) / Math.log(high / low) };
}

/** A number for an input: short, but read back without a visible change. */
export function inputText(value) {
  return String(Number(value.toPrecision(6)));
}
