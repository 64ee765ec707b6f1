// Step: one step of a run: the gradient before and after the clip, and the predicted and the actual change of the loss.

/** The step of a run that starts at or before `step`; null where the run has none. */
export function stepOf(trajectory, step) {
  const k = Math.min(Math.floor(step), trajectory.steps - 1);
  if (k < 0) return null;
  const vector = (name) => ["x", "y"].map((axis) => trajectory[`${name}_${axis}`][k]);
  const [[gx, gy], [rx, ry], [cx, cy]] = ["gradient", "raw", "clipped"].map(vector);
  const [dx, dy] = ["x", "y"].map((name) => trajectory[name][k + 1] - trajectory[name][k]);
  const turn = Math.atan2(rx * cy - ry * cx, rx * cx + ry * cy);
  return {
    /** The clip's input, which is the gradient or minus the step, and its output. */
    raw: [rx, ry],
    clipped: [cx, cy],
    step: [dx, dy],
    norm: Math.hypot(rx, ry),
    /** Angle between the two, in degrees. */
    angle: (Math.abs(turn) * 180) / Math.PI,
    /** Change of the loss as the gradient predicts it, and as it was. */
    predicted: gx * dx + gy * dy,
    actual: trajectory.loss[k + 1] - trajectory.loss[k],
  };
}
