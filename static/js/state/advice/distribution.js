// The distribution of norms, as in app/advice/text_pictures.py.

import { largest, select } from "./quantile.js";

const BARS = 8;

/** Ranges of equal width on a log scale, with how many norms each holds; none without different norms. */
export function distribution(norms) {
  const positive = select(norms, (norm) => norm > 0 && norm < Infinity);
  const [low, high] = [-largest(positive.map((norm) => -norm)), largest(positive)];
  if (!(high > low)) return [];
  const edges = Array.from({ length: BARS + 1 }, (_, k) => low * (high / low) ** (k / BARS));
  edges[BARS] = high;
  const rows = Array.from({ length: BARS }, (_, k) => ({ low: edges[k], high: edges[k + 1], count: 0 }));
  for (const norm of positive) {
    let bar = 0;
    while (bar < BARS - 1 && norm >= edges[bar + 1]) bar++;
    rows[bar].count++;
  }
  return rows;
}
