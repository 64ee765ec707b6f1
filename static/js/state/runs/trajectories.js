// Trajectories: the kernels' output, and the summary of a run.

import { diagonal, entryOf, runsOf, startOf, surfaceOf, thresholdOf } from "../scene/lookup.js";

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

/** The arguments of a kernel from the Scene, in the kernel's order; `solved` is that of a sweep's kernel. */
export function argumentsOf(scene, names, run, solved = -Infinity) {
  return names.map((name) => {
    if (name === "solved") return solved;
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

/**
 * What a verdict depends on and a trajectory does not show: numbers, and 1 or 0 for yes or no. The server computes the
 * same in app/runs/verdicts.py, and a test compares the two.
 */
export function circumstancesOf(scene) {
  const { solved, windows, examples } = surfaceOf(scene);
  const { raises } = entryOf("clip", scene.clip.kind);
  return {
    solved: solved ?? -Infinity,
    diagonal: diagonal(Object.values(windows)[0]),
    raises: Number(raises),
    threshold: Number(thresholdOf(scene).value > 0),
    minibatches: Number(examples > (scene.landscape.minibatch_size ?? 0)),
  };
}

/** What the runs of a Scene are computed from, with its first `steps` steps: plain data, for the page or a worker. */
export function runTask(scene, steps = scene.steps) {
  return { scene, start: startOf(scene), about: circumstancesOf(scene), names: runsOf(scene), steps };
}

/** The runs of a task with their summaries, computed by kernels. */
export function computeRuns(kernels, { scene, start, about, names, steps }) {
  return names.map((run) => {
    const trajectory = follow(kernels[run], scene, start, run, steps);
    return { run, trajectory, summary: summary(trajectory, kernels.outcome, about, run, kernels[run].cost) };
  });
}

/** The details of all rows before the last one: each is added by the rule that is traced from PyTorch. */
function detailsOf(trajectory, rules, { solved, diagonal: size }) {
  const { steps, x, y, loss, gradient_norm, clip_factor, step_length } = trajectory;
  let details = rules.initial;
  for (let k = 0; k < steps; k++) {
    const row = [x[k], y[k], loss[k], gradient_norm[k], clip_factor[k], step_length[k]];
    details = rules.add_row([], ...details, ...row, solved, size);
  }
  return details;
}

/** The summary of a run, by the rule that is traced from PyTorch: its outcome, its numbers, and what a verdict says. */
export function summary(trajectory, rules, about, run, cost) {
  const { steps, x, y, loss } = trajectory;
  const { matrix = "", products = 0, gradients = 0 } = cost ?? {};
  const method = { matrix: Number(matrix !== ""), products, product_cost: gradients };
  const known = { ...about, ...method, steps, clips: Number(run === "with") };
  const details = detailsOf(trajectory, rules, about);
  const circumstances = rules.circumstances.map((name) => known[name]);
  const numbers = rules.conclude([], ...details, x[steps], y[steps], loss[steps], ...circumstances);
  const facts = Object.fromEntries(rules.facts.map((name, k) => [name, numbers[k]]));
  return { ...facts, outcome: rules.outcomes[facts.outcome], thrown: facts.thrown > 0, matrix };
}
