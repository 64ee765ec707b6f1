// Outcome pointer: a press or a drag on a picture moves the Scene there; hovering describes the cell.

import { cellAt } from "../../state/runs/outcomes.js";
import { STILL } from "../canvas/handle.js";
import { boxOf, shareMapping } from "./outcome_plane.js";

/** The cell under a pointer. */
function cellUnder(canvas, frame, event) {
  const { left, top } = canvas.getBoundingClientRect();
  return cellAt(frame, ...shareMapping(boxOf(canvas)).toShares(event.clientX - left, event.clientY - top));
}

/**
 * `frame()` is the sweep on the page, if there is one. `describe(cell)` gets the hovered cell or null, and
 * `move(cell, done)` the pressed one; `click()` follows a press without a drag.
 */
export function followPointer(canvas, { frame, describe, move, click }) {
  let pressed = null; // the pixel of the press, null while nothing is pressed
  const report = (event, then) => frame() && then(cellUnder(canvas, frame(), event));
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    pressed = [event.clientX, event.clientY];
    canvas.setPointerCapture(event.pointerId);
    report(event, (cell) => move(cell, false));
  });
  canvas.addEventListener("pointermove", (event) => {
    report(event, describe);
    if (pressed) report(event, (cell) => move(cell, false));
  });
  canvas.addEventListener("pointerup", (event) => {
    if (!pressed) return;
    const still = Math.hypot(event.clientX - pressed[0], event.clientY - pressed[1]) < STILL;
    pressed = null;
    report(event, (cell) => move(cell, true));
    // A press without a drag also plays the run of the cell.
    if (still) click();
  });
  canvas.addEventListener("pointercancel", () => (pressed = null));
  canvas.addEventListener("pointerleave", () => describe(null));
}
