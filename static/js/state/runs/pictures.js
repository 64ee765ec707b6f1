// Pictures: frames of the server as the page keeps them, with what is known about the landscape they show.

import { signature } from "../scene/dependencies.js";
import { minimaOf } from "../scene/found_minima.js";
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
  return { axes, valley, minima: NOTHING, local_minima: NOTHING, ...frame, ...minimaOf(scene.landscape), ...own };
}

/** A picture with the minima that have been found for its formula, if it is that of the Scene. */
export function withMinima(picture, scene) {
  return picture?.signature === signature("surface", scene) ? { ...picture, ...minimaOf(scene.landscape) } : picture;
}

/**
 * A relief whose mesh is the grid of a network's surface: computing other points would take too long. Like the server's,
 * its places are shares of the window.
 */
export function reliefOf(surface) {
  const { columns, rows } = surface;
  const across = new Float64Array(columns * rows);
  const upward = new Float64Array(columns * rows);
  for (let row = 0, k = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, k++) {
      across[k] = column / (columns - 1);
      upward[k] = row / (rows - 1);
    }
  }
  return { ...surface, kind: "relief", lines: rows, count: columns, across, upward };
}
