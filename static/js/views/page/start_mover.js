// Start mover: moves the start to a point, or by a share of the window, and keeps it inside the window.

import { startOf } from "../../state/scene/lookup.js";
import { clamp } from "../canvas/geometry.js";

/** Enough digits, at least six, to distinguish points that are 1e-5 of the window's width apart. */
function digitsFor(value, width) {
  return Math.min(Math.max(6, Math.ceil(Math.log10(Math.abs(value) / width || 1)) + 5), 17);
}

/** A point inside a window, rounded to a precision that is invisible on the map: links stay short. */
function roundedPoint(window, point) {
  return clamp(window, point).map((v, k) => Number(v.toPrecision(digitsFor(v, window[2 * k + 1] - window[2 * k]))));
}

export function startMover(store, change) {
  function move(point, done) {
    const start = roundedPoint(store.get().surface.window, point);
    store.set({ dragging: !done });
    change((scene) => ({ ...scene, start }), done);
  }

  function nudge(dx, dy) {
    const { scene, surface } = store.get();
    const [left, right, bottom, top] = surface.window;
    const [x, y] = startOf(scene);
    move([x + dx * (right - left), y + dy * (top - bottom)], true);
  }

  return { move, nudge };
}
