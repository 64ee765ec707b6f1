// Camera: from the relief's data to pixels and back, with the camera of Plotly's own scene.

/** Product of two column-major 4 x 4 matrices. */
function product(a, b) {
  const result = new Float64Array(16);
  for (let column = 0; column < 4; column++) {
    for (let row = 0; row < 4; row++) {
      let sum = 0;
      for (let k = 0; k < 4; k++) sum += a[k * 4 + row] * b[column * 4 + k];
      result[column * 4 + row] = sum;
    }
  }
  return result;
}

function transformed(m, x, y, z) {
  const w = m[3] * x + m[7] * y + m[11] * z + m[15];
  return [(m[0] * x + m[4] * y + m[8] * z + m[12]) / w, (m[1] * x + m[5] * y + m[9] * z + m[13]) / w, (m[2] * x + m[6] * y + m[10] * z + m[14]) / w];
}

/** Inverse of a column-major 4 x 4 matrix by Gauss-Jordan elimination. */
function inverse(m) {
  const rows = [0, 1, 2, 3].map((r) => [...[0, 1, 2, 3].map((c) => m[c * 4 + r]), ...[0, 1, 2, 3].map((c) => Number(c === r))]);
  for (let k = 0; k < 4; k++) {
    const pivot = rows.slice(k).reduce((best, row) => (Math.abs(row[k]) > Math.abs(best[k]) ? row : best));
    rows.splice(rows.indexOf(pivot), 1);
    rows.splice(k, 0, pivot);
    const lead = pivot[k];
    for (let c = 0; c < 8; c++) pivot[c] /= lead;
    for (const row of rows) {
      if (row === pivot) continue;
      const factor = row[k];
      for (let c = 0; c < 8; c++) row[c] -= factor * pivot[c];
    }
  }
  return Float64Array.from({ length: 16 }, (_, k) => rows[k % 4][4 + Math.floor(k / 4)]);
}

/** The scene's camera as `toPixel(x, y, z)` and `ray(px, py)`, in CSS pixels of the element; null before it is there. */
export function cameraOf(element) {
  const scene = element._fullLayout?.scene?._scene;
  const parameters = scene?.glplot?.cameraParams;
  if (!parameters?.projection) return null;
  const { model, view, projection } = parameters;
  const [sx, sy, sz] = scene.dataScale;
  const scale = Float64Array.of(sx, 0, 0, 0, 0, sy, 0, 0, 0, 0, sz, 0, 0, 0, 0, 1);
  const matrix = product(projection, product(view, product(model, scale)));
  const back = inverse(matrix);
  const { offsetLeft: left, offsetTop: top, clientWidth: width, clientHeight: height } = scene.container;
  return {
    matrix,
    toPixel(x, y, z) {
      const [a, b] = transformed(matrix, x, y, z);
      return [left + ((a + 1) / 2) * width, top + ((1 - b) / 2) * height];
    },
    ray(px, py) {
      const a = ((px - left) / width) * 2 - 1;
      const b = 1 - ((py - top) / height) * 2;
      return [transformed(back, a, b, -1), transformed(back, a, b, 1)];
    },
  };
}

/** Share along the ray at which it meets a triangle, or Infinity (Moller and Trumbore 1997). */
function meeting(near, direction, p, q, r) {
  const e1 = [q[0] - p[0], q[1] - p[1], q[2] - p[2]];
  const e2 = [r[0] - p[0], r[1] - p[1], r[2] - p[2]];
  const h = [direction[1] * e2[2] - direction[2] * e2[1], direction[2] * e2[0] - direction[0] * e2[2], direction[0] * e2[1] - direction[1] * e2[0]];
  const det = e1[0] * h[0] + e1[1] * h[1] + e1[2] * h[2];
  if (det === 0) return Infinity;
  const s = [near[0] - p[0], near[1] - p[1], near[2] - p[2]];
  const u = (s[0] * h[0] + s[1] * h[1] + s[2] * h[2]) / det;
  if (u < -1e-9 || u > 1 + 1e-9) return Infinity;
  const g = [s[1] * e1[2] - s[2] * e1[1], s[2] * e1[0] - s[0] * e1[2], s[0] * e1[1] - s[1] * e1[0]];
  const v = (direction[0] * g[0] + direction[1] * g[1] + direction[2] * g[2]) / det;
  if (v < -1e-9 || u + v > 1 + 1e-9) return Infinity;
  const t = (e2[0] * g[0] + e2[1] * g[1] + e2[2] * g[2]) / det;
  return t >= 0 ? t : Infinity;
}

/** Where a ray first meets the mesh, as [x, y], or null. */
export function pick([near, far], mesh) {
  const direction = [far[0] - near[0], far[1] - near[1], far[2] - near[2]];
  const { lines, count, x, y, z } = mesh;
  const at = (k) => [x[k], y[k], z[k]];
  let first = Infinity;
  for (let line = 0; line + 1 < lines; line++) {
    for (let k = line * count; k < line * count + count - 1; k++) {
      const [a, b, c, d] = [at(k), at(k + 1), at(k + count), at(k + count + 1)];
      first = Math.min(first, meeting(near, direction, a, b, c), meeting(near, direction, b, c, d));
    }
  }
  return first < Infinity ? [near[0] + direction[0] * first, near[1] + direction[1] * first] : null;
}
