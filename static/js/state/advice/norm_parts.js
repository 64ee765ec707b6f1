// The norms of a log in parts, for a picture of it.

// A picture has about so many pixels across.
const PARTS = 700;

/**
 * Parts of the norms with an equal number of records: its first record `at`, the smallest and the largest finite norm above 0,
 * NaN without any, and whether one is Inf or NaN.
 */
export function normParts(norms) {
  const size = Math.max(1, Math.ceil(norms.length / PARTS));
  const parts = [];
  for (let at = 0; at < norms.length; at += size) parts.push({ at, ...ends(norms.subarray(at, at + size)) });
  return parts;
}

function ends(norms) {
  let [low, high, broken] = [NaN, NaN, false];
  for (let k = 0; k < norms.length; k++) {
    const norm = norms[k];
    if (!Number.isFinite(norm)) broken = true;
    else if (norm > 0) {
      if (!(norm >= low)) low = norm;
      if (!(norm <= high)) high = norm;
    }
  }
  return { low, high, broken };
}
