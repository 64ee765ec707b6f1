// Contour lines: where the values on a grid cross a level, by marching squares with straight lines in each cell.

// The edges of a cell as pairs of its corners: bottom, right, top, left.
const EDGES = [
  [0, 1],
  [1, 2],
  [3, 2],
  [0, 3],
];
// The corners of a cell: steps across and upward.
const CORNERS = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
];

/** Where the level crosses the edge between two corners, in cells from the first corner of the cell. */
function crossing(edge, values, level) {
  const [from, to] = edge;
  const share = (level - values[from]) / (values[to] - values[from]);
  return CORNERS[from].map((place, k) => place + share * (CORNERS[to][k] - place));
}

/**
 * Segments `[x0, y0, x1, y1]` of a level, in cells of the grid. Of four crossings in one cell, those of neighbouring edges
 * are joined.
 * @param {ArrayLike<number>} values row by row
 */
export function contourSegments(values, { columns, rows }, level) {
  const segments = [];
  for (let row = 0; row + 1 < rows; row++) {
    for (let column = 0; column + 1 < columns; column++) {
      const first = row * columns + column;
      const corners = [values[first], values[first + 1], values[first + columns + 1], values[first + columns]];
      const above = corners.map((value) => value >= level);
      if (above.every((one) => one === above[0])) continue;
      const points = EDGES.filter(([from, to]) => above[from] !== above[to]).map((edge) => {
        const [x, y] = crossing(edge, corners, level);
        return [column + x, row + y];
      });
      for (let k = 0; k + 1 < points.length; k += 2) segments.push([...points[k], ...points[k + 1]]);
    }
  }
  return segments;
}
