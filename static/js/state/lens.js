// Lens: one step of a lane under a magnifying glass: the gradient before and after the clip, what the slope promised.

/** What happened at the current step of a lane; null where there is nothing to see. */
export function stepOf(trajectory, step) {
  const k = Math.min(Math.floor(step), trajectory.steps - 1);
  if (k < 0) return null;
  const [gx, gy, cx, cy] = ["gradient_x", "gradient_y", "clipped_x", "clipped_y"].map((name) => trajectory[name][k]);
  const [dx, dy] = ["x", "y"].map((name) => trajectory[name][k + 1] - trajectory[name][k]);
  const turn = Math.atan2(gx * cy - gy * cx, gx * cx + gy * cy);
  return {
    k,
    gradient: [gx, gy],
    clipped: [cx, cy],
    step: [dx, dy],
    norm: Math.hypot(gx, gy),
    /** By how many degrees the clip turned the gradient. */
    turned: (Math.abs(turn) * 180) / Math.PI,
    /** What the loss would do if the surface went on as steep as it is here, and what it did. */
    promised: gx * dx + gy * dy,
    got: trajectory.loss[k + 1] - trajectory.loss[k],
  };
}
