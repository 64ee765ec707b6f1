// Uncertain cells: those where a change of the start in the last bit decides, found as in
// app/frames/division/uncertain_cells.py.

import { inputsOfCell, runInputs } from "./sweep.js";

// Directions in which the coordinates of a start move by one float64 number.
const NUDGES = [
  [1, 0],
  [0, -1],
];
// A larger relative change of the final loss means that the run has amplified the last bit to a size that can be seen.
const AMPLIFIED = 0.03;
const bits = new BigInt64Array(1);
const number = new Float64Array(bits.buffer);

/** The next float64 number above (1) or below (-1); 0 stays. */
export function nextNumber(value, direction) {
  if (!direction || !Number.isFinite(value)) return value;
  if (value === 0) return direction * Number.MIN_VALUE;
  number[0] = value;
  // The bits of a negative number grow as it falls.
  bits[0] += value > 0 === direction > 0 ? 1n : -1n;
  return number[0];
}

/** The numbers of the eight cells around one, without those beyond the edge. */
function neighboursOf(cell, side) {
  const [column, row] = [cell % side, Math.floor(cell / side)];
  const near = (place) => [place - 1, place, place + 1].filter((one) => one >= 0 && one < side);
  return near(row).flatMap((above) => near(column).map((beside) => above * side + beside));
}

/**
 * The cells of which a neighbour has another outcome; only these are tested. Elsewhere a run may be as chaotic, but all
 * runs around it end alike, and so would this one.
 */
export function testedCells(outcome, side) {
  const cells = [];
  for (let cell = 0; cell < side * side; cell++)
    if (neighboursOf(cell, side).some((other) => outcome[other] !== outcome[cell])) cells.push(cell);
  return cells;
}

/** How many runs test the certainty of a map with these `known` outcomes. */
export function countTests(known, side) {
  return Object.values(known).reduce((sum, { outcome }) => sum + NUDGES.length * testedCells(outcome, side).length, 0);
}

/** Whether a run ends with a visibly different loss than its cell; far below `solved` all losses are alike. */
function lossChanges(before, after, solved) {
  // NaN, the loss of a run that diverged, is not larger than anything.
  return Math.abs(after - before) > AMPLIFIED * Math.max(Math.abs(before), Math.abs(after), solved, 0);
}

/**
 * Test a share of both runs' cells on a map with these `known` outcomes and losses; returns the uncertain cells of each
 * run: those whose outcome changes with a move in the last bit, or whose loss does. Few moves are tried, and where a
 * border is near, another move would change the outcome.
 */
export function* computeTests(kernels, task, side, [first, count]) {
  const found = {};
  for (const [run, { outcome, loss }] of Object.entries(task.known)) {
    const cells = testedCells(outcome, side).filter((_, k) => k % count === first);
    const inputs = cells.map(inputsOfCell(task, run, side, kernels[run].parameters));
    const uncertain = new Set();
    for (const nudge of NUDGES) {
      const moved = inputs.map(({ start, parameters }) => ({
        start: start.map((value, k) => nextNumber(value, nudge[k])),
        parameters,
      }));
      const columns = yield* runInputs(kernels[run], moved, task.steps);
      cells.forEach((cell, k) => {
        const changes = columns.outcome[k] !== outcome[cell] || lossChanges(loss[cell], columns.loss[k], task.solved);
        if (changes) uncertain.add(cell);
      });
    }
    found[run] = [...uncertain];
  }
  return found;
}

/** 1 for every uncertain cell of each run, else 0, from the shares of all workers. */
export function mergeTests(task, side, shares) {
  const marks = (run) => {
    const cells = new Uint8Array(side * side);
    for (const share of shares) for (const cell of share[run]) cells[cell] = 1;
    return cells;
  };
  return Object.fromEntries(Object.keys(task.known).map((run) => [run, marks(run)]));
}
