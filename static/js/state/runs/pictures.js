// Pictures: frames of the server as the page keeps them, with what is known about the landscape they show.

import { signature } from "../scene/dependencies.js";
import { surfaceOf } from "../scene/lookup.js";

const NOTHING = new Float64Array(0);

/** A surface or a relief with its axes, its minima, its signature and that of the slice it lies on. */
export function pictureOf(scene, frame) {
  const { axes, valley } = surfaceOf(scene);
  const own = {
    landscape: scene.landscape.kind,
    signature: signature(frame.kind, scene),
    slice: signature("slice", scene),
  };
  return { axes, valley, minima: NOTHING, ...frame, ...own };
}

/** A relief whose mesh is the grid of a network's surface: computing other points would take too long. */
export function reliefOf(surface) {
  const { columns, rows, window } = surface;
  const [left, right, bottom, top] = window;
  const x = new Float64Array(columns * rows);
  const y = new Float64Array(columns * rows);
  for (let row = 0, k = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, k++) {
      x[k] = left + ((right - left) * column) / (columns - 1);
      y[k] = bottom + ((top - bottom) * row) / (rows - 1);
    }
  }
  return { ...surface, kind: "relief", lines: rows, count: columns, x, y };
}
