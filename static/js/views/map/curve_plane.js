// Curve plane: the plane in which a loss of one parameter is drawn, with the parameter to the right and the loss upwards.
// Paths, minima and the start have the height of their loss there, so everything that draws on the map draws on it.

import { isCurve } from "../../state/scene/lookup.js";
import { clamp, mapping } from "../canvas/geometry.js";
import { sharesOf, toHeight } from "../canvas/value_scale.js";
import { lossTicks } from "./loss_ticks.js";

const ROOM = 0.07; // share of the range of losses that is free above and below the curve

/** The heights at the lower and the upper edge. */
function edgesOf({ low, high, flat }) {
  const room = flat ? Math.max(0.5, Math.abs(low)) : ROOM * (high - low);
  return [low - room, high + room];
}

/** The height of the curve at a place, between the points of the surface. */
function heightAt({ window: [left, right], columns }, heights, x) {
  const place = Math.min(Math.max(((x - left) / (right - left)) * (columns - 1), 0), columns - 1);
  const k = Math.min(Math.floor(place), columns - 2);
  // At a point, the other one does not count: it may be a hole.
  if (place === k) return heights[k];
  return place === k + 1 ? heights[k + 1] : heights[k] + (heights[k + 1] - heights[k]) * (place - k);
}

/** Title and ticks of the losses; the ticks' values are heights. */
function ticksOf(seen, [bottom, top]) {
  const share = (height) => (seen.flat ? 0 : (height - seen.low) / (seen.high - seen.low));
  const { title, ticks } = lossTicks(seen, share(bottom), share(top));
  return { title, ticks: ticks.map(({ value, label }) => ({ value: toHeight(value, seen.scale), label })) };
}

function planeOf(surface, scale) {
  const seen = sharesOf(surface.loss, scale);
  const [bottom, top] = edgesOf(seen);
  const [left, right] = surface.window;
  const heights = Float64Array.from(surface.loss, (loss) => toHeight(loss, scale));
  const at = (x) => heightAt(surface, heights, x);
  // A minimum is (x, 0).
  const onCurve = (minima) => Array.from(minima, (x, k) => (k % 2 ? at(minima[k - 1]) : x));
  return {
    window: [left, right, bottom, top],
    axes: surface.axes,
    upward: ticksOf(seen, [bottom, top]),
    heights,
    heightAt: at,
    seen,
    minima: onCurve(surface.minima),
    local_minima: onCurve(surface.local_minima),
  };
}

// One plane per surface and scale: views ask for it in every frame of a drag.
const planes = new WeakMap();

/** The plane of a curve, whose losses are on a "linear" or a "log" scale. */
export function curvePlane(surface, scale) {
  if (planes.get(surface)?.scale !== scale) planes.set(surface, { scale, plane: planeOf(surface, scale) });
  return planes.get(surface).plane;
}

const raised = new WeakMap();

/** A trajectory whose second coordinate is the height of the loss. */
function raise(trajectory, scale) {
  if (raised.get(trajectory)?.scale !== scale) {
    const y = Float64Array.from(trajectory.loss, (loss) => toHeight(loss, scale));
    raised.set(trajectory, { scale, trajectory: { ...trajectory, y } });
  }
  return raised.get(trajectory).trajectory;
}

/**
 * What the map shows, of a surface as of a curve: the window of its picture, its axes, its minima, and the paths of runs.
 * `plane` is that of a curve, null for a surface.
 */
export function pictureIn(surface, runs, scale) {
  const { window, axes, minima, local_minima } = surface;
  if (axes.length > 1) return { window, axes, minima, local_minima, runs, plane: null };
  const plane = curvePlane(surface, scale);
  const onCurve = runs.map((run) => ({ ...run, trajectory: raise(run.trajectory, scale) }));
  return {
    window: plane.window,
    axes: [...axes, plane.upward.title],
    minima: plane.minima,
    local_minima: plane.local_minima,
    runs: onCurve,
    plane,
  };
}

/** The pixel of a point in a box, held at the edge of the window; on a curve, it is on the curve. */
export function pixelOf(surface, scale, point, box) {
  if (!isCurve(surface)) return mapping(surface.window, box).toPixel(...clamp(surface.window, point));
  const { window, heightAt } = curvePlane(surface, scale);
  const [x] = clamp(surface.window, point);
  const height = heightAt(x);
  // In a hole there is no height.
  return mapping(window, box).toPixel(...clamp(window, [x, Number.isNaN(height) ? window[2] : height]));
}

const NEAR = 1e-6; // share of the window's width, over which the height of a tangent is taken as straight

/** Up the picture for one unit to the right, along the tangent of the loss at a row of a run. */
function tangentSlope({ loss, gradient_x: slope }, k, scale, across) {
  const change = slope[k] * NEAR * across;
  return (toHeight(loss[k] + change, scale) - toHeight(loss[k] - change, scale)) / (2 * NEAR * across);
}

/** The direction of the tangent at row `k` of a run in pixels of a box, of length 1; null where the slope is not known. */
export function tangentAt({ window }, scale, trajectory, k, box) {
  const { toPixel } = mapping(window, box);
  const slope = tangentSlope(trajectory, k, scale, window[1] - window[0]);
  const [[x0, y0], [x1, y1]] = [toPixel(0, 0), toPixel(1, slope)];
  const length = Math.hypot(x1 - x0, y1 - y0);
  return Number.isFinite(length) ? [(x1 - x0) / length, (y1 - y0) / length] : null;
}
