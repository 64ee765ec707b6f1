// Progress: how far the loss of a run fell, and whether it rose again, as in landscapes/advice/progress.py.

import { largest, median } from "./quantile.js";

/** The size of a block of losses. */
export function blockSize(losses, { BLOCKS, SMALLEST }) {
  const known = losses.filter((loss) => !Number.isNaN(loss)).length;
  return Math.max(SMALLEST, Math.floor(known / BLOCKS));
}

/** Median losses of the first block of records, the best one and the last one; undefined for fewer than three blocks. */
export function progress(losses, rules) {
  const known = losses.flatMap((loss, k) => (Number.isNaN(loss) ? [] : [k]));
  const size = blockSize(losses, rules);
  const count = Math.floor(known.length / size);
  if (count < 3) return undefined;
  const used = known.slice(known.length - count * size);
  const blocks = Array.from({ length: count }, (_, k) => used.slice(k * size, (k + 1) * size).map((at) => losses[at]));
  const medians = blocks.map(median);
  const kept = medians.flatMap((one, k) => (Number.isFinite(one) ? [k] : []));
  if (!kept.length) return undefined;
  const deviations = kept.map((k) => median(blocks[k].map((loss) => Math.abs(loss - medians[k]))));
  const error = (median(deviations) * rules.MEDIAN_ERROR) / Math.sqrt(size);
  const best = medians.indexOf(-largest(kept.map((k) => -medians[k])));
  const found = { first: medians[0], best: medians[best], last: medians[count - 1] };
  const rise = found.last - found.best;
  const lost = rise > rules.ERRORS * error && rise > rules.LOST * (found.first - found.best);
  return { ...found, bestEnd: used[(best + 1) * size - 1] + 1, error, lost };
}
