// Hidden until predicted: until the reader has predicted, both runs are shown only up to one step.

/** Values of a summary that would reveal what happens after the last step that is shown. */
const UNKNOWN = { thrown: false, nonfinite_step: -1, gap_rows: 0, raised_step: -1, clipped_steps: 0 };

/** Columns that describe the step taken from a row. */
const NEXT_STEP = ["clip_factor", "step_length", "clipped_x", "clipped_y"];

/** A trajectory as if it ended at a step. */
function trajectoryUpTo(trajectory, step) {
  const columns = Object.entries(trajectory).filter(([, values]) => ArrayBuffer.isView(values));
  const shown = Object.fromEntries(
    columns.map(([name, values]) => [name, /** @type {Float64Array} */ (values).slice(0, step + 1)]),
  );
  for (const name of NEXT_STEP) if (shown[name]) shown[name][step] = NaN;
  return { ...trajectory, ...shown, steps: step };
}

function runUpTo(run, hiddenAfter) {
  const step = Math.min(hiddenAfter, run.trajectory.steps);
  const summary = { ...run.summary, ...UNKNOWN, last: step, steps: step };
  return { ...run, trajectory: trajectoryUpTo(run.trajectory, step), summary };
}

/** The runs that `runs(state)` returns, up to the step that the state shows. */
export function visibleRuns(runs) {
  // The views compare runs by identity, so equal input must return the same objects.
  let known = { whole: null, hiddenAfter: null, shown: [] };
  return function visible(state) {
    const whole = runs(state);
    const { hiddenAfter } = state;
    if (hiddenAfter === null) return whole;
    if (known.whole !== whole || known.hiddenAfter !== hiddenAfter)
      known = { whole, hiddenAfter, shown: whole.map((run) => runUpTo(run, hiddenAfter)) };
    return known.shown;
  };
}
