// Numbers in sentences: three significant digits, as the command line prints them. Every number that the page shows
// as text is written here, so that all have the typographic minus; inputs have the one of the keyboard.

import { catalogue } from "./scene/catalogue.js";

/** The text of a number with the typographic minus, also in its exponent. */
export function withMinus(text) {
  return text.replaceAll("-", "−");
}

function roundedText(value, digits, small = 1e-3) {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "Inf" : "−Inf";
  // All texts of the page have the typographic minus.
  const size = Math.abs(value);
  if (size !== 0 && (size < small || size >= 1e5)) return withMinus(value.toExponential(digits - 1).replace("e+", "e"));
  return withMinus(String(Number(value.toPrecision(digits))));
}

/** A number with three significant digits. No second parameter: lists of numbers are mapped with it. */
export function formatNumber(value) {
  return roundedText(value, 3);
}

/** The same for a headline, in which more of the small numbers are decimals. */
export function headlineNumber(value) {
  return roundedText(value, 3, catalogue.headline_plain);
}

/** The label of a tick. In decimals, such as 0.000018, a small one would be wider than the margin. */
export function tickText(value) {
  return withMinus(value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential() : String(value));
}

/** A share as a percentage. */
export function formatShare(share, digits) {
  return `${roundedText(100 * share, digits)} %`;
}

/** A share as a percentage, with one decimal near 0 and 1. */
export function percent(share) {
  if (share > 0 && share < 0.001) return "< 0.1 %";
  if (share > 0.999 && share < 1) return "> 99.9 %";
  const near = (share > 0 && share < 0.1) || (share > 0.99 && share < 1);
  return `${(100 * share).toFixed(near ? 1 : 0)} %`;
}

/** An angle in degrees, to a tenth. */
export function formatAngle(degrees) {
  return `${withMinus(degrees.toFixed(1))}°`;
}

/** Maps shares of a declared range to values and back; on a log scale, equal shares are equal ratios. */
export function along({ low, high, log }) {
  if (!log) return { value: (share) => low + share * (high - low), share: (v) => (v - low) / (high - low) };
  return { value: (share) => low * (high / low) ** share, share: (v) => Math.log(v / low) / Math.log(high / low) };
}

/** A number for an input: short, but read back without a visible change. */
export function inputText(value, digits = 6) {
  return String(Number(value.toPrecision(digits)));
}

/** About how long, in words. */
export function durationText(seconds) {
  return seconds < 90 ? `about ${seconds} seconds` : `about ${Math.round(seconds / 60)} minutes`;
}
