// Ray: where a line of sight first meets the relief's mesh. Plotly does not give the surface's point under a pixel.

const SPAN = 16; // quads in one box

/**
 * Boxes around rows of the mesh's quads, as [left, right, bottom, top, low, high] of each. A drag picks a point in
 * every frame; with boxes it tests a few hundred of the thirty thousand triangles.
 */
export function boxesOf({ lines, count, across, upward, z }) {
  const perLine = Math.ceil((count - 1) / SPAN);
  const boxes = new Float64Array((lines - 1) * perLine * 6);
  for (let line = 0, at = 0; line + 1 < lines; line++) {
    for (let first = 0; first + 1 < count; first += SPAN, at += 6) {
      const last = Math.min(first + SPAN, count - 1);
      for (const [axis, values] of [across, upward, z].entries()) {
        let [low, high] = [Infinity, -Infinity];
        for (const start of [line * count, (line + 1) * count]) {
          for (let k = start + first; k <= start + last; k++) {
            // Not Math.min: a hole in the surface, NaN, would take the whole box with it.
            if (values[k] < low) low = values[k];
            if (values[k] > high) high = values[k];
          }
        }
        boxes[at + 2 * axis] = low;
        boxes[at + 2 * axis + 1] = high;
      }
    }
  }
  return boxes;
}

/** Whether near + t (dx, dy, dz) passes the box at `at` for some t in [0, 1]. */
function passes(near, direction, boxes, at) {
  let [enter, leave] = [0, 1];
  for (let axis = 0; axis < 3; axis++) {
    const [low, high] = [boxes[at + 2 * axis], boxes[at + 2 * axis + 1]];
    const d = direction[axis];
    // For a ray parallel to the faces, the division below could be 0 / 0.
    if (d === 0) {
      if (near[axis] < low || near[axis] > high) return false;
      continue;
    }
    const [a, b] = [(low - near[axis]) / d, (high - near[axis]) / d];
    enter = Math.max(enter, Math.min(a, b));
    leave = Math.min(leave, Math.max(a, b));
  }
  return enter <= leave + 1e-9;
}

/**
 * Share along the ray at which it meets the triangle of mesh points a, b, c, or Infinity (Moller and Trumbore
 * 1997). In plain numbers, without arrays: it runs hundreds of times in a frame.
 */
function triangleShare(near, dx, dy, dz, mesh, a, b, c) {
  const { across: x, upward: y, z } = mesh;
  const [px, py, pz] = [x[a], y[a], z[a]];
  const [ux, uy, uz] = [x[b] - px, y[b] - py, z[b] - pz];
  const [vx, vy, vz] = [x[c] - px, y[c] - py, z[c] - pz];
  const hx = dy * vz - dz * vy;
  const hy = dz * vx - dx * vz;
  const hz = dx * vy - dy * vx;
  const det = ux * hx + uy * hy + uz * hz;
  if (det === 0) return Infinity;
  const [sx, sy, sz] = [near[0] - px, near[1] - py, near[2] - pz];
  const u = (sx * hx + sy * hy + sz * hz) / det;
  // Triangles overlap a little, so that no ray passes between two of them.
  if (u < -1e-9 || u > 1 + 1e-9) return Infinity;
  const gx = sy * uz - sz * uy;
  const gy = sz * ux - sx * uz;
  const gz = sx * uy - sy * ux;
  const v = (dx * gx + dy * gy + dz * gz) / det;
  if (v < -1e-9 || u + v > 1 + 1e-9) return Infinity;
  const t = (vx * gx + vy * gy + vz * gz) / det;
  return t >= 0 ? t : Infinity;
}

/**
 * Where a ray first meets the mesh, as shares of the window, or null; `mesh.boxes` are its `boxesOf`.
 * @returns {[number, number] | null}
 */
export function pick([near, far], mesh) {
  const direction = [0, 1, 2].map((axis) => far[axis] - near[axis]);
  const [dx, dy, dz] = direction;
  const { lines, count, boxes } = mesh;
  let share = Infinity;
  for (let line = 0, at = 0; line + 1 < lines; line++) {
    for (let first = 0; first + 1 < count; first += SPAN, at += 6) {
      if (!passes(near, direction, boxes, at)) continue;
      const end = line * count + Math.min(first + SPAN, count - 1);
      for (let k = line * count + first; k < end; k++) {
        share = Math.min(share, triangleShare(near, dx, dy, dz, mesh, k, k + 1, k + count));
        share = Math.min(share, triangleShare(near, dx, dy, dz, mesh, k + 1, k + count, k + count + 1));
      }
    }
  }
  return share < Infinity ? [near[0] + dx * share, near[1] + dy * share] : null;
}
