// A flat ceiling of norms that were logged after the clip, as in landscapes/advice/ceiling.py.

import { largest, select } from "./quantile.js";

/** The largest of finite norms if many others are equal to it, else undefined. */
export function flatCeiling(known, { CLOSE, SHARE, FEWEST, TIMES, DISTINCT }) {
  if (known.length < FEWEST) return undefined;
  const top = largest(known);
  const others = select(known, (norm) => norm < top * (1 - CLOSE));
  const at = known.length - others.length;
  const below = others.length - select(others, (norm) => norm < top * (1 - 2 * CLOSE)).length;
  if (top <= 0 || at < Math.max(FEWEST, SHARE * known.length) || at < TIMES * below) return undefined;
  const distinct = new Set(others).size;
  return distinct === 0 || distinct >= DISTINCT ? top : undefined;
}
