// Hidden until predicted: while a reader predicts, both runs are shown up to one step and no further.

const NOTHING = { thrown: false, nonfinite_step: -1, clipped_steps: 0 };

/** A run up to a step, as if it had not gone on. */
function upTo(trajectory, step) {
  const rows = Object.entries(trajectory).filter(([, values]) => ArrayBuffer.isView(values));
  const cut = Object.fromEntries(
    rows.map(([name, values]) => [name, /** @type {Float64Array} */ (values).slice(0, step + 1)]),
  );
  // What is done with the last gradient is the step that is still to come.
  for (const name of ["clip_factor", "step_length", "clipped_x", "clipped_y"]) if (cut[name]) cut[name][step] = NaN;
  return { ...trajectory, ...cut, steps: step };
}

/** The runs that `runs` keeps, as far as the state shows them. */
export function visibleRuns(runs) {
  let known = { whole: null, hiddenAfter: null, runs: [] };
  return function visible(state) {
    const whole = runs(state);
    if (state.hiddenAfter === null) return whole;
    if (known.whole !== whole || known.hiddenAfter !== state.hiddenAfter) {
      const shown = whole.map((item) => {
        const step = Math.min(state.hiddenAfter, item.trajectory.steps);
        const trajectory = upTo(item.trajectory, step);
        return { ...item, trajectory, summary: { ...item.summary, ...NOTHING, last: step, steps: step } };
      });
      known = { whole, hiddenAfter: state.hiddenAfter, runs: shown };
    }
    return known.runs;
  };
}
