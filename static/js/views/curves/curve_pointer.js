// Pointing into the curves: hover lights a step everywhere, a press scrubs, the threshold's line is dragged.

const NEAR = 14;

/**
 * A finger that starts on the canvas may scroll the page, so for touch the threshold has a grip of its own.
 * @param {HTMLCanvasElement} canvas
 * @param {HTMLElement} grip
 * @param {{scale: () => any, threshold: () => number, hover: (step: number | null) => void,
 *   scrub: (step: number) => void, drag: (value: number, done: boolean) => void}} on
 */
export function pointInto(canvas, grip, on) {
  let mode = "";
  let last = 0;

  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const nearThreshold = (py) => on.threshold() > 0 && Math.abs(on.scale().y(on.threshold()) - py) < NEAR;

  function begin(event, next) {
    if (event.button !== 0) return;
    mode = next;
    last = on.threshold();
    event.target.setPointerCapture(event.pointerId);
    if (mode === "scrub") on.scrub(on.scale().step(at(event)[0]));
    event.preventDefault();
  }

  function move(event) {
    const [px, py] = at(event);
    if (mode === "threshold") on.drag((last = on.scale().value(py)), false);
    else if (mode === "scrub") on.scrub(on.scale().step(px));
    else if (event.pointerType === "mouse") {
      canvas.style.cursor = nearThreshold(py) ? "ns-resize" : "crosshair";
      on.hover(on.scale().step(px));
    }
  }

  function end() {
    if (mode === "threshold") on.drag(last, true);
    mode = "";
  }

  canvas.addEventListener("pointerdown", (event) => {
    const line = event.pointerType === "mouse" && nearThreshold(at(event)[1]);
    begin(event, line ? "threshold" : "scrub");
  });
  grip.addEventListener("pointerdown", (event) => begin(event, "threshold"));
  for (const element of [canvas, grip]) {
    element.addEventListener("pointermove", move);
    element.addEventListener("pointerup", end);
    element.addEventListener("pointercancel", end);
  }
  canvas.addEventListener("pointerleave", () => on.hover(null));
}
