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
  return [
    (m[0] * x + m[4] * y + m[8] * z + m[12]) / w,
    (m[1] * x + m[5] * y + m[9] * z + m[13]) / w,
    (m[2] * x + m[6] * y + m[10] * z + m[14]) / w,
  ];
}

/** Inverse of a column-major 4 x 4 matrix by Gauss-Jordan elimination. */
function inverse(m) {
  const rows = [0, 1, 2, 3].map((r) => [
    ...[0, 1, 2, 3].map((c) => m[c * 4 + r]),
    ...[0, 1, 2, 3].map((c) => Number(c === r)),
  ]);
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
    /** @returns {[number[], number[]]} */
    ray(px, py) {
      const a = ((px - left) / width) * 2 - 1;
      const b = 1 - ((py - top) / height) * 2;
      return [transformed(back, a, b, -1), transformed(back, a, b, 1)];
    },
  };
}
