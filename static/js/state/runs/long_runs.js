// Long runs: how many steps are computed at once, and the key of the runs that a worker computes.

import { signature } from "../scene/dependencies.js";
import { noKernel, startOf, surfaceOf } from "../scene/lookup.js";

const BUDGET = 5; // milliseconds of a frame in which runs are computed; drawing takes the rest
const LEAST = 1000; // steps that are always computed at once

/** Steps that fit into a frame, by the time that earlier runs of the same kernels took. */
export function stepBudget() {
  let known = { kernels: null, speed: 0 };
  return {
    /** A power of two times LEAST, so that the number does not change with every frame. */
    stepsOf(kernels, steps) {
      const speed = known.kernels === kernels ? known.speed : 0;
      return Math.min(steps, LEAST * 2 ** Math.floor(Math.log2(Math.max(1, (speed * BUDGET) / LEAST))));
    },
    note(kernels, steps, milliseconds) {
      // The highest speed counts: the first runs also wait for the browser's compiler.
      const before = known.kernels === kernels ? known.speed : 0;
      known = { kernels, speed: Math.max(before, steps / Math.max(milliseconds, 0.1)) };
    },
  };
}

/** Everything in a Scene that its runs depend on, as text. */
export function runKey(scene) {
  const { landscape, optimizer, schedule, clip, steps, runs } = scene;
  return JSON.stringify([landscape, optimizer, schedule, clip, startOf(scene), steps, runs, surfaceOf(scene).solved]);
}

/** Whether runs have fewer steps than their Scene, since the browser has not computed the rest. */
export function isPreview({ scene }, runs) {
  return !noKernel(scene) && runs.some(({ trajectory }) => trajectory.steps < scene.steps);
}

/** The key of the runs that a worker must compute; empty if all steps are known, or if the kernels are loading. */
export function longRunKey(state, runs) {
  const { scene, kernels, kernelsFor } = state;
  if (!kernels || kernelsFor !== signature("kernel", scene) || !isPreview(state, runs)) return "";
  return runs[0].of === scene ? runKey(scene) : "";
}
