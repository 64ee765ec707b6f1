// Decimation: the part of a long path that can be told apart on the screen. Points and segments closer than half a pixel
// look alike, so a path of 100,000 steps has some thousand segments.

const GRID = 0.5; // pixels
// Each time so many segments have been drawn, the grid doubles: they already cover most of the area.
const MANY = 4000;

/** Rows up to which a path is drawn as it is. */
export const FEW = 2000;

function distance(a, b) {
  return a.length > 2 ? Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]) : Math.hypot(a[0] - b[0], a[1] - b[1]);
}

/**
 * Stretches of rows 0 to `last` as `[k, until]`. All rows between these two are within half a pixel of row k, so a
 * straight line can replace them. `pointAt(k)` is a point of two or three coordinates, or null for a gap.
 * @param {(k: number) => number[] | null} pointAt
 */
export function stretchesOf(last, pointAt) {
  const stretches = [];
  let from = -1;
  let start = null;
  for (let k = 0; k <= last; k++) {
    const point = pointAt(k);
    if (point && start && k < last && distance(start, point) < GRID) continue;
    if (point && start) stretches.push([from, k]);
    [from, start] = [k, point];
  }
  return stretches;
}

/** A number that two lists of whole numbers share only by chance, once in 2^52 times. */
function hash(numbers) {
  let [a, b] = [17, 31];
  for (const number of numbers) {
    a = Math.imul(a ^ number, 0x9e3779b1);
    b = Math.imul(b ^ (a >>> 15) ^ number, 0x85ebca6b);
    a ^= a >>> 13;
  }
  return (a >>> 0) * 2 ** 20 + (b >>> 12);
}

/** A function that tells whether a segment looks different from all segments before it. */
export function segmentFilter() {
  const known = new Set();
  return function isNew(...ends) {
    const grid = GRID * 2 ** Math.floor(known.size / MANY);
    const rounded = ends.flat().map((coordinate) => Math.round(coordinate / grid));
    const before = known.size;
    known.add(hash(rounded));
    return known.size > before;
  };
}

/** A function that tells whether no earlier point was in the same square of `size` pixels. */
export function pointFilter(size) {
  const known = new Set();
  return function isNew(point) {
    const before = known.size;
    known.add(hash(point.map((coordinate) => Math.round(coordinate / size))));
    return known.size > before;
  };
}

// A trajectory never changes, and a view draws it again in every frame.
const results = new WeakMap();
const VIEWS = 8; // results of all views for one trajectory

/** The result of `compute` for an object, kept while the values `of` stay the same. */
export function remembered(object, of, compute) {
  if (!results.has(object)) results.set(object, []);
  const kept = results.get(object);
  const found = kept.find(({ known }) => known.length === of.length && known.every((value, k) => value === of[k]));
  if (found) return found.result;
  const result = compute();
  kept.unshift({ known: of, result });
  kept.length = Math.min(kept.length, VIEWS);
  return result;
}
