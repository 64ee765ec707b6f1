// Found minima: what the server has found for a formula with given values of its names.

import { catalogue } from "./catalogue.js";

const MOST = 200; // values of the names that are kept

// By the values of a landscape's parameters, the newest last.
const known = new Map();

/**
 * The values of a landscape's parameters, in the catalogue's order, as in the signature of its frames: a Scene from a link
 * may name them in another order, and leave some out.
 */
function keyOf(landscape) {
  const { parameters } = catalogue.landscape.find(({ kind }) => kind === landscape.kind);
  return JSON.stringify(parameters.map(({ name }) => landscape[name]));
}

/**
 * Keep the minima of a Scene's landscape: `solved` is the loss below which a run has converged, null if it is unknown.
 * @param {any} landscape
 * @param {{solved: number | null, searched: boolean, minima: Float64Array, local_minima: Float64Array}} found
 */
export function keepMinima(landscape, { solved, searched, minima, local_minima }) {
  if (known.size >= MOST) known.delete(known.keys().next().value);
  known.set(keyOf(landscape), { solved, searched, minima, local_minima });
}

/** The minima of a Scene's landscape; null while they are not known. */
export function minimaOf(landscape) {
  return known.get(keyOf(landscape)) ?? null;
}
