// Share interval: the interval in which a share lies, from how many runs it was counted.

import { formatShare } from "../numbers.js";

const DEVIATIONS = 1.959963984540054; // that hold 95 % of a normal distribution

/** The 95 % interval of a probability by Wilson, as `landscapes/analysis/share_interval.py` computes it. */
export function wilsonInterval(share, count) {
  const square = DEVIATIONS * DEVIATIONS;
  const centre = share + square / (2 * count);
  const half = DEVIATIONS * Math.sqrt((share * (1 - share) + square / (4 * count)) / count);
  const whole = 1 + square / count;
  const low = share > 0 ? Math.max(0, (centre - half) / whole) : 0;
  return [low, share < 1 ? Math.min(1, (centre + half) / whole) : 1];
}

/** The interval of a share in words, with this many digits. */
export function intervalText(share, count, digits = 2) {
  const [low, high] = wilsonInterval(share, count).map((end) => formatShare(end, digits));
  return `95 % interval ${low} to ${high}`;
}
