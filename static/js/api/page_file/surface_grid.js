// Surface grid: loss and gradient norm on a grid over the window, by a kernel. The server computes the same in
// app/frames/surface.py.

import { argumentsOf } from "../../state/runs/trajectories.js";
import { windowOf } from "../../state/scene/lookup.js";

/** The k-th of `count` evenly spaced numbers. */
const spaced = (low, high, count, k) => low + ((high - low) * k) / (count - 1);

/**
 * A frame of kind `surface` with `side` points per side, the first row at the bottom. It yields after every row.
 * @param {{parameters: string[], measure: Function}} kernel
 */
export function* surfaceGrid(kernel, scene, side) {
  const window = windowOf(scene);
  const [left, right, bottom, top] = window;
  const numbers = argumentsOf(scene, kernel.parameters, "with");
  // A curve is one row.
  const rows = bottom === top ? 1 : side;
  const [loss, gradient_norm] = [new Float64Array(rows * side), new Float64Array(rows * side)];
  for (let row = 0, k = 0; row < rows; row++) {
    const y = rows > 1 ? spaced(bottom, top, rows, row) : bottom;
    for (let column = 0; column < side; column++, k++) {
      [loss[k], gradient_norm[k]] = kernel.measure(numbers, spaced(left, right, side, column), y);
    }
    yield;
  }
  return { kind: "surface", window, columns: side, rows, loss, gradient_norm };
}
