// Decimation: the part of a long path that can be told apart on the screen. Points and segments closer than half a pixel
// look alike, so a path of 100,000 steps has some thousand segments.

const GRID = 0.5; // pixels
// A segment is drawn if more than this share of it is not yet covered. With a share of zero, a run all over the window
// would need thousands of segments for its last few pixels. After lines of LENGTH, the share is a larger one.
const SHARE = 0.01;
const LARGE_SHARE = 0.2;

/** Pixels of lines on a picture beyond which they hide each other, and dashes cannot be told from a line. */
export const LENGTH = 20_000;

/** Rows up to which a path is drawn as it is. */
export const FEW = 300;

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

/** The length of a segment in whole pixels, at least one. */
export const lengthOf = ({ start, end }) => Math.ceil(Math.hypot(end[0] - start[0], end[1] - start[1])) || 1;

/** A square of pixels around all ends of the segments, with the pixels that are covered so far. */
function coverageOf(segments) {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { start, end } of segments) {
    left = Math.min(left, start[0], end[0]);
    right = Math.max(right, start[0], end[0]);
    top = Math.min(top, start[1], end[1]);
    bottom = Math.max(bottom, start[1], end[1]);
  }
  const width = Math.ceil(right - left) + 4;
  const cells = new Uint8Array(width * (Math.ceil(bottom - top) + 4));
  /** The cell at share `k / length` of a segment; there is a cell on every side of it. */
  const cellAt = ({ start, end }, share) => {
    const x = Math.floor(start[0] + share * (end[0] - start[0]) - left) + 1;
    return (Math.floor(start[1] + share * (end[1] - start[1]) - top) + 1) * width + x;
  };
  return {
    /** Whether more than a share of a segment is not covered. */
    isNew(segment, share) {
      const length = lengthOf(segment);
      let fresh = 0;
      for (let k = 0; k <= length; k++) {
        if (!cells[cellAt(segment, k / length)] && ++fresh > share * length) return true;
      }
      return false;
    },
    /** A line is at least two pixels wide, so it also covers the pixels next to it. */
    add(segment) {
      const length = lengthOf(segment);
      for (let k = 0; k <= length; k++) {
        const cell = cellAt(segment, k / length);
        for (const row of [cell - width, cell, cell + width]) cells.fill(1, row - 1, row + 2);
      }
    },
  };
}

/**
 * The segments, each with `start` and `end` in pixels, that cover something which no segment before them covers, and
 * those for which `isKept` is true.
 */
export function distinctSegments(segments, isKept = (segment) => false) {
  if (!segments.length) return [];
  const coverage = coverageOf(segments);
  let drawn = 0;
  return segments.filter((segment) => {
    const isNew = coverage.isNew(segment, drawn < LENGTH ? SHARE : LARGE_SHARE);
    if (!isNew && !isKept(segment)) return false;
    coverage.add(segment);
    drawn += lengthOf(segment);
    return true;
  });
}

/** A function that tells whether no earlier point was in the same square of `size` pixels. */
export function pointFilter(size) {
  const known = new Set();
  return function isNew([x, y]) {
    const before = known.size;
    known.add(Math.round(x / size) * 2 ** 20 + Math.round(y / size));
    return known.size > before;
  };
}

// A trajectory never changes, and a view draws it again in every frame.
const results = new WeakMap();
const VIEWS = 8; // results of all views for one trajectory

/** The result of `compute` for an object, kept while the values `of` stay the same. */
export function memoize(object, of, compute) {
  if (!results.has(object)) results.set(object, []);
  const kept = results.get(object);
  const found = kept.find(({ known }) => known.length === of.length && known.every((value, k) => value === of[k]));
  if (found) return found.result;
  const result = compute();
  kept.unshift({ known: of, result });
  kept.length = Math.min(kept.length, VIEWS);
  return result;
}
