// Pair: both runs from one start, computed again when the Scene or the kernels change.

import { signature } from "../scene/dependencies.js";
import { noKernel, runsOf } from "../scene/lookup.js";
import { runKey, stepBudget } from "./long_runs.js";
import { argumentsOf, computeRuns, runOf, runTask, summary } from "./trajectories.js";

/** The runs in a frame from the server, with the steps that have arrived. */
function sentRuns(scene, rules, pair) {
  const { about } = runTask(scene);
  return runsOf(scene).map((run) => {
    const trajectory = runOf(pair, run);
    return { run, trajectory, summary: summary(trajectory, rules, about, run, pair.cost) };
  });
}

/**
 * The runs of a state. While its kernels or its surface are loading, these are the previous runs, so that the previous
 * picture stays until the new one is complete. Of a long run, these are the first steps until a worker has computed all.
 */
export function pairKeeper() {
  let known = { scene: null, kernels: null, surface: null, minima: null, pair: null, longRuns: null, runs: [] };
  const budget = stepBudget();

  /** The runs as far as a frame has time for them. */
  function firstSteps(scene, kernels) {
    const before = performance.now();
    const steps = budget.stepsOf(kernels, scene.steps);
    const runs = computeRuns(kernels, runTask(scene, steps));
    budget.note(kernels, steps, performance.now() - before);
    return runs;
  }

  function runsFrom({ scene, kernels, pair, longRuns }) {
    if (noKernel(scene)) return sentRuns(scene, kernels.outcome, pair);
    return longRuns?.key === runKey(scene) ? longRuns.runs : firstSteps(scene, kernels);
  }

  return function runs({ scene, kernels, kernelsFor, surface, minima, pair, longRuns }) {
    const now = { scene, kernels, surface, minima, pair, longRuns };
    if (Object.entries(now).every(([name, value]) => known[name] === value)) return known.runs;
    const slice = signature("slice", scene);
    const complete =
      kernels &&
      surface &&
      kernelsFor === signature("kernel", scene) &&
      surface.landscape === scene.landscape.kind &&
      // While the start is dragged, the paths from the last start stay until the server has sent the new ones.
      (!noKernel(scene) || (pair && pair.slice === slice));
    if (complete) known = { ...now, runs: runsFrom(now).map((run) => ({ ...run, of: scene, slice })) };
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

/** Smallest and largest curvature at the end of a run, by the Scene that it was computed for, from the kernel or the server; null while they are unknown. */
function endCurvatures({ curvature, curvatureFor, pair }, { run, of: scene, trajectory: { x, y }, summary: { last } }) {
  if (noKernel(scene)) {
    const at = pair?.sharpness ? pair.runs.indexOf(run) : -1;
    return at < 0 ? null : { flattest: pair.flattest[at], sharpness: pair.sharpness[at] };
  }
  if (curvatureFor !== signature("curvature", scene)) return null;
  const numbers = argumentsOf(scene, curvature.parameters, "with");
  const [flattest, sharpness] = [curvature.flattest, curvature.sharpness].map((rule) =>
    rule(numbers, x[last], y[last]),
  );
  return { flattest, sharpness };
}

/** The summary of a run; of one that is at rest, with what the curvature says about the place. */
export function placedSummary(state, item) {
  const { summary: sum } = item;
  const found = sum.says_rests ? endCurvatures(state, item) : null;
  if (!found) return sum;
  const rules = state.kernels.outcome;
  const { diagonal } = runTask(item.of).about;
  const said = rules.place([], found.flattest, found.sharpness, sum.end_loss, diagonal);
  return { ...sum, ...found, ...Object.fromEntries(rules.places.map((name, k) => [name, said[k]])) };
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
  // The minimum near which a thrown run ends says nothing about the rate that has thrown it.
  const step = sum.thrown ? 0 : sum.last;
  const { nearest } = nearestMinimum(minima, trajectory.x[step], trajectory.y[step]);
  return rateAt(scene, curvature, nearest[0], nearest[1]);
}
