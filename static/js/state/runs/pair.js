// Runs: both runs from one start, run again whenever the Scene or the kernels change.

import { signature } from "../scene/dependencies.js";
import { diagonal, noKernel, runsOf, startOf, surfaceOf } from "../scene/lookup.js";
import { argumentsOf, follow, runOf, summary } from "./trajectories.js";

/**
 * The runs of a state, or the last ones while the kernels or the picture of another landscape are on the page:
 * the last good picture stays until the new one is whole.
 */
export function pairKeeper(catalogue) {
  let known = { scene: null, kernels: null, surface: null, pair: null, slice: "", runs: [] };

  function run(scene, kernels, pair) {
    const start = startOf(scene);
    const { solved, windows } = surfaceOf(scene);
    return runsOf(scene).map((run) => {
      const trajectory = pair ? runOf(pair, run) : follow(kernels[run], scene, start, run);
      return {
        run,
        of: scene,
        trajectory,
        summary: summary(
          trajectory,
          kernels.outcome,
          solved,
          diagonal(Object.values(windows)[0]),
          (pair ?? kernels[run]).cost,
        ),
      };
    });
  }

  return function runs({ scene, kernels, kernelsFor, surface, pair }) {
    const now = { scene, kernels, surface, pair };
    if (Object.entries(now).every(([name, value]) => known[name] === value)) return known.runs;
    const remote = Boolean(noKernel(scene));
    const slice = signature("slice", scene);
    const whole =
      kernels &&
      surface &&
      kernelsFor === signature("kernel", scene) &&
      surface.landscape === scene.landscape.kind &&
      surface.slice === slice &&
      // While a start is dragged, the paths of the start before stay until the server has sent the new ones.
      (!remote || (pair && pair.slice === slice));
    if (whole) known = { ...now, slice, runs: run(scene, kernels, remote ? pair : null) };
    // A path of another plane has no place on this one.
    return surface && surface.slice !== known.slice ? [] : known.runs;
  };
}

function rateAt(scene, curvature, x, y) {
  const sharpness = curvature.sharpness(argumentsOf(scene, curvature.parameters, "with"), x, y);
  return sharpness > 0 ? 2 / sharpness : Infinity;
}

/** 2/sharpness at each run's end: the largest learning rate at which gradient descent can rest there. */
export function stableRates(scene, curvature, runs) {
  const ended = runs.filter(({ summary: { nonfinite_step } }) => nonfinite_step < 0);
  return ended.map(({ run, trajectory: { x, y }, summary: { last } }) => ({
    run,
    rate: rateAt(scene, curvature, x[last], y[last]),
  }));
}

/** The same from the sharpness that the server sends with a whole descent. */
export function sentRates(pair, runs) {
  if (!pair?.sharpness) return [];
  const ended = runs.filter(({ summary: { nonfinite_step } }) => nonfinite_step < 0);
  return ended.map(({ run }) => {
    const sharpness = pair.sharpness[pair.runs.indexOf(run)];
    return { run, rate: sharpness > 0 ? 2 / sharpness : Infinity };
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
 * 2/sharpness at the known minimum nearest to the end of the last run, where it would come to rest; 0 if none is
 * known. On a run that still bounces, the end itself is a place by chance.
 */
export function minimumRate(scene, curvature, runs, minima) {
  const run = runs.at(-1);
  if (!run || !minima.length || run.summary.nonfinite_step >= 0) return 0;
  const { trajectory, summary: sum } = run;
  const { nearest } = nearestMinimum(minima, trajectory.x[sum.last], trajectory.y[sum.last]);
  return rateAt(scene, curvature, nearest[0], nearest[1]);
}
