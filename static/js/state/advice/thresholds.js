// What a threshold would do to the norms of a log, as in landscapes/advice/thresholds.py.

import { finite, largest, median, quantile, sorted } from "./quantile.js";

/** The share of the steps that a threshold clips, the mean share of their lengths that it keeps, and its role. */
export function effect(norms, threshold, { RARE, MOST }) {
  const known = norms.filter((norm) => !Number.isNaN(norm));
  const count = known.length;
  const clipped = known.filter((norm) => norm > threshold).length / count;
  const kept = known.reduce((sum, norm) => sum + (norm > threshold ? threshold / norm : 1), 0) / count;
  const role = !count ? "" : clipped < RARE ? "safety_net" : clipped <= MOST ? "frequent" : "limit";
  return { threshold, clipped, kept, role };
}

/** Round thresholds, from below most of the norms to above all of them. */
export function candidateThresholds(norms, { STEPS, MOST_ROWS }) {
  const positive = sorted(finite(norms).filter((norm) => norm > 0));
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
    const one = median(known.slice(first, last));
    if (found > 0 && one > DIVERGED * found) break;
    found = Number.isNaN(found) ? one : Math.max(found, one);
    first = last;
  }
  return found;
}

/** The mean of the finite norms, and the ends of the book's range; NaN without norms. */
export function bookRange(norms, { BOOK_RANGE }) {
  const known = finite(norms);
  const mean = known.reduce((sum, norm) => sum + norm, 0) / known.length;
  return { mean, low: BOOK_RANGE[0] * mean, high: BOOK_RANGE[1] * mean };
}
