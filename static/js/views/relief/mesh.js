// Mesh: a frame's surface as the relief draws it, in shares: of the window across and upward, and of the range of
// colours in height. The graphics card has float32 alone, in which a window of width 1e-8 or a loss of 1e200 has no place.

import { sharesOf } from "../canvas/value_scale.js";
import { boxesOf } from "./ray.js";
import { thinnedMesh } from "./thinned_mesh.js";

const DEPTH = 1.5; // heights of the surface that the axis extends below it, at most, for points under the surface
const MARGIN = 0.02; // the top of a surface that is cut off must not lie in the clipping plane itself, or it flickers
const TOP = 1 + MARGIN;

/** The lowest share that the axis shows: of the surface, or of a point below it. */
function lowestOf(shares) {
  return Math.max(
    shares.filter(Number.isFinite).reduce((a, b) => Math.min(a, b), 0),
    -DEPTH,
  );
}

/** Shares of the window as the mesh has them, and back. */
function placesIn([left, right, bottom, top]) {
  return {
    toShares: (x, y) => [(x - left) / (right - left), (y - bottom) / (top - bottom)],
    toPoint: ([across, upward]) => [left + across * (right - left), bottom + upward * (top - bottom)],
  };
}

/** A frame's mesh on a scale. `losses` are those of points off the plane, for which the axis makes room. */
export function meshOf(whole, scale, losses = []) {
  const frame = thinnedMesh(whole, sharesOf(whole.loss, scale).shares);
  const { shares, ...seen } = sharesOf(frame.loss, scale);
  const z = new Float32Array(shares.length);
  // Inf is at the top, NaN is a hole.
  for (let k = 0; k < z.length; k++) z[k] = shares[k] >= TOP ? TOP : shares[k];
  const empty = z.every(Number.isNaN);
  const low = lowestOf(losses.map(seen.share)) - MARGIN;
  return {
    ...frame,
    ...placesIn(frame.window),
    // Without a single point Plotly draws nothing ever after, so an empty mesh is a plane that is not shown.
    z: empty ? z.fill(0) : z,
    empty,
    boxes: boxesOf({ ...frame, z }),
    scale: seen,
    low,
    high: TOP + MARGIN,
    /** The share at which a loss is drawn: what is higher than the surface is drawn at its top. */
    heightOf: (loss) => Math.min(seen.share(loss), TOP),
  };
}
