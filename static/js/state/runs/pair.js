// Lanes: both twins from one start, run again whenever the Scene or the kernels change.

import { diagonal, kernelSignature, lanesOf, noKernel, sliceSignature, startOf, surfaceOf } from "../scene/scene.js";
import { argumentsOf, follow, laneOf, summary } from "./trajectories.js";

/**
 * The lanes of a state, or the last ones while the kernels or the picture of another landscape are on the page:
 * the last good picture stays until the new one is whole.
 */
export function laneKeeper(catalogue) {
  let known = { scene: null, kernels: null, surface: null, twins: null, lanes: [] };

  function run(scene, kernels, twins) {
    const start = startOf(catalogue, scene);
    const { solved, windows } = surfaceOf(catalogue, scene);
    return lanesOf(scene).map((lane) => {
      const trajectory = twins ? laneOf(twins, lane) : follow(kernels[lane], scene, start, lane);
      return {
        lane,
        of: scene,
        trajectory,
        summary: summary(
          trajectory,
          kernels.fate,
          solved,
          diagonal(Object.values(windows)[0]),
          (twins ?? kernels[lane]).cost,
        ),
      };
    });
  }

  return function lanes({ scene, kernels, kernelsFor, surface, twins }) {
    const now = { scene, kernels, surface, twins };
    if (Object.entries(now).every(([name, value]) => known[name] === value)) return known.lanes;
    const remote = Boolean(noKernel(catalogue, scene));
    const whole =
      kernels &&
      surface &&
      kernelsFor === kernelSignature(catalogue, scene) &&
      surface.landscape === scene.landscape.kind &&
      // While a start is dragged, the paths of the start before stay until the server has sent the new ones.
      (!remote || (twins && twins.slice === sliceSignature(scene)));
    if (whole) known = { ...now, lanes: run(scene, kernels, remote ? twins : null) };
    return known.lanes;
  };
}

function rateAt(scene, curvature, x, y) {
  const sharpness = curvature.sharpness(argumentsOf(scene, curvature.parameters, "with"), x, y);
  return sharpness > 0 ? 2 / sharpness : Infinity;
}

/** 2/sharpness at each lane's end: the largest learning rate at which gradient descent can rest there. */
export function stableRates(scene, curvature, lanes) {
  const ended = lanes.filter(({ summary: { nonfinite_step } }) => nonfinite_step < 0);
  return ended.map(({ lane, trajectory: { x, y }, summary: { last } }) => ({
    lane,
    rate: rateAt(scene, curvature, x[last], y[last]),
  }));
}

/** The same from the sharpness that the server sends with a whole descent. */
export function sentRates(twins, lanes) {
  if (!twins?.sharpness) return [];
  const ended = lanes.filter(({ summary: { nonfinite_step } }) => nonfinite_step < 0);
  return ended.map(({ lane }) => {
    const sharpness = twins.sharpness[twins.lanes.indexOf(lane)];
    return { lane, rate: sharpness > 0 ? 2 / sharpness : Infinity };
  });
}

/** The known minimum, of `x, y, x, y, ...`, that is nearest to a point, and how far it is. */
export function nearestMinimum(minima, x, y) {
  let [nearest, distance] = [[minima[0], minima[1]], Infinity];
  for (let k = 0; k < minima.length; k += 2) {
    const far = Math.hypot(minima[k] - x, minima[k + 1] - y);
    if (far < distance) [nearest, distance] = [[minima[k], minima[k + 1]], far];
  }
  return { nearest, distance };
}

/**
 * 2/sharpness at the known minimum nearest to the end of the last lane, where it would come to rest; 0 if none is
 * known. On a run that still bounces, the end itself is a place by chance.
 */
export function minimumRate(scene, curvature, lanes, minima) {
  const lane = lanes.at(-1);
  if (!lane || !minima.length || lane.summary.nonfinite_step >= 0) return 0;
  const { trajectory, summary: sum } = lane;
  const { nearest } = nearestMinimum(minima, trajectory.x[sum.last], trajectory.y[sum.last]);
  return rateAt(scene, curvature, nearest[0], nearest[1]);
}
