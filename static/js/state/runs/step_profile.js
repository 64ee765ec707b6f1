// Line: the loss along one step of a run, beside what slope and curvature at its beginning promise. All numbers of
// the surface come from the kernel; here it is only asked where to look.

import { argumentsOf } from "./trajectories.js";

// As landscapes/descent/step_profile.py: a slope is believed while the change it promises is right to a tenth, and places to look at
// lie evenly on a log scale, since a cliff is a thousandth of a throw wide.
const BELIEF = 0.1;
const SMALLEST = 1e-7;
const PLACES = 281;
const ROUNDING = 1e-13; // of a loss: where a step changes less, nothing can be said

/** Where `off` begins: between the last place where it is not and the first where it is, by bisection. */
function edge(off, places, first) {
  if (first === 0) return places[0];
  let [low, high] = [places[first - 1], places[first]];
  for (let k = 0; k < 40; k++) {
    const middle = (low + high) / 2;
    if (off(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** The place of least loss around `places[best]`, by looking closer there a few times. */
function deepest(height, places, best) {
  let [low, high] = [places[Math.max(best - 1, 0)], places[Math.min(best + 1, places.length - 1)]];
  for (let round = 0; round < 6; round++) {
    const closer = Array.from({ length: 21 }, (_, k) => low + ((high - low) * k) / 20);
    const found = leastOf(closer.map(height));
    [low, high] = [closer[Math.max(found - 1, 0)], closer[Math.min(found + 1, 20)]];
  }
  return (low + high) / 2;
}

function leastOf(values) {
  let least = 0;
  values.forEach((value, k) => {
    if (value < values[least] || Number.isNaN(values[least])) least = k;
  });
  return least;
}

/** What lies under step `k` of a trajectory; null where no step of a length is taken. */
export function lineOf(scene, curvature, trajectory, k) {
  const { x, y } = trajectory;
  const [dx, dy] = [x[k + 1] - x[k], y[k + 1] - y[k]];
  const length = Math.hypot(dx, dy);
  if (!(length > 0 && length < Infinity)) return null;
  const [ux, uy] = [dx / length, dy / length];
  const given = argumentsOf(scene, curvature.parameters, "with");
  const [value, slope, bend] = curvature.models(given, x[k], y[k], ux, uy);
  const height = (distance) => curvature.loss(given, x[k] + distance * ux, y[k] + distance * uy);
  // What is no number counts as off; what rounding hides does not.
  const rounding = ROUNDING * Math.abs(value);
  const off = (distance) => {
    const predicted = slope * distance;
    return !(Math.abs(height(distance) - value - predicted) <= BELIEF * Math.abs(predicted) + rounding);
  };
  const ratio = SMALLEST ** (-1 / (PLACES - 1));
  const places = Array.from({ length: PLACES }, (_, n) => length * SMALLEST * ratio ** n);
  places[PLACES - 1] = length;
  const heights = places.map(height);
  const wrong = places.findIndex(off);
  return {
    length,
    value,
    places,
    heights,
    believed: wrong < 0 ? length : edge(off, places, wrong),
    least: deepest(height, places, leastOf(heights)),
    linear: (distance) => value + slope * distance,
    quadratic: (distance) => value + slope * distance + (bend * distance ** 2) / 2,
  };
}
