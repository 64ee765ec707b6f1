// Which landscape a frame on the page belongs to.

import { surfaceOf } from "../state/scene.js";

/** While a new landscape is on its way, the frame on the page is not the Scene's. */
export function entryOfFrame(catalogue, frame) {
  return surfaceOf(catalogue, { landscape: { kind: frame.landscape } });
}
