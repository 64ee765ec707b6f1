// Warm-up: the records at the start of a log that say little about the rest of it, as in landscapes/advice/warm_up.py.

import { finite, largest, unsortedQuantile } from "./quantile.js";

/** The number of records of the warm-up, and what shows it. */
export function warmUp({ norms, rates }, { REACHED, LONGEST_BY_RATE, LONGEST_BY_NORM, ABOVE }) {
  const known = finite(rates);
  if (known.length) {
    const reached = REACHED * largest(known);
    const end = rates.findIndex((rate) => rate >= reached);
    if (end > 0 && end <= LONGEST_BY_RATE * rates.length && rates[0] < reached) {
      return { records: end, reason: "learning_rate" };
    }
  }
  const longest = Math.trunc(LONGEST_BY_NORM * rates.length);
  const rest = finite(norms.subarray(longest));
  if (!longest || !rest.length) return { records: 0, reason: "none" };
  const high = unsortedQuantile(rest, ABOVE);
  const usual = norms.subarray(0, longest).findIndex((norm) => norm <= high);
  const records = usual < 0 ? longest : usual;
  return { records, reason: records ? "norm" : "none" };
}
