// Found minima: what the server has found for a formula with given values of its names.

const MOST = 200; // values of the names that are kept

// By the landscape of a Scene as text, the newest last.
const known = new Map();

/**
 * Keep the minima of a Scene's landscape: `solved` is the loss below which a run has converged, null if it is unknown.
 * @param {any} landscape
 * @param {{solved: number | null, searched: boolean, minima: Float64Array, local_minima: Float64Array}} found
 */
export function keepMinima(landscape, { solved, searched, minima, local_minima }) {
  if (known.size >= MOST) known.delete(known.keys().next().value);
  known.set(JSON.stringify(landscape), { solved, searched, minima, local_minima });
}

/** The minima of a Scene's landscape; null while they are not known. */
export function minimaOf(landscape) {
  return known.get(JSON.stringify(landscape)) ?? null;
}
