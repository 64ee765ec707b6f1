// Step profile: the loss along one step of a run, and what slope and curvature at its start predict. The kernel
// computes all losses. The distances, the tolerance of the linear model and the accuracy of both searches are numbers
// of the catalogue (`ProfileRule` in landscapes/descent/step_profile.py).

import { catalogue } from "../scene/catalogue.js";
import { argumentsOf } from "./trajectories.js";

/** Where `off` begins, by bisection: between the last distance where it is false and the first where it is true. */
function firstTrue(off, distances, first) {
  if (first === 0) return distances[0];
  let [low, high] = [distances[first - 1], distances[first]];
  for (let k = 0; k < catalogue.step_profile.halvings; k++) {
    const middle = (low + high) / 2;
    if (off(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** The distance of the lowest loss around `distances[best]`, by a grid that is refined a few times. */
function refineMinimum(lossAt, distances, best) {
  let [low, high] = [distances[Math.max(best - 1, 0)], distances[Math.min(best + 1, distances.length - 1)]];
  const { rounds, cells } = catalogue.step_profile;
  for (let round = 0; round < rounds; round++) {
    const finer = Array.from({ length: cells + 1 }, (_, k) => low + ((high - low) * k) / cells);
    const lowest = indexOfLowest(finer.map(lossAt));
    [low, high] = [finer[Math.max(lowest - 1, 0)], finer[Math.min(lowest + 1, cells)]];
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
  const { smallest, distances: count } = catalogue.step_profile;
  const ratio = smallest ** (-1 / (count - 1));
  const distances = Array.from({ length: count }, (_, n) => length * smallest * ratio ** n);
  distances[count - 1] = length;
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
  const { tolerance, rounding } = catalogue.step_profile;
  const off = (distance) => {
    const predicted = slope * distance;
    const allowed = tolerance * Math.abs(predicted) + rounding * Math.abs(loss);
    return !(Math.abs(lossAt(distance) - loss - predicted) <= allowed);
  };
  const distances = distancesTo(length);
  const losses = distances.map(lossAt);
  const firstOff = distances.findIndex(off);
  return {
    length,
    loss,
    distances,
    losses,
    linear_until: firstOff < 0 ? length : firstTrue(off, distances, firstOff),
    lowest_at: refineMinimum(lossAt, distances, indexOfLowest(losses)),
    linear: (distance) => loss + slope * distance,
    quadratic: (distance) => loss + slope * distance + (curvature * distance ** 2) / 2,
  };
}
