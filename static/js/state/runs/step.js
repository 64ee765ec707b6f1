// Lens: one step of a run under a magnifying glass: the gradient before and after the clip, what the slope predicted.

/** What happened at the current step of a run; null where there is nothing to see. */
export function stepOf(trajectory, step) {
  const k = Math.min(Math.floor(step), trajectory.steps - 1);
  if (k < 0) return null;
  const vector = (name) => ["x", "y"].map((axis) => trajectory[`${name}_${axis}`][k]);
  const [[gx, gy], [rx, ry], [cx, cy]] = ["gradient", "raw", "clipped"].map(vector);
  const [dx, dy] = ["x", "y"].map((name) => trajectory[name][k + 1] - trajectory[name][k]);
  const turn = Math.atan2(rx * cy - ry * cx, rx * cx + ry * cy);
  return {
    /** What the clip was given, the gradient or the step turned round, and what it left of it. */
    raw: [rx, ry],
    clipped: [cx, cy],
    step: [dx, dy],
    norm: Math.hypot(rx, ry),
    /** By how many degrees the clip turned it. */
    turned: (Math.abs(turn) * 180) / Math.PI,
    /** What the loss would do if the surface went on as steep as it is here, and what it did. */
    predicted: gx * dx + gy * dy,
    actual: trajectory.loss[k + 1] - trajectory.loss[k],
  };
}
