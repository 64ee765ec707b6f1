// Trajectories: the kernels' output, and the summary of a run.

import { diagonal, entryOf, runsOf, startOf, surfaceOf } from "../scene/lookup.js";

const RECORD = ["x", "y", "loss", "gradient_norm", "clip_factor", "step_length"];
const ARROWS = ["gradient_x", "gradient_y", "raw_x", "raw_y", "clipped_x", "clipped_y"];
// What an adaptive optimizer divides the step by.
const MEMORY = "memory";
const COLUMNS = [...RECORD, ...ARROWS, MEMORY];

/** Arrays for a run of `steps` steps, which has one row more. */
function emptyTrajectory(steps) {
  const rows = Object.fromEntries(COLUMNS.map((name) => [name, new Float64Array(steps + 1)]));
  // The kernels of most optimizers do not write it.
  rows[MEMORY].fill(NaN);
  return /** @type {any} */ ({ ...rows, steps });
}

/** Whether the optimizer of any run is adaptive and has a memory of gradients. */
export function hasMemory(runs) {
  return runs.some(({ trajectory }) => Number.isFinite(trajectory[MEMORY][0]));
}

/** One run of a frame from the server, with the steps that have arrived. */
export function runOf(frame, run) {
  const rows = frame.steps + 1;
  const first = frame.runs.indexOf(run) * rows;
  const unknown = new Float64Array(rows).fill(NaN);
  const columns = COLUMNS.map((name) => [name, frame[name]?.subarray(first, first + rows) ?? unknown]);
  return /** @type {any} */ ({ ...Object.fromEntries(columns), steps: frame.steps });
}

/** The arguments of a kernel from the Scene, in the kernel's order. */
export function argumentsOf(scene, names, run) {
  return names.map((name) => {
    const [family, parameter] = name.split(".");
    return family === "clip" && run === "without" ? 0 : scene[family][parameter];
  });
}

/** A run from a start, computed by its kernel. */
export function follow(module, scene, start, run, steps = scene.steps) {
  const trajectory = emptyTrajectory(steps);
  module.descend(argumentsOf(scene, module.parameters, run), start, steps, trajectory);
  return trajectory;
}

/** What the runs of a Scene are computed from, with its first `steps` steps: plain data, for the page or a worker. */
export function runTask(scene, steps = scene.steps) {
  const { solved, windows } = surfaceOf(scene);
  const size = diagonal(Object.values(windows)[0]);
  const { raises } = entryOf("clip", scene.clip.kind);
  return { scene, start: startOf(scene), solved, diagonal: size, raises, names: runsOf(scene), steps };
}

/** The runs of a task with their summaries, computed by kernels. */
export function computeRuns(kernels, task) {
  const { scene, start, names, steps } = task;
  return names.map((run) => {
    const trajectory = follow(kernels[run], scene, start, run, steps);
    return { run, trajectory, summary: summary(trajectory, kernels.outcome, task, kernels[run].cost) };
  });
}

/** The details of a run, and those before its last row: every row added by the rule that is traced from PyTorch. */
function detailsOf(trajectory, rules, solved, size) {
  const { steps, x, y, loss, gradient_norm, clip_factor, step_length } = trajectory;
  let before = rules.initial;
  let now = rules.initial;
  for (let k = 0; k <= steps; k++) {
    before = now;
    // No step is taken from the last row, whatever the clip would do there.
    const factor = k < steps ? clip_factor[k] : NaN;
    const row = [x[k], y[k], loss[k], gradient_norm[k], factor, step_length[k]];
    now = rules.add_row([], ...before, ...row, solved, size);
  }
  return [before, now].map((numbers) => Object.fromEntries(rules.details.map((name, k) => [name, numbers[k]])));
}

/** The sentence that says why a curvature method found no step, and the row where it found none. */
function missingStep(details, cost) {
  const { missing_step: step, missing_nan: overflowed } = details;
  if (!cost || step < 0) return { unsolved: "", unsolved_step: -1 };
  return { unsolved: overflowed ? "overflowed" : "singular", unsolved_step: step };
}

/** The cost of `gradients` steps, in gradients and curvature products. */
function work(gradients, cost) {
  const products = gradients * (cost?.products ?? 0);
  return { matrix: cost?.matrix ?? "", gradients, products, work: gradients + products * (cost?.gradients ?? 0) };
}

/** The step at which the clip's framework raises an error, or -1. No step is taken from the last row. */
function raisedStep(details, raises, steps) {
  const { undefined_factor: step } = details;
  return raises && step < steps ? step : -1;
}

/** The summary of a run of a task: where it was thrown, where it diverged, its outcome and its cost. */
export function summary(trajectory, rules, { solved, diagonal: size, raises }, cost) {
  const { steps, x, y, loss, gradient_norm, step_length } = trajectory;
  const bound = solved ?? -Infinity;
  const [before, details] = detailsOf(trajectory, rules, bound, size);
  const { key_step: step, nonfinite_step: nonfinite, gap_rows, gap_first, gap_last } = details;
  const code = rules.outcome(
    [],
    x[steps],
    y[steps],
    loss[steps],
    bound,
    before.summary_longest,
    before.summary_last,
    size,
  );
  const last = nonfinite < 0 ? steps : Math.max(nonfinite - 1, 0);
  return {
    outcome: rules.outcomes[code],
    thrown: details.summary_throw > size,
    thrown_step: step,
    thrown_norm: gradient_norm[step],
    thrown_length: step_length[step],
    thrown_windows: step_length[step] / size,
    thrown_from: loss[step],
    thrown_to: loss[step + 1],
    best_loss: details.best_loss,
    nonfinite_step: nonfinite,
    gap_rows,
    gap_first,
    gap_last,
    finite_loss: loss[last],
    last,
    steps,
    end_loss: loss[steps],
    raised_step: raisedStep(details, raises, steps),
    clipped_steps: details.clipped_steps,
    ...missingStep(details, cost),
    ...work((nonfinite < 0 ? steps : nonfinite) - gap_rows, cost),
  };
}
