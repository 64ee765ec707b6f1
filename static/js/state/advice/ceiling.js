// A flat ceiling of norms that were logged after the clip, as in landscapes/advice/ceiling.py.

import { finite, largest } from "./quantile.js";

/** The largest norm if many others are equal to it, else undefined. */
export function flatCeiling(norms, { CLOSE, SHARE, FEWEST, TIMES, DISTINCT }) {
  const known = finite(norms);
  if (known.length < FEWEST) return undefined;
  const top = largest(known);
  const at = known.filter((norm) => norm >= top * (1 - CLOSE)).length;
  const below = known.filter((norm) => norm >= top * (1 - 2 * CLOSE)).length - at;
  if (top <= 0 || at < Math.max(FEWEST, SHARE * known.length) || at < TIMES * below) return undefined;
  const others = new Set(known.filter((norm) => norm < top * (1 - CLOSE))).size;
  return others === 0 || others >= DISTINCT ? top : undefined;
}
