// Lanes: both twins from one start, run again whenever the Scene or the kernels change.

import { diagonal, kernelSignature, lanesOf, startOf, surfaceOf } from "./scene.js";
import { argumentsOf, follow, summary } from "./trajectories.js";

/**
 * The lanes of a state, or the last ones while the kernels or the picture of another landscape are on the page:
 * the last good picture stays until the new one is whole.
 */
export function laneKeeper(catalogue) {
  let known = { scene: null, kernels: null, surface: null, lanes: [] };

  function run(scene, kernels, window) {
    const start = startOf(catalogue, scene);
    const { solved } = surfaceOf(catalogue, scene);
    return lanesOf(scene).map((lane) => {
      const trajectory = follow(kernels[lane], scene, start, lane);
      return { lane, trajectory, summary: summary(trajectory, kernels.fate, solved, diagonal(window)) };
    });
  }

  return function lanes({ scene, kernels, kernelsFor, surface }) {
    if (scene === known.scene && kernels === known.kernels && surface === known.surface) return known.lanes;
    const whole =
      kernels &&
      surface &&
      kernelsFor === kernelSignature(catalogue, scene) &&
      surface.landscape === scene.landscape.kind;
    if (whole) known = { scene, kernels, surface, lanes: run(scene, kernels, surface.window) };
    return known.lanes;
  };
}

/** 2/sharpness at each lane's end: the largest learning rate at which gradient descent can rest there. */
export function stableRates(scene, curvature, lanes) {
  return lanes.flatMap(({ lane, trajectory, summary: sum }) => {
    const k = sum.last;
    const sharpness = curvature.sharpness(
      argumentsOf(scene, curvature.parameters, lane),
      trajectory.x[k],
      trajectory.y[k],
    );
    return sharpness > 0 && sum.nonfinite_step < 0 ? [{ lane, rate: 2 / sharpness }] : [];
  });
}
