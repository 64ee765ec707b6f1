// Step profile: the loss along one step of a run, and what slope and curvature at its start predict. The kernel
// computes all losses; this file decides at which distances.

import { argumentsOf } from "./trajectories.js";

// As in landscapes/descent/step_profile.py, the linear model holds while the change that it predicts differs from the
// actual change by at most 10 % of the prediction. Distances are evenly spaced on a log scale, since a cliff may be a
// thousand times narrower than the step.
const TOLERANCE = 0.1;
const SMALLEST = 1e-7; // of the step's length
const DISTANCES = 281;
const ROUNDING = 1e-13; // of a loss: a smaller change is rounding error

/** Where `off` begins, by bisection: between the last distance where it is false and the first where it is true. */
function edgeOf(off, distances, first) {
  if (first === 0) return distances[0];
  let [low, high] = [distances[first - 1], distances[first]];
  for (let k = 0; k < 40; k++) {
    const middle = (low + high) / 2;
    if (off(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** The distance of the lowest loss around `distances[best]`, by a grid that is refined a few times. */
function lowestAround(lossAt, distances, best) {
  let [low, high] = [distances[Math.max(best - 1, 0)], distances[Math.min(best + 1, distances.length - 1)]];
  for (let round = 0; round < 6; round++) {
    const finer = Array.from({ length: 21 }, (_, k) => low + ((high - low) * k) / 20);
    const lowest = indexOfLowest(finer.map(lossAt));
    [low, high] = [finer[Math.max(lowest - 1, 0)], finer[Math.min(lowest + 1, 20)]];
  }
  return (low + high) / 2;
}

function indexOfLowest(values) {
  let lowest = 0;
  values.forEach((value, k) => {
    if (value < values[lowest] || Number.isNaN(values[lowest])) lowest = k;
  });
  return lowest;
}

/** Distances up to `length`, evenly spaced on a log scale. */
function distancesTo(length) {
  const ratio = SMALLEST ** (-1 / (DISTANCES - 1));
  const distances = Array.from({ length: DISTANCES }, (_, n) => length * SMALLEST * ratio ** n);
  distances[DISTANCES - 1] = length;
  return distances;
}

/** The profile of step `k` of a trajectory, by the curvature `kernel`; null if the step's length is 0, Inf or NaN. */
export function stepProfile(scene, kernel, { x, y }, k) {
  const [dx, dy] = [x[k + 1] - x[k], y[k + 1] - y[k]];
  const length = Math.hypot(dx, dy);
  if (!(length > 0 && length < Infinity)) return null;
  const [ux, uy] = [dx / length, dy / length];
  const parameters = argumentsOf(scene, kernel.parameters, "with");
  const [loss, slope, curvature] = kernel.models(parameters, x[k], y[k], ux, uy);
  const lossAt = (distance) => kernel.loss(parameters, x[k] + distance * ux, y[k] + distance * uy);
  // NaN counts as off; a change within rounding does not.
  const rounding = ROUNDING * Math.abs(loss);
  const off = (distance) => {
    const predicted = slope * distance;
    return !(Math.abs(lossAt(distance) - loss - predicted) <= TOLERANCE * Math.abs(predicted) + rounding);
  };
  const distances = distancesTo(length);
  const losses = distances.map(lossAt);
  const firstOff = distances.findIndex(off);
  return {
    length,
    loss,
    distances,
    losses,
    linear_until: firstOff < 0 ? length : edgeOf(off, distances, firstOff),
    lowest_at: lowestAround(lossAt, distances, indexOfLowest(losses)),
    linear: (distance) => loss + slope * distance,
    quadratic: (distance) => loss + slope * distance + (curvature * distance ** 2) / 2,
  };
}
