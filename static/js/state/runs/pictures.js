// Pictures: frames of the server as the page keeps them, with what is known about the landscape they show.

import { onServer, sliceSignature, surfaceOf, surfaceSignature, pairSignature } from "../scene/scene.js";

const NOTHING = new Float64Array(0);

/** A surface or a relief with its axes, its minima and the Scene's signature. */
export function pictureOf(catalogue, scene, frame) {
  const { axes, valley } = surfaceOf(catalogue, scene);
  const signature = surfaceSignature(catalogue, scene);
  return { axes, valley, minima: NOTHING, ...frame, landscape: scene.landscape.kind, signature };
}

/** A relief whose mesh is the grid of a net's surface: a point of it is too dear to be computed again elsewhere. */
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

/** Both runs' descent from the server, with the signatures of the landscape and of the run. */
export function pairOf(catalogue, scene, frame) {
  return { ...frame, slice: sliceSignature(scene), signature: pairSignature(catalogue, scene) };
}

/** What a Scene needs and the page does not hold, as kinds of frames; `changed` tells that the surface is another one. */
export function missingPictures(catalogue, { scene, surface, relief }, changed) {
  const signature = surfaceSignature(catalogue, scene);
  if (!changed && surface?.signature === signature && relief?.signature === signature) return [];
  return onServer(catalogue, scene) ? ["slice", "surface"] : ["surface", "relief"];
}
