// Progress: how far the loss of a run fell, and whether it rose again, as in landscapes/advice/progress.py.

import { isKnown, largest, median, select } from "./quantile.js";

/** Median losses of the first block of records, the best one and the last one; undefined for fewer than three blocks. */
export function progress(losses, rules) {
  const known = select(losses, isKnown);
  const size = Math.max(rules.SMALLEST, Math.floor(known.length / rules.BLOCKS));
  const count = Math.floor(known.length / size);
  if (count < 3) return undefined;
  const unused = known.length - count * size;
  const blocks = Array.from({ length: count }, (_, k) => known.subarray(unused + k * size, unused + (k + 1) * size));
  const medians = blocks.map(median);
  const kept = medians.flatMap((one, k) => (Number.isFinite(one) ? [k] : []));
  if (!kept.length) return undefined;
  const deviations = kept.map((k) => median(blocks[k].map((loss) => Math.abs(loss - medians[k]))));
  const error = (median(deviations) * rules.MEDIAN_ERROR) / Math.sqrt(size);
  const best = medians.indexOf(-largest(kept.map((k) => -medians[k])));
  const found = { first: medians[0], best: medians[best], last: medians[count - 1] };
  const rise = found.last - found.best;
  const lost = rise > rules.ERRORS * error && rise > rules.LOST * (found.first - found.best);
  return { ...found, bestEnd: endOf(losses, unused + (best + 1) * size), error, lost, size };
}

/** The number of records up to the one with so many known losses before and in it. */
function endOf(losses, count) {
  let end = 0;
  for (let known = 0; known < count; end++) if (isKnown(losses[end])) known++;
  return end;
}
