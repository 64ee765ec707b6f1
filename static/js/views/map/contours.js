// Contours: contour lines of the map, unless they would be too close to each other.

import { runStyles } from "../canvas/run_style.js";
import { drawContourLines } from "./contour_lines.js";

const COUNT = 8; // lines, which divide the range of colours evenly
const WALL = 1e4; // in shares of the range
const STRIDE = 2; // pixels at most between the points through which lines are drawn
const [WIDTH, ALPHA] = [0.6, 0.35]; // of a line

// Each speck of a row is a line of its own. With more of them, lines would only darken the picture, as the 40,000 hills of
// Ackley's function within ±100 do.
const MOST_SPECKS = 2;

/**
 * Values whose contour lines are at 1, 2, ... from shares of the range of colours. Inf and NaN are walls above the highest
 * line, so that lines lie at their foot. A plain loop, because a callback per share takes many times as long.
 */
export function contourValues(shares) {
  const values = new Float64Array(shares.length);
  for (let k = 0; k < values.length; k++) {
    const share = shares[k] < WALL ? Math.max(shares[k], -WALL) : WALL;
    values[k] = share * (COUNT + 1);
  }
  return values;
}

/** Peaks and holes as wide as one cell, per row of the grid, that levels cut off; values row by row. */
export function specksPerRow(values, { rows, columns }) {
  const steps = new Uint8Array(values.length);
  for (let k = 0; k < steps.length; k++) steps[k] = Math.min(Math.max(values[k], 0), COUNT + 1);
  let specks = 0;
  for (let k = 1; k + 1 < steps.length; k++) {
    const isSpeck = (steps[k] - steps[k - 1]) * (steps[k] - steps[k + 1]) > 0;
    if (isSpeck && k % columns && (k + 1) % columns) specks++;
  }
  return specks / rows;
}

/** Whether contour lines would be too close to each other. */
export function tooCrowded(values, grid) {
  return specksPerRow(values, grid) > MOST_SPECKS;
}

/** The stride at which points are still closer than two pixels, so that lines take a fraction of the time. */
function strideOf({ rows, columns }, { width, height }) {
  const stride = Math.floor(Math.min((STRIDE * (columns - 1)) / width, (STRIDE * (rows - 1)) / height));
  return stride > 1 && (columns - 1) % stride === 0 && (rows - 1) % stride === 0 ? stride : 1;
}

/** The grid of every `stride`-th value in both directions. */
export function thinnedGrid(values, { rows, columns }, stride) {
  if (stride === 1) return { values, rows, columns };
  const thinned = { rows: (rows - 1) / stride + 1, columns: (columns - 1) / stride + 1 };
  const kept = new Float64Array(thinned.rows * thinned.columns);
  let count = 0;
  for (let row = 0; row < rows; row += stride) {
    for (let column = 0; column < columns; column += stride) kept[count++] = values[row * columns + column];
  }
  return { values: kept, ...thinned };
}

/**
 * Draw the contour lines of a surface in a box, from the shares of its losses.
 * @returns {boolean} whether there are any; they are left out where they would be too close to each other
 */
export function drawContours(context, surface, shares, box) {
  const values = contourValues(shares);
  if (tooCrowded(values, surface)) return false;
  const grid = thinnedGrid(values, surface, strideOf(surface, box));
  const [across, up] = [box.width / (grid.columns - 1), box.height / (grid.rows - 1)];
  const low = box.top + box.height;
  // All lines are one path: where several lie at the foot of a wall, they are no darker than one.
  context.beginPath();
  drawContourLines(grid, COUNT, {
    moveTo: (x, y) => context.moveTo(box.left + x * across, low - y * up),
    lineTo: (x, y) => context.lineTo(box.left + x * across, low - y * up),
  });
  context.save();
  context.lineWidth = WIDTH;
  // Lines turn sharply at the foot of a wall, where mitres would be spikes.
  context.lineJoin = "bevel";
  context.globalAlpha = ALPHA;
  context.strokeStyle = runStyles().ink;
  context.stroke();
  context.restore();
  return true;
}
