// Outcome pointer: a press or a drag on a picture moves the Scene there; hovering describes the cell.

import { STILL } from "../canvas/handle.js";
import { boxOf, shareMapping } from "./outcome_plane.js";

/** The place under a pointer, in shares of both axes: a finer map has other cells at the same place. */
function sharesUnder(canvas, event) {
  const { left, top } = canvas.getBoundingClientRect();
  return shareMapping(boxOf(canvas)).toShares(event.clientX - left, event.clientY - top);
}

/**
 * `shown()` says whether there is a map. `describe(shares)` gets the hovered place or null, and `move(shares, done)` the
 * pressed one; `click()` follows a press without a drag.
 */
export function followPointer(canvas, { shown, describe, move, click }) {
  let pressed = null; // the pixel of the press, null while nothing is pressed
  const report = (event, then) => shown() && then(sharesUnder(canvas, event));
  const place = (event, done) =>
    report(event, (shares) => {
      // A press may be at another cell than the last movement: a finger does not move first, and a page may scroll.
      describe(shares);
      move(shares, done);
    });
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    pressed = [event.clientX, event.clientY];
    canvas.setPointerCapture(event.pointerId);
    place(event, false);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (pressed) place(event, false);
    else report(event, describe);
  });
  canvas.addEventListener("pointerup", (event) => {
    if (!pressed) return;
    const still = Math.hypot(event.clientX - pressed[0], event.clientY - pressed[1]) < STILL;
    pressed = null;
    place(event, true);
    // A press without a drag also plays the run of the cell.
    if (still) click();
  });
  canvas.addEventListener("pointercancel", () => (pressed = null));
  canvas.addEventListener("pointerleave", () => describe(null));
}
