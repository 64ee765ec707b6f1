// What a threshold would do to the norms of a log, as in landscapes/advice/thresholds.py.

import { finite, isKnown, median, placeIn, quantile } from "./quantile.js";

/** The share of the steps that a threshold clips, the mean share of their lengths that it keeps, and its role. */
export function effect(norms, threshold, { RARE, MOST }) {
  let [count, above, sum] = [0, 0, 0];
  for (let k = 0; k < norms.length; k++) {
    const norm = norms[k];
    if (!isKnown(norm)) continue;
    count++;
    if (norm > threshold) above++;
    sum += norm > threshold ? threshold / norm : 1;
  }
  const [clipped, kept] = [above / count, sum / count];
  const role = !count ? "" : clipped < RARE ? "safety_net" : clipped <= MOST ? "frequent" : "limit";
  return { threshold, clipped, kept, role };
}

/** What increasing thresholds clip and keep, in one pass over the norms: that of a slider has a thousand. */
export function clippedAndKept(norms, thresholds) {
  // Of the norms between a threshold and the next one: how many, and the lengths to which the threshold shortens them.
  const [counts, lengths] = [new Float64Array(thresholds.length), new Float64Array(thresholds.length)];
  let known = 0;
  for (let k = 0; k < norms.length; k++) {
    if (!isKnown(norms[k])) continue;
    known++;
    const last = placeIn(thresholds, norms[k]) - 1;
    if (last < 0) continue;
    counts[last]++;
    lengths[last] += thresholds[last] / norms[k];
  }
  const found = [];
  let [clipped, length, after] = [0, 0, Infinity];
  for (let k = thresholds.length - 1; k >= 0; k--) {
    const threshold = thresholds[k];
    clipped += counts[k];
    length = lengths[k] + length * (threshold / after);
    after = threshold;
    found[k] = { threshold, clipped: clipped / known, kept: (known - clipped + length) / known };
  }
  return found;
}

/** Round thresholds, from below most of the finite norms to above all of them. They are sorted. */
export function candidateThresholds(ordered, { STEPS, MOST_ROWS }) {
  const positive = ordered.subarray(placeIn(ordered, Number.MIN_VALUE));
  if (!positive.length) return [];
  const [low, high] = [quantile(positive, 0.05), positive[positive.length - 1]];
  const [first, last] = [Math.floor(Math.log10(low)), Math.floor(Math.log10(high)) + 1];
  const listed = [];
  for (let power = first; power <= last; power++) listed.push(...STEPS.map((step) => Number(`${step}e${power}`)));
  const within = listed.filter((one) => low < one && one < high);
  const above = listed.filter((one) => one >= high && one > low);
  let used = [...listed.filter((one) => one <= low).slice(-1), ...within, ...above.slice(0, 1)];
  while (used.length > MOST_ROWS) used = used.filter((_, k) => (used.length - 1 - k) % 2 === 0);
  return used;
}

/** The median norm of the phase in which norms are largest; NaN without norms. */
export function typicalNorm(norms, { PHASES, SMALLEST_PHASE, DIVERGED }) {
  const known = finite(norms);
  const count = Math.max(1, Math.min(PHASES, Math.floor(known.length / SMALLEST_PHASE)));
  const [size, longer] = [Math.floor(known.length / count), known.length % count];
  let found = NaN;
  for (let k = 0, first = 0; k < count; k++) {
    const last = first + size + (k < longer ? 1 : 0);
    const one = median(known.subarray(first, last));
    if (found > 0 && one > DIVERGED * found) break;
    found = Number.isNaN(found) ? one : Math.max(found, one);
    first = last;
  }
  return found;
}

/** The mean of the finite norms, and the ends of the book's range; NaN without norms. */
export function bookRange(known, { BOOK_RANGE }) {
  const mean = known.reduce((sum, norm) => sum + norm, 0) / known.length;
  return { mean, low: BOOK_RANGE[0] * mean, high: BOOK_RANGE[1] * mean };
}
