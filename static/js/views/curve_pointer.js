// Pointing into the curves: hover lights a step everywhere, a press scrubs, the threshold's line is dragged.

const NEAR = 14;

/**
 * @param {HTMLCanvasElement} canvas
 * @param {{scale: () => any, threshold: () => number, hover: (step: number | null) => void,
 *   scrub: (step: number) => void, drag: (value: number, done: boolean) => void}} on
 */
export function pointInto(canvas, on) {
  let mode = "";
  let last = 0;

  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const nearThreshold = (py) => on.threshold() > 0 && Math.abs(on.scale().y(on.threshold()) - py) < NEAR;

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    const [px, py] = at(event);
    mode = nearThreshold(py) ? "threshold" : "scrub";
    last = on.threshold();
    canvas.setPointerCapture(event.pointerId);
    if (mode === "scrub") on.scrub(on.scale().step(px));
    event.preventDefault();
  });
  canvas.addEventListener("pointermove", (event) => {
    const [px, py] = at(event);
    if (mode === "threshold") {
      last = on.scale().value(py);
      on.drag(last, false);
    } else if (mode === "scrub") on.scrub(on.scale().step(px));
    else {
      canvas.style.cursor = nearThreshold(py) ? "ns-resize" : "crosshair";
      if (event.pointerType === "mouse") on.hover(on.scale().step(px));
    }
  });
  const end = () => {
    if (mode === "threshold") on.drag(last, true);
    mode = "";
  };
  canvas.addEventListener("pointerup", end);
  canvas.addEventListener("pointercancel", end);
  canvas.addEventListener("pointerleave", () => on.hover(null));
}
