// Clipping bias: at the current step, the mean of the clipped minibatches for every minibatch size, and the gradient.

import { signature } from "../scene/dependencies.js";
import { startOf, surfaceOf } from "../scene/lookup.js";
import { nearestMinimum } from "./pair.js";
import { argumentsOf } from "./trajectories.js";

const NOTHING = 1e-6; // of the gradient's norm: a shorter mean is rounding error and has no direction
const FLAT = 1e-9; // the gradient's norm at a minimum, with room for rounding

/** Whether clipped minibatches cancel: their mean is zero, up to rounding. */
export function cancels(average, length) {
  return Math.hypot(...average) < NOTHING * length;
}

/**
 * The angle between two vectors, in degrees.
 * @param {number[]} a
 * @param {number[]} b
 */
function degrees(a, b) {
  const [[ax, ay], [bx, by]] = [a, b];
  return (Math.abs(Math.atan2(ax * by - ay * bx, ax * bx + ay * by)) * 180) / Math.PI;
}

/** The points of `x, y, x, y, ...`. */
function pointsOf(flat) {
  return Array.from({ length: flat.length / 2 }, (_, k) => [flat[2 * k], flat[2 * k + 1]]);
}

/**
 * Gradients at a point by the kernel. The server sends only those at the start, without each example's.
 * @returns {{gradient: number[], averages: number[][], clipFactors: number[][], examples: number[][]}}
 */
function vectorsAt(scene, bias, place, count) {
  if (!bias.bias)
    return { gradient: [...bias.gradient], averages: pointsOf(bias.averages), clipFactors: [], examples: [] };
  const flat = bias.bias(argumentsOf(scene, bias.parameters, "with"), place[0], place[1]);
  const several = bias.sizes.length;
  const factors = flat.slice(2 + 2 * several, 2 + (2 + count) * several);
  return {
    gradient: flat.slice(0, 2),
    averages: pointsOf(flat.slice(2, 2 + 2 * several)),
    clipFactors: bias.sizes.map((_, row) => factors.slice(row * count, (row + 1) * count)),
    examples: pointsOf(flat.slice(2 + (2 + count) * several)),
  };
}

/** The bias for each minibatch size where a trajectory is, or at the start where the server computes it. */
function biasOf({ scene, bias }, trajectory, step) {
  if (bias.reason) return { reason: bias.reason };
  // No step starts at the last row; the lens shows the step before it, and so does this.
  const k = Math.min(Math.floor(step), trajectory.steps - 1);
  const place = bias.bias ? [trajectory.x[k], trajectory.y[k]] : startOf(scene);
  const count = surfaceOf(scene).examples;
  const vectors = vectorsAt(scene, bias, place, count);
  const length = Math.hypot(...vectors.gradient);
  const rows = bias.sizes.map((size, row) => {
    const average = vectors.averages[row];
    const angle = cancels(average, length) ? NaN : degrees(vectors.gradient, average);
    return { size, average, length: Math.hypot(...average), angle, clipFactors: vectors.clipFactors[row] };
  });
  return {
    /** Whether the vectors are those of this step rather than of the start. */
    here: Boolean(bias.bias),
    count,
    gradient: vectors.gradient,
    length,
    rows,
    examples: vectors.examples,
    /** The clipped gradient: one minibatch has all examples. */
    clipped_gradient: rows.at(-1).average,
  };
}

/**
 * The bias where the run with clipping is; null where the loss has no examples or no bias is known yet. It is only a
 * `reason` where there is none to compute. The last bias stays until that of another clip or start has arrived.
 */
export function biasKeeper() {
  let known = { landscape: "", bias: null };

  return function bias(state, runs, step) {
    const wanted = signature("bias", state.scene);
    const trajectory = runs.find(({ run }) => run === "with")?.trajectory;
    if (!wanted || !trajectory) return null;
    const landscape = state.scene.landscape.kind;
    if (wanted === state.biasFor) known = { landscape, bias: biasOf(state, trajectory, step) };
    return known.landscape === landscape ? known.bias : null;
  };
}

/**
 * Where the run with clipping rests because the clipped minibatches cancel, although the gradient is not zero. With the
 * distance to the nearest known minimum; null where the run moves or rests at a minimum.
 */
export function restOf(runs, minima) {
  const trajectory = runs.find(({ run }) => run === "with")?.trajectory;
  if (!trajectory || !minima.length) return null;
  const end = trajectory.steps;
  const [x, y, gradient] = ["x", "y", "gradient_norm"].map((name) => trajectory[name][end]);
  const clipped = [trajectory.clipped_x[end], trajectory.clipped_y[end]];
  if (!cancels(clipped, gradient) || gradient < FLAT) return null;
  return { at: [x, y], gradient, ...nearestMinimum(minima, x, y) };
}
