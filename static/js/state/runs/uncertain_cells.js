// Uncertain cells: those whose outcome changes if their start moves in the last bit, found as
// app/frames/outcome_cells.py finds them.

import { inputsOfCell, runInputs } from "./sweep.js";

// Directions in which the coordinates of a start move by one float64 number.
const NUDGES = [
  [1, 0],
  [0, -1],
];
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

/** Only cells that differ from one of their four neighbours are tested: elsewhere nothing has amplified rounding. */
export function testedCells(outcome, side) {
  const cells = [];
  for (let cell = 0; cell < side * side; cell++) {
    const [column, row] = [cell % side, Math.floor(cell / side)];
    const neighbours = [
      column > 0 && cell - 1,
      column < side - 1 && cell + 1,
      row > 0 && cell - side,
      row < side - 1 && cell + side,
    ];
    if (neighbours.some((other) => other !== false && outcome[other] !== outcome[cell])) cells.push(cell);
  }
  return cells;
}

/** Test a share of both runs' cells on a map with these `outcomes`; returns the uncertain cells of each run. */
export function* computeTests(kernels, task, side, [first, count]) {
  const found = {};
  for (const [run, outcome] of Object.entries(task.outcomes)) {
    const cells = testedCells(outcome, side).filter((_, k) => k % count === first);
    const inputs = cells.map(inputsOfCell(task, run, side, kernels[run].parameters));
    const uncertain = new Set();
    for (const nudge of NUDGES) {
      const moved = inputs.map(({ start, parameters }) => ({
        start: start.map((value, k) => nextNumber(value, nudge[k])),
        parameters,
      }));
      const columns = yield* runInputs(kernels[run], moved, task.steps);
      cells.forEach((cell, k) => columns.outcome[k] !== outcome[cell] && uncertain.add(cell));
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
  return Object.fromEntries(Object.keys(task.outcomes).map((run) => [run, marks(run)]));
}
