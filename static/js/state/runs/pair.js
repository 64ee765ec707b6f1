// Pair: both runs from one start, computed again when the Scene or the kernels change.

import { signature } from "../scene/dependencies.js";
import { diagonal, noKernel, runsOf, startOf, surfaceOf } from "../scene/lookup.js";
import { argumentsOf, follow, runOf, summary } from "./trajectories.js";

/**
 * The runs of a state. While its kernels or its surface are loading, these are the previous runs, so that the previous
 * picture stays until the new one is complete.
 */
export function pairKeeper() {
  let known = { scene: null, kernels: null, surface: null, pair: null, runs: [] };

  function runsFrom(scene, kernels, pair, slice) {
    const start = startOf(scene);
    const { solved, windows } = surfaceOf(scene);
    return runsOf(scene).map((run) => {
      const trajectory = pair ? runOf(pair, run) : follow(kernels[run], scene, start, run);
      return {
        run,
        of: scene,
        slice,
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
    const complete =
      kernels &&
      surface &&
      kernelsFor === signature("kernel", scene) &&
      surface.landscape === scene.landscape.kind &&
      // While the start is dragged, the paths from the last start stay until the server has sent the new ones.
      (!remote || (pair && pair.slice === slice));
    if (complete) known = { ...now, runs: runsFrom(scene, kernels, remote ? pair : null, slice) };
    return known.runs;
  };
}

/** The runs that lie on the plane of a picture: a path of another slice has no place on it. */
export function runsOn(picture, runs) {
  return runs.filter(({ slice }) => slice === picture?.slice);
}

/** 2/sharpness: Inf where the loss is flat or concave, 0 or NaN where the sharpness overflows. */
function stableRate(sharpness) {
  return sharpness <= 0 ? Infinity : 2 / sharpness;
}

function rateAt(scene, curvature, x, y) {
  return stableRate(curvature.sharpness(argumentsOf(scene, curvature.parameters, "with"), x, y));
}

/** 2/sharpness at the end of each run: the largest learning rate at which gradient descent is stable there. */
export function stableRates(scene, curvature, runs) {
  const ended = runs.filter(({ summary: { nonfinite_step } }) => nonfinite_step < 0);
  return ended.map(({ run, trajectory: { x, y }, summary: { last } }) => ({
    run,
    rate: rateAt(scene, curvature, x[last], y[last]),
  }));
}

/** The same, from the sharpness that the server sends with a complete descent. */
export function sentRates(pair, runs) {
  if (!pair?.sharpness) return [];
  const ended = runs.filter(({ summary: { nonfinite_step } }) => nonfinite_step < 0);
  return ended.map(({ run }) => {
    return { run, rate: stableRate(pair.sharpness[pair.runs.indexOf(run)]) };
  });
}

/** Of the minima `x, y, x, y, ...`, the one nearest to a point, and its distance. */
export function nearestMinimum(minima, x, y) {
  let [nearest, distance] = [[minima[0], minima[1]], Infinity];
  for (let k = 0; k < minima.length; k += 2) {
    const far = Math.hypot(minima[k] - x, minima[k + 1] - y);
    if (far < distance) [nearest, distance] = [[minima[k], minima[k + 1]], far];
  }
  return { nearest, distance };
}

/**
 * 2/sharpness at the known minimum nearest to the end of the last run; 0 if none is known. The end of a run that still
 * oscillates is a matter of chance, so the sharpness there says little.
 */
export function minimumRate(scene, curvature, runs, minima) {
  const run = runs.at(-1);
  if (!run || !minima.length || run.summary.nonfinite_step >= 0) return 0;
  const { trajectory, summary: sum } = run;
  const { nearest } = nearestMinimum(minima, trajectory.x[sum.last], trajectory.y[sum.last]);
  return rateAt(scene, curvature, nearest[0], nearest[1]);
}
