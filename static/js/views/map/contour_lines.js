// Contour lines: where values on a grid cross levels, by marching squares with straight lines in each cell. A fine grid has
// a hundred thousand crossings, so nothing is allocated per cell, and only cells that are crossed are looked at per level.

/** @typedef {{values: ArrayLike<number>, columns: number, rows: number}} Grid its values row by row, the lowest row first */
/** @typedef {{moveTo: (x: number, y: number) => void, lineTo: (x: number, y: number) => void}} Pen */

// The corners of a cell are counted from the lower left one, to the right and around. An edge has the number of the corner
// where it begins, so the edge to the right is 1. The same edge is `edge ^ 2` of the cell on its other side.
const CORNERS = [0, 1, 2, 3];
const [BOTTOM, RIGHT, TOP] = [0, 1, 2];
const SADDLES = [0b0101, 0b1010]; // corners above the level, as bits
const HIGH = 16; // added to those of a saddle whose middle is above the level too

/** Pairs of edges that are connected by lines in a cell, whose corners above the level are given as bits. */
function connectedEdges(above) {
  const isAbove = (corner) => Boolean(above & (1 << corner % 4));
  const crossed = CORNERS.filter((edge) => isAbove(edge) !== isAbove(edge + 1));
  if (crossed.length === 2) return [crossed];
  // In a saddle, lines cut off the two corners that differ from the middle.
  const middle = Boolean(above & HIGH);
  return crossed.filter((corner) => isAbove(corner) !== middle).map((corner) => [(corner + 3) % 4, corner]);
}

/** The edge at which a line leaves a cell that it enters at `edge`: at `4 * above + edge`; -1 if no line does. */
const EXITS = new Int8Array(8 * HIGH).fill(-1);
for (let above = 0; above < 2 * HIGH; above++) {
  for (const [one, other] of connectedEdges(above)) {
    EXITS[4 * above + one] = other;
    EXITS[4 * above + other] = one;
  }
}

/** The corners above a level, as bits, of the cell whose lower left corner is the value number `cell`. */
function cornersAbove({ values, columns }, cell, level) {
  const a = values[cell];
  const b = values[cell + 1];
  const c = values[cell + columns + 1];
  const d = values[cell + columns];
  const above = (a >= level ? 1 : 0) | (b >= level ? 2 : 0) | (c >= level ? 4 : 0) | (d >= level ? 8 : 0);
  if (above !== SADDLES[0] && above !== SADDLES[1]) return above;
  return a + b + c + d >= 4 * level ? above | HIGH : above;
}

/** Draw to where a level crosses an edge of a cell, by a line unless it is the first point. */
function drawCrossing({ values, columns }, pen, cell, edge, level, first) {
  // Both cells of an edge calculate in the same direction, so they find the same point.
  const from = edge === RIGHT ? cell + 1 : edge === TOP ? cell + columns : cell;
  const upward = edge === RIGHT || edge > TOP;
  const low = values[from];
  const share = (level - low) / (values[upward ? from + columns : from + 1] - low);
  const row = Math.floor(from / columns);
  const x = from - row * columns + (upward ? 0 : share);
  const y = row + (upward ? share : 0);
  if (first) pen.moveTo(x, y);
  else pen.lineTo(x, y);
}

/** The cell behind an edge of another one, or -1 at the edge of the grid. */
function cellBehind({ columns, rows }, cell, edge) {
  if (edge === BOTTOM) return cell < columns ? -1 : cell - columns;
  if (edge === TOP) return cell >= (rows - 2) * columns ? -1 : cell + columns;
  if (edge === RIGHT) return (cell + 2) % columns === 0 ? -1 : cell + 1;
  return cell % columns === 0 ? -1 : cell - 1;
}

/** Draw the line that enters a cell at an edge to its end. `drawn` has the edges, as bits, of the lines that are drawn. */
function followLine(grid, drawn, pen, cell, edge, level) {
  drawCrossing(grid, pen, cell, edge, level, true);
  while (cell >= 0) {
    const exit = EXITS[4 * cornersAbove(grid, cell, level) + edge];
    drawn[cell] |= (1 << edge) | (1 << exit);
    drawCrossing(grid, pen, cell, exit, level, false);
    cell = cellBehind(grid, cell, exit);
    edge = exit ^ 2;
    // Back where it started.
    if (cell >= 0 && drawn[cell] & (1 << edge)) return;
  }
}

/** How many of the levels 1, 2, ... `count` are not above each value. */
function stepsOf({ values }, count) {
  const steps = new Uint8Array(values.length);
  for (let k = 0; k < steps.length; k++) steps[k] = values[k] > count ? count : values[k] > 0 ? values[k] : 0;
  return steps;
}

/** Call `visit(cell, level)` for every level between the corners of a cell, of all cells or of those at the edge alone. */
function visitCrossedCells({ columns, rows }, steps, atEdge, visit) {
  for (let row = 0; row + 1 < rows; row++) {
    const stride = atEdge && row > 0 && row + 2 < rows ? Math.max(1, columns - 2) : 1;
    for (let column = 0; column + 1 < columns; column += stride) {
      const cell = row * columns + column;
      const a = steps[cell];
      const b = steps[cell + 1];
      const c = steps[cell + columns];
      const d = steps[cell + columns + 1];
      if (a === b && a === c && a === d) continue;
      const high = Math.max(a, b, c, d);
      for (let level = Math.min(a, b, c, d) + 1; level <= high; level++) visit(cell, level);
    }
  }
}

/**
 * Draw the lines of the levels 1, 2, ... `count` with a pen, in cells of the grid. Where a level crosses all four edges of
 * a cell, the mean of its corners decides which ones are connected. A closed line ends at its first point; for each call of
 * `closePath`, browsers look at the whole path.
 * @param {Grid} grid finite values
 * @param {number} count at most 255
 * @param {Pen} pen
 */
export function drawContourLines(grid, count, pen) {
  const size = grid.columns * grid.rows;
  const steps = stepsOf(grid, count);
  const drawn = Array.from({ length: count }, () => new Uint8Array(size));
  // Lines that end at the edge of the grid begin there too, so they come first. All others are closed.
  for (const atEdge of [true, false]) {
    visitCrossedCells(grid, steps, atEdge, (cell, level) => {
      const above = cornersAbove(grid, cell, level);
      const done = drawn[level - 1];
      for (let edge = 0; edge < 4; edge++) {
        if (EXITS[4 * above + edge] < 0 || done[cell] & (1 << edge)) continue;
        if (!atEdge || cellBehind(grid, cell, edge) < 0) followLine(grid, done, pen, cell, edge, level);
      }
    });
  }
}
