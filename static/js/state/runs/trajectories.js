// Trajectories: the kernels' output, and the summary of a run.

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
export function follow(module, scene, start, run) {
  const trajectory = emptyTrajectory(scene.steps);
  module.descend(argumentsOf(scene, module.parameters, run), start, scene.steps, trajectory);
  return trajectory;
}

function longestStep(trajectory) {
  let at = 0;
  for (let k = 1; k < trajectory.steps; k++) if (trajectory.step_length[k] > trajectory.step_length[at]) at = k;
  return at;
}

/** Index of the first row that is not finite, or -1. */
export function firstNonfinite(trajectory) {
  for (let k = 0; k <= trajectory.steps; k++) {
    if (!Number.isFinite(trajectory.loss[k] + trajectory.x[k] + trajectory.y[k])) return k;
  }
  return -1;
}

/** Row where the first step longer than the diagonal starts, between two finite rows; -1 if there is none. */
function firstThrow(trajectory, nonfinite, diagonal) {
  const end = nonfinite < 0 ? trajectory.steps : nonfinite - 1;
  for (let k = 0; k < end; k++) if (trajectory.step_length[k] > diagonal) return k;
  return -1;
}

/** Why a curvature method found no step at the last finite row, where its step is Inf or NaN. */
function unsolved({ gradient_norm, clip_factor, step_length }, row, cost) {
  const length = step_length[row];
  if (row < 0 || !cost || !Number.isFinite(gradient_norm[row] * clip_factor[row]) || Number.isFinite(length))
    return { unsolved: "", unsolved_step: -1 };
  return { unsolved: Number.isNaN(length) ? "overflowed" : "singular", unsolved_step: row };
}

/** The cost of `gradients` steps, in gradients and curvature products. */
function work(gradients, cost) {
  const products = gradients * (cost?.products ?? 0);
  return { matrix: cost?.matrix ?? "", gradients, products, work: gradients + products * (cost?.gradients ?? 0) };
}

/** The summary of a run: where it was thrown, where it diverged, its outcome and its cost. */
export function summary(trajectory, outcomeModule, solved, diagonal, cost) {
  const { steps, x, y, loss, gradient_norm, clip_factor, step_length } = trajectory;
  const longest = longestStep(trajectory);
  const nonfinite = firstNonfinite(trajectory);
  const first = firstThrow(trajectory, nonfinite, diagonal);
  const step = first < 0 ? longest : first;
  const arguments_ = [
    x[steps],
    y[steps],
    loss[steps],
    solved ?? -Infinity,
    step_length[longest],
    step_length[steps - 1],
  ];
  const code = outcomeModule.outcome([], ...arguments_, diagonal);
  let clipped = 0;
  for (let k = 0; k < steps; k++) if (Math.abs(clip_factor[k] - 1) > 1e-12) clipped++;
  const last = nonfinite < 0 ? steps : Math.max(nonfinite - 1, 0);
  return {
    outcome: outcomeModule.outcomes[code],
    thrown: first >= 0,
    thrown_step: step,
    thrown_norm: gradient_norm[step],
    thrown_length: step_length[step],
    thrown_windows: step_length[step] / diagonal,
    thrown_from: loss[step],
    thrown_to: loss[step + 1],
    best_loss: Math.min(...loss.subarray(0, step + 1)),
    nonfinite_step: nonfinite,
    finite_loss: loss[last],
    last,
    steps,
    end_loss: loss[steps],
    clipped_steps: clipped,
    ...unsolved(trajectory, nonfinite - 1, cost),
    ...work(nonfinite < 0 ? steps : nonfinite, cost),
  };
}
