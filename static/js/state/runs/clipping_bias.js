// Bias: at the current step, the mean of the clipped minibatches for every minibatch size, beside the gradient.

import { signature } from "../scene/dependencies.js";
import { startOf, surfaceOf } from "../scene/lookup.js";
import { nearestMinimum } from "./pair.js";
import { argumentsOf } from "./trajectories.js";

/** Share of the gradient's norm below which clipped minibatches cancel: what is left has no direction to speak of. */
const NOTHING = 1e-6;

const FLAT = 1e-9; // a gradient this short is that of a minimum

export function cancels(average, length) {
  return Math.hypot(...average) < NOTHING * length;
}

/** The angle between two vectors. */
function degrees(a, b) {
  const [[ax, ay], [bx, by]] = [a, b];
  return (Math.abs(Math.atan2(ax * by - ay * bx, ax * bx + ay * by)) * 180) / Math.PI;
}

function pairs(flat) {
  return Array.from({ length: flat.length / 2 }, (_, k) => [flat[2 * k], flat[2 * k + 1]]);
}

/**
 * What there is at a point from the kernel; from the server only at the start, and not example by example.
 * @returns {{gradient: number[], averages: number[][], clip_factor: number[][], examples: number[][]}}
 */
function vectorsAt(scene, bias, place, count) {
  if (!bias.bias)
    return { gradient: [...bias.gradient], averages: pairs(bias.averages), clip_factor: [], examples: [] };
  const flat = bias.bias(argumentsOf(scene, bias.parameters, "with"), place[0], place[1]);
  const several = bias.sizes.length;
  const shares = flat.slice(2 + 2 * several, 2 + (2 + count) * several);
  return {
    gradient: flat.slice(0, 2),
    averages: pairs(flat.slice(2, 2 + 2 * several)),
    clip_factor: bias.sizes.map((_, row) => shares.slice(row * count, (row + 1) * count)),
    examples: pairs(flat.slice(2 + (2 + count) * several)),
  };
}

/** What minibatches of each size make of the gradient where a trajectory is, or at the start where the server computes. */
function biasOf(catalogue, { scene, bias }, trajectory, step) {
  if (bias.reason) return { reason: bias.reason };
  // The last row takes no step: the lens shows the one before it, and so does this.
  const k = Math.min(Math.floor(step), trajectory.steps - 1);
  const place = bias.bias ? [trajectory.x[k], trajectory.y[k]] : startOf(scene);
  const count = surfaceOf(scene).examples;
  const vectors = vectorsAt(scene, bias, place, count);
  const length = Math.hypot(...vectors.gradient);
  const rows = bias.sizes.map((size, row) => {
    const average = vectors.averages[row];
    const angle = cancels(average, length) ? NaN : degrees(vectors.gradient, average);
    return { size, average, length: Math.hypot(...average), angle, clip_factor: vectors.clip_factor[row] };
  });
  return {
    /** Whether the vectors are those of this very step, rather than of the start. */
    here: Boolean(bias.bias),
    count,
    gradient: vectors.gradient,
    length,
    rows,
    examples: vectors.examples,
    /** The gradient's own clip: what one minibatch of all examples gives. */
    whole: rows.at(-1).average,
  };
}

/**
 * The bias where the run with clipping is; null where the loss has no examples or none is known yet. With a `reason`
 * there is nothing to see. The last one stays until that of another clip or start is there.
 */
export function biasKeeper(catalogue) {
  let known = { landscape: "", bias: null };

  return function bias(state, runs, step) {
    const wanted = signature("bias", state.scene);
    const trajectory = runs.find(({ run }) => run === "with")?.trajectory;
    if (!wanted || !trajectory) return null;
    const landscape = state.scene.landscape.kind;
    if (wanted === state.biasFor) known = { landscape, bias: biasOf(catalogue, state, trajectory, step) };
    return known.landscape === landscape ? known.bias : null;
  };
}

/**
 * Where the run with clipping has come to rest although the gradient is not zero there: the clipped minibatches
 * cancel. With the distance to the nearest known minimum; null where the run moves or rests at a minimum.
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
