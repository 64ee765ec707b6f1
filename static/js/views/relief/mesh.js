// Mesh: a frame's surface as the relief draws it, with the range of heights that its axis shows.

import { heightsOf, toHeight } from "../canvas/value_scale.js";
import { boxesOf } from "./ray.js";

const DEPTH = 1.5; // heights of the surface that the axis extends below it, at most, for points under the surface

/** The lowest height that the axis shows: of the surface, or of a point below it. */
function lowestOf({ low, high }, heights) {
  const deepest = low - DEPTH * (high - low);
  return Math.max(
    heights.filter(Number.isFinite).reduce((a, b) => Math.min(a, b), low),
    deepest,
  );
}

/** A frame's mesh on a scale. `losses` are those of points off the plane, for which the axis makes room. */
export function meshOf(frame, scale, losses = []) {
  const surface = heightsOf(frame.loss, scale);
  const { high } = surface;
  const low = lowestOf(
    surface,
    losses.map((loss) => toHeight(loss, scale)),
  );
  // The top of a surface that is cut off must not lie in the clipping plane itself, or it flickers.
  const margin = (high - low) * 0.02;
  const top = high + margin;
  const z = surface.values.map((height) => Math.min(height, top));
  return {
    ...frame,
    // Colours are those of the surface alone, with and without points below it.
    bottom: surface.low,
    brightest: high + (high - surface.low) * 0.04,
    low: low - margin,
    high: top + margin,
    top,
    z,
    boxes: boxesOf({ ...frame, z }),
    scale,
  };
}
