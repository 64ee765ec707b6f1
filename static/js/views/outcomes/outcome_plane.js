// Outcome plane: the rectangle of a picture, and its two axes as shares of their length.

import { boxWithin } from "../canvas/geometry.js";

const MARGIN = { left: 52, right: 10, top: 26, bottom: 40 };

export function boxOf(canvas) {
  return boxWithin(canvas, MARGIN);
}

/** Shares of both axes at a pixel, and the pixel at two shares. */
export function shareMapping({ left, top, width, height }) {
  return {
    toShares: (px, py) => [(px - left) / width, 1 - (py - top) / height],
    toPixel: (across, upward) => [left + across * width, top + (1 - upward) * height],
  };
}
